/** The running server: wires configuration, services, scripts, pipeline and HTTP, and swaps generations. */
import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { type Config, scriptSet } from './config/index.ts';
import type { CompiledProgram } from './contract/scripts.ts';
import { createScriptEvaluator } from './embedded-scripts.ts';
import { type Loader, setInternalErrorHook } from './engine/api.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { AccountQueue } from './pipeline/accounts.ts';
import { usesLdap } from './pipeline/backends/ldap.ts';
import { obeyForgetting } from './pipeline/forget.ts';
import type { Generation } from './pipeline/generation.ts';
import { MemoryCache } from './pipeline/memory-cache.ts';
import { PostActionLane } from './pipeline/post-action-lane.ts';
import { keepOpened, restartNeeded } from './reload.ts';
import { environmentsFor } from './script-environments.ts';
import { runInit } from './scripts/classes/hook.ts';
import { createRegistry } from './scripts/registry.ts';
import { createScriptRuntime, type ScriptRuntime } from './scripts/script-runtime.ts';
import {
  type BackendServer,
  type OpenedServices,
  openServices,
  type Services,
  type SiblingMetrics,
} from './services/index.ts';

/** The first logins find out which mail servers are alive, unless one of those takes longer to show that it is not. */
const FIRST_CHECK_MS = 1000;
/** Bytes one script may hold. */
const SCRIPT_MEMORY = 256 * 1024 * 1024;

export interface ServerOptions {
  readonly config: Config;
  readonly program: CompiledProgram;
  /** Compiles for `load`/`loadstring`; the runtime never imports the compiler. */
  readonly loader: Loader;
  /** Given by tests, who also close them; otherwise opened from the configuration and closed with the server. */
  readonly services?: Services;
  /** Shown in metrics. */
  readonly version?: string;
  /** Given in one of several workers of an instance, whose metrics are one page. */
  readonly siblings?: SiblingMetrics;
}

export interface Server {
  /** Runs the init script, then listens on `server.address`; rejects when the address cannot be bound. */
  listen(): Promise<void>;
  /** `host:port` it listens on, with the real port when 0 was configured, or `unix:path`; '' before `listen`. */
  readonly address: string;
  /** The address as a URL, for people: `https://…`, or `unix:path`. */
  readonly url: string;
  /** The routes without a socket, for tests: `server.http.inject(…)`. The init script has not run. */
  readonly http: FastifyInstance;
  /** Resolves once no post action waits or runs. */
  postActionsDone(): Promise<void>;
  /** Stops accepting, lets running requests and queued post actions finish, closes the services. */
  close(): Promise<void>;
  /**
   * Takes over new scripts (and configuration) between two requests; running ones keep what they started with.
   * Throws, and changes nothing, when the configuration asks for what this server cannot do or a script is missing.
   * Listener, Redis, log and what else is opened once (reload.ts) keep their settings until a restart; a warning says so
   * when they differ.
   */
  swap(next: { readonly program: CompiledProgram; readonly config?: Config }): void;
}

/** Opens services and prepares everything up to listening. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const opened = options.services === undefined ? await open(options) : undefined;
  const services = options.services ?? opened!;
  try {
    return new RunningServer(options, services, opened);
  } catch (error) {
    await opened?.close();
    throw error;
  }
}

function open({ config, version, loader, siblings }: ServerOptions): Promise<OpenedServices> {
  const evaluate = createScriptEvaluator(loader);
  return openServices(config, {
    evaluate,
    ...(version === undefined ? {} : { version }),
    ...(siblings === undefined ? {} : { siblings }),
  });
}

/** The mail servers to be monitored. */
function monitored({ server, backend_server_monitoring: section }: Config): readonly BackendServer[] {
  return server.features.includes('backend_server_monitoring') ? section.backend_servers : [];
}

class RunningServer implements Server {
  readonly #http: HttpServer;
  readonly #loader: Loader;
  readonly #services: Services;
  readonly #opened: OpenedServices | undefined;
  #generation: Generation;
  /** The configuration under which everything was opened. */
  readonly #started: Config;
  /** The newest one as it was handed in, with all that takes a restart. */
  #given: Config;
  #closing: Promise<void> | undefined;

  constructor({ config, program, loader }: ServerOptions, services: Services, opened: OpenedServices | undefined) {
    this.#loader = loader;
    this.#services = services;
    this.#opened = opened;
    this.#started = config;
    this.#given = config;
    this.#generation = {
      id: 1,
      config,
      scripts: this.#prepareScripts(config, program),
      services,
      memory: new MemoryCache(services.clock),
      postActions: new PostActionLane(services, config.environment.max_action_workers),
      accounts: new AccountQueue(services),
    };
    obeyForgetting(config, services, () => this.#generation.memory);
    this.#http = createHttpServer(config, () => this.#generation);
    setInternalErrorHook((error) => reportInternal(services, error));
  }

  get http(): FastifyInstance {
    return this.#http.app;
  }

  get address(): string {
    return this.#http.listener.address;
  }

  get url(): string {
    if (this.address.startsWith('unix:')) return this.address;
    return `${this.#generation.config.server.tls.enabled ? 'https' : 'http'}://${this.address}`;
  }

  async listen(): Promise<void> {
    const checked = this.#monitor(this.#generation.config);
    await runInit(this.#generation.scripts);
    await Promise.race([checked, this.#services.clock.sleep(FIRST_CHECK_MS)]);
    await this.#http.listener.listen();
    if (!this.address.startsWith('unix:')) this.#services.connections.register(this.address, 'local', 'HTTP server');
    this.#services.log.info({ msg: 'Starting Nauthilus HTTP server', address: this.address });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  postActionsDone(): Promise<void> {
    return this.#generation.postActions.drained();
  }

  async #close(): Promise<void> {
    await this.#http.close();
    await this.postActionsDone();
    this.#generation.accounts.write();
    await this.#opened?.close();
  }

  swap({ program, config: given = this.#given }: { program: CompiledProgram; config?: Config }): void {
    const current = this.#generation;
    const config = given === this.#given ? current.config : keepOpened(given, this.#started);
    if (usesLdap(config) && this.#services.ldap === undefined) {
      throw new Error("the backend 'ldap' is new in the configuration: it needs a restart");
    }
    const scripts = this.#prepareScripts(config, program);
    // What the old scripts answered is forgotten with them.
    const memory = new MemoryCache(this.#services.clock);
    this.#generation = { ...current, id: current.id + 1, config, scripts, memory };
    current.postActions.workers = config.environment.max_action_workers;
    this.#given = given;
    if (config === current.config) return;
    if (!isDeepStrictEqual(monitored(current.config), monitored(config))) void this.#monitor(config);
    this.#announceReload(restartNeeded(this.#started, given));
  }

  #monitor(config: Config): Promise<void> {
    const { log, backendServers } = this.#services;
    const { features } = config.server;
    if (!features.includes('backend_server_monitoring')) log.info({ msg: 'Monitoring feature is not enabled' });
    else if (monitored(config).length === 0) log.error({ msg: 'Monitoring backend servers are not configured' });
    return backendServers.watch(monitored(config));
  }

  #announceReload(unchanged: readonly string[]): void {
    const { log, metrics, clock } = this.#services;
    metrics.set('last_reload_timestamp', {}, Math.floor(clock.now()));
    for (const name of unchanged) log.warn({ msg: `${name} has changed: the new value needs a restart` });
    log.info({ msg: 'Reloading configuration file finished' });
  }

  #prepareScripts(config: Config, program: CompiledProgram): ScriptRuntime {
    const { json, level } = config.server.log;
    const registry = createRegistry(program, scriptSet(config));
    return createScriptRuntime({
      registry,
      settings: {
        logFormat: json ? 'json' : 'default',
        logLevel: level,
        deadlineMs: config.environment.lua_script_timeout * 1000,
        memoryBytes: SCRIPT_MEMORY,
      },
      services: this.#services,
      loader: withModules(this.#loader, program),
      makeEnvironment: environmentsFor(registry.packagePath),
    });
  }
}

/** `require` finds the modules of the program first. */
function withModules(loader: Loader, { modules }: CompiledProgram): Loader {
  return {
    compile: (source, chunkName) => loader.compile(source, chunkName),
    file: (path) => loader.file(path),
    module: (path) => modules.get(path) ?? loader.module(path),
    startThread: loader.startThread,
  };
}

/** A defect of the engine or of a host function; scripts see only "internal error". */
function reportInternal({ log }: Services, error: unknown): void {
  log.error({ msg: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
