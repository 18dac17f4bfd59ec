/** The running server: wires configuration, services, scripts, pipeline and HTTP, and swaps generations. */
import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance } from 'fastify';
import { type Config, scriptSet } from './config/index.ts';
import type { CompiledProgram } from './contract/scripts.ts';
import { createScriptEvaluator } from './embedded-scripts.ts';
import { type Loader, setInternalErrorHook } from './engine/api.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import { AccountQueue } from './pipeline/accounts.ts';
import { channelOf, obeyForgetting } from './pipeline/forget.ts';
import type { Generation } from './pipeline/generation.ts';
import { Lease } from './pipeline/lease.ts';
import { MemoryCache } from './pipeline/memory-cache.ts';
import { PostActionLane } from './pipeline/post-action-lane.ts';
import { ReloadJournal } from './pipeline/reload-journal.ts';
import { keepOpened, restartNeeded } from './reload.ts';
import { environmentsFor } from './script-environments.ts';
import { runInit } from './scripts/classes/hook.ts';
import { createRegistry, type ScriptRegistry } from './scripts/registry.ts';
import { createScriptRuntime, type ScriptRuntime } from './scripts/script-runtime.ts';
import {
  type BackendServer,
  type OpenedServices,
  openServices,
  type Services,
  type SiblingMetrics,
  UnusableServices,
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
  readonly services?: OpenedServices;
  /** The configuration whose sockets the instance listens on, when that is an older one; `config` without it. */
  readonly started?: Config;
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
  /** The services of the current generation. */
  readonly services: Services;
  /**
   * Takes over new scripts (and configuration) between two requests; running ones keep what they started with, and services
   * with other settings are closed when the last of them has ended. Rejects, and changes nothing, when a script is missing,
   * a certificate is not usable, or Redis or a directory with new settings cannot be reached. The sockets that listen keep
   * their settings until a restart (reload.ts); a warning says so when they differ. One after the other.
   */
  swap(next: NextGeneration): Promise<void>;
  /** Notes a reload that failed before there was anything to swap. `problems`: the reasons, without secrets. */
  refuse(problems: readonly string[]): void;
}

export interface NextGeneration {
  readonly program: CompiledProgram;
  /** The same object as before, or none: only the scripts are new. */
  readonly config?: Config;
}

/** Opens services and prepares everything up to listening. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const opened = options.services === undefined ? await open(options) : undefined;
  const services = options.services ?? opened!;
  try {
    return new RunningServer(options, services);
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
  readonly #services: OpenedServices;
  readonly #ownsServices: boolean;
  readonly #isWorker: boolean;
  #generation: Generation;
  /** The configuration under which the sockets were opened. */
  readonly #started: Config;
  /** The newest one as it was handed in, with all that takes a restart. */
  #given: Config;
  #stopObeying: () => void;
  /** Reloads, one after the other. */
  #reloading: Promise<unknown> = Promise.resolve();
  /** Generations that are no longer current, until nobody uses them. */
  #retiring: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions, services: OpenedServices) {
    const { program, loader, siblings, services: given, started = options.config } = options;
    const config = keepOpened(options.config, started);
    this.#loader = loader;
    this.#services = services;
    this.#ownsServices = given === undefined;
    this.#isWorker = siblings !== undefined;
    this.#started = started;
    this.#given = options.config;
    this.#generation = {
      id: 1,
      config,
      scripts: this.#makeScripts(config, program, createRegistry(program, scriptSet(config)), services),
      services,
      memory: new MemoryCache(services.clock),
      lease: new Lease(),
      accounts: new AccountQueue(services),
      postActions: new PostActionLane(services, config.environment.max_action_workers),
      reloads: new ReloadJournal(services, restartNeeded(started, options.config, this.#isWorker)),
    };
    this.#stopObeying = this.#obey(this.#generation);
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
    return `${this.#started.server.tls.enabled ? 'https' : 'http'}://${this.address}`;
  }

  get services(): Services {
    return this.#generation.services;
  }

  async listen(): Promise<void> {
    const generation = this.#generation;
    const { config, scripts, lease } = generation;
    const checked = this.#monitor(config);
    lease.hold();
    await runInit(scripts);
    lease.release();
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
    await this.#reloading;
    await this.#http.close();
    await this.postActionsDone();
    this.#generation.accounts.write();
    await this.#retiring;
    if (this.#ownsServices) await this.#services.close();
  }

  swap(next: NextGeneration): Promise<void> {
    const swapped = this.#reloading.then(() => this.#swap(next));
    this.#reloading = swapped.catch(() => undefined);
    return swapped;
  }

  refuse(problems: readonly string[]): void {
    this.#generation.reloads.failed(problems);
    for (const error of problems) this.#services.log.error({ msg: 'Reloading configuration file failed', error });
  }

  async #swap(next: NextGeneration): Promise<void> {
    try {
      if (this.#closing !== undefined) throw new Error('the server is ending');
      await this.#change(next);
    } catch (error) {
      this.refuse(error instanceof UnusableServices ? error.problems : [messageOf(error)]);
      throw error;
    }
  }

  async #change({ program, config: given = this.#given }: NextGeneration): Promise<void> {
    const current = this.#generation;
    const isConfigured = given !== this.#given;
    const config = isConfigured ? keepOpened(given, this.#started) : current.config;
    const registry = createRegistry(program, scriptSet(config));
    const listenAnew = isConfigured ? this.#http.listener.prepare(config) : undefined;
    const renewal = isConfigured ? await this.#services.renew(config) : undefined;
    // Everything has been opened and compiled: from here on nothing can fail and nothing waits.
    const services = renewal?.services ?? current.services;
    this.#generation = {
      ...current,
      id: current.id + 1,
      config,
      scripts: this.#makeScripts(config, program, registry, services),
      services,
      // What the old scripts answered is forgotten with them.
      memory: new MemoryCache(services.clock),
      lease: new Lease(),
      accounts: services.redis === current.services.redis ? current.accounts : new AccountQueue(services),
    };
    listenAnew?.();
    current.postActions.workers = config.environment.max_action_workers;
    this.#given = given;
    this.#obeyAnew(current);
    this.#retire(current, renewal?.takeOver());
    if (!isDeepStrictEqual(monitored(current.config), monitored(config))) void this.#monitor(config);
    const waiting = restartNeeded(this.#started, given, this.#isWorker);
    current.reloads.succeeded(this.#generation.id, waiting);
    if (isConfigured) this.#announceReload(renewal?.renewed ?? [], waiting);
  }

  /** Closes what the generation alone has used, once nobody works with it or an older one. */
  #retire({ lease, accounts }: Generation, closeReplaced: (() => Promise<void>) | undefined): void {
    this.#retiring = Promise.all([this.#retiring, lease.free()]).then(async () => {
      if (closeReplaced === undefined) return;
      accounts.write();
      await closeReplaced();
    });
  }

  #obey({ config, services }: Generation): () => void {
    return obeyForgetting(config, services, () => this.#generation.memory);
  }

  /** Listens where the instances with the new configuration speak. */
  #obeyAnew({ config, services }: Generation): void {
    const isSame = services.redis === this.services.redis && channelOf(config) === channelOf(this.#generation.config);
    if (isSame) return;
    this.#stopObeying();
    this.#stopObeying = this.#obey(this.#generation);
  }

  #monitor(config: Config): Promise<void> {
    const { log, backendServers } = this.#services;
    const { features } = config.server;
    if (!features.includes('backend_server_monitoring')) log.info({ msg: 'Monitoring feature is not enabled' });
    else if (monitored(config).length === 0) log.error({ msg: 'Monitoring backend servers are not configured' });
    return backendServers.watch(monitored(config));
  }

  #announceReload(renewed: readonly string[], waiting: readonly string[]): void {
    const { log, metrics, clock } = this.#services;
    metrics.set('last_reload_timestamp', {}, Math.floor(clock.now()));
    for (const name of waiting) log.warn({ msg: `${name} has changed: the new value needs a restart` });
    const generation = this.#generation.id;
    log.info({ msg: 'Reloading configuration file finished', generation, renewed: renewed.join(' ') });
  }

  #makeScripts(config: Config, program: CompiledProgram, registry: ScriptRegistry, services: Services): ScriptRuntime {
    const { json, level } = config.server.log;
    return createScriptRuntime({
      registry,
      settings: {
        logFormat: json ? 'json' : 'default',
        logLevel: level,
        deadlineMs: config.environment.lua_script_timeout * 1000,
        memoryBytes: SCRIPT_MEMORY,
      },
      services,
      loader: withModules(this.#loader, program),
      makeEnvironment: environmentsFor(registry.packagePath),
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
