/**
 * `server.workers`: the primary process starts that many others, which share its listening sockets, replaces those that die
 * and passes signals on. After a reload there are as many as the new configuration says. It serves nothing itself.
 */
import cluster, { type Worker } from 'node:cluster';
import type { Config } from '../../runtime/config/index.ts';
import { MetricsRelay, removeStaleSocket } from '../../runtime/index.ts';
import { type CommandContext, EXIT, type ExitCode } from './command.ts';
import { CLOSE_LIMIT_MS, SAME_SIGNAL_MS } from './serve.ts';
import { ReloadRound } from './worker-reports.ts';
import { socketVariables } from './worker-sockets.ts';

/** A worker that dies sooner than this after its start is replaced after a growing pause. */
const HEALTHY_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;
/** A primary that does not answer is about to end itself. */
const FAREWELL_LIMIT_MS = 1000;

/** Says a worker that takes no connections any more, and the primary repeats it. */
const CLOSED = { kind: 'closed' };

export interface WorkerPlan {
  readonly config: Config;
  /** The configuration as it is now; undefined when it is broken, which has been said. */
  readonly readAgain: () => Config | undefined;
  readonly context: CommandContext;
}

/** Runs workers until a signal ends them. `EXIT.failed` when one of the first ones cannot start. */
export async function superviseWorkers(plan: WorkerPlan): Promise<ExitCode> {
  const { config, context } = plan;
  const { unix_socket: socket, workers: count } = config.server;
  if (socket.path !== '') await removeStaleSocket(socket.path);
  const supervisor = new Supervisor(plan);
  const url = await supervisor.start();
  if (url === undefined) return EXIT.failed;
  context.out(`nauthilus: listening on ${url} with ${count} workers\n`);
  return supervisor.untilSignal();
}

/** What a worker says once it listens. */
export function reportListening(url: string): void {
  process.send?.({ kind: 'listening', url });
}

/**
 * For a worker whose server is closed, before it ends: resolves when no connection is on its way to it any more. What the
 * primary had sent before it learned of the closing comes before its answer; Node gives those connections to other workers.
 */
export function awaitLastConnections(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(limit);
      process.off('message', take).off('disconnect', done);
      resolve();
    };
    const take = (message: unknown): void => {
      if (isClosed(message)) done();
    };
    const limit = setTimeout(done, FAREWELL_LIMIT_MS);
    process.on('message', take).on('disconnect', done);
    if (!process.connected || process.send === undefined) done();
    else process.send(CLOSED);
  });
}

class Supervisor {
  readonly #plan: WorkerPlan;
  readonly #context: CommandContext;
  readonly #workers = new Set<Worker>();
  /** Those that serve and know signals. */
  readonly #listening = new Set<Worker>();
  /** Those that were still starting when a reload was asked for: what they have read may be old. */
  readonly #outdated = new Set<Worker>();
  /** Those that end because there shall be fewer. */
  readonly #leaving = new Set<Worker>();
  #count: number;
  #round: ReloadRound | undefined;
  #reloading: Promise<void> = Promise.resolve();
  #quickDeaths = 0;
  #isEnding = false;

  constructor(plan: WorkerPlan) {
    this.#plan = plan;
    this.#context = plan.context;
    this.#count = plan.config.server.workers;
    cluster.setupPrimary({ args: process.argv.slice(2) });
    process.on('SIGHUP', this.#reloadNext);
    const relay = new MetricsRelay(() => [...this.#workers]);
    cluster.on('message', (worker, message: unknown) => {
      relay.take(worker, message);
      if (isClosed(message) && worker.isConnected()) worker.send(CLOSED);
      this.#round?.take(worker.id, message);
    });
  }

  /** The first workers; undefined when one of them ends before it listens. */
  async start(): Promise<string | undefined> {
    const urls = await Promise.all(Array.from({ length: this.#count }, () => this.#startFirst()));
    if (!urls.includes(undefined)) return urls[0];
    await this.#end('SIGKILL');
    return undefined;
  }

  #startFirst(): Promise<string | undefined> {
    const worker = this.#fork();
    return new Promise((resolve) => {
      worker.on('message', (message: unknown) => {
        const url = listeningUrl(message);
        if (url === undefined) return;
        worker.once('exit', (code, signal) => this.#replace(worker, startedAt, code, signal));
        resolve(url);
      });
      const startedAt = performance.now();
      worker.once('exit', () => resolve(undefined));
    });
  }

  #fork(): Worker {
    const worker = cluster.fork(socketVariables(this.#plan.config));
    this.#workers.add(worker);
    worker.on('message', (message: unknown) => {
      if (listeningUrl(message) === undefined) return;
      this.#listening.add(worker);
      if (this.#outdated.delete(worker)) worker.process.kill('SIGHUP');
    });
    worker.once('exit', () => {
      for (const group of [this.#workers, this.#listening, this.#outdated]) group.delete(worker);
      this.#round?.drop(worker.id);
    });
    worker.on('error', (error) => this.#context.err(`nauthilus: worker ${worker.process.pid}: ${error.message}\n`));
    return worker;
  }

  #replace(worker: Worker, startedAt: number, code: number, signal: string): void {
    if (this.#isEnding || this.#leaving.delete(worker)) return;
    const lived = performance.now() - startedAt;
    this.#quickDeaths = lived < HEALTHY_MS ? this.#quickDeaths + 1 : 0;
    const pause = this.#quickDeaths === 0 ? 0 : Math.min(100 * 2 ** this.#quickDeaths, LONGEST_PAUSE_MS);
    const why = signal ? `signal ${signal}` : `code ${code}`;
    this.#context.err(`nauthilus: worker ${worker.process.pid} ended with ${why} and is replaced\n`);
    setTimeout(() => this.#startAnother(), pause);
  }

  #startAnother(): void {
    if (this.#isEnding || this.#staying().length >= this.#count) return;
    const startedAt = performance.now();
    const worker = this.#fork();
    worker.once('exit', (code, signal) => this.#replace(worker, startedAt, code, signal));
  }

  async untilSignal(): Promise<ExitCode> {
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    const asked = performance.now();
    const atOnce = (): void => this.#signal('SIGKILL');
    const again = (): void => {
      if (performance.now() - asked > SAME_SIGNAL_MS) atOnce();
    };
    process.on('SIGINT', again).on('SIGTERM', again);
    // Workers have the same limit and end by themselves; this is for one that no longer answers.
    setTimeout(atOnce, CLOSE_LIMIT_MS + 2000).unref();
    const failures = await this.#end('SIGTERM');
    process.off('SIGHUP', this.#reloadNext).off('SIGINT', again).off('SIGTERM', again);
    return failures ? EXIT.failed : EXIT.ok;
  }

  readonly #reloadNext = (): void => {
    this.#reloading = this.#reloading.then(() => this.#reload());
  };

  /** A broken configuration is for the workers, too: their metrics and log tell of it. */
  async #reload(): Promise<void> {
    const config = this.#plan.readAgain();
    const staying = this.#staying();
    const workers = staying.filter((worker) => this.#listening.has(worker));
    for (const worker of staying) if (!this.#listening.has(worker)) this.#outdated.add(worker);
    this.#round = new ReloadRound(workers.map(({ id }) => id));
    for (const worker of workers) worker.process.kill('SIGHUP');
    await this.#round.done;
    const isDone = this.#round.announce(this.#context);
    this.#round = undefined;
    if (isDone && config !== undefined && !this.#isEnding) this.#adjust(config.server.workers);
  }

  /** Starts and ends workers until there are so many; those that end finish their requests. */
  #adjust(count: number): void {
    this.#count = count;
    const staying = this.#staying();
    for (const worker of staying.slice(count)) {
      this.#leaving.add(worker);
      worker.process.kill('SIGTERM');
    }
    for (let missing = count - staying.length; missing > 0; missing--) this.#startAnother();
  }

  #staying(): readonly Worker[] {
    return [...this.#workers].filter((worker) => !this.#leaving.has(worker));
  }

  /** Ends all workers; did one of them fail? */
  async #end(signal: NodeJS.Signals): Promise<boolean> {
    this.#isEnding = true;
    const ended = [...this.#workers].map(
      (worker) =>
        new Promise<boolean>((resolve) => {
          // One that was still starting knows no signals yet and simply ends.
          worker.once('exit', (code, by: string | null) => resolve(by ? by !== signal : code !== 0));
        }),
    );
    this.#signal(signal);
    return (await Promise.all(ended)).includes(true);
  }

  #signal(signal: NodeJS.Signals): void {
    for (const worker of this.#workers) worker.process.kill(signal);
  }
}

function isClosed(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === CLOSED.kind;
}

function listeningUrl(message: unknown): string | undefined {
  const isOurs = typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'listening';
  return isOurs && 'url' in message ? String(message.url) : undefined;
}
