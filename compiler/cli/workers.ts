/**
 * `server.workers`: the primary process starts that many others, which share its listening sockets, replaces those that die
 * and passes signals on. It serves nothing itself.
 */
import cluster, { type Worker } from 'node:cluster';
import { MetricsRelay, removeStaleSocket } from '../../runtime/index.ts';
import { type CommandContext, EXIT, type ExitCode } from './command.ts';
import { CLOSE_LIMIT_MS, SAME_SIGNAL_MS } from './serve.ts';

/** A worker that dies sooner than this after its start is replaced after a growing pause. */
const HEALTHY_MS = 10_000;
const LONGEST_PAUSE_MS = 30_000;

export interface WorkerPlan {
  readonly count: number;
  /** Path of the Unix socket they will listen on, or ''. */
  readonly socketPath: string;
  readonly context: CommandContext;
}

/** Runs workers until a signal ends them. `EXIT.failed` when one of the first ones cannot start. */
export async function superviseWorkers({ count, socketPath, context }: WorkerPlan): Promise<ExitCode> {
  if (socketPath !== '') await removeStaleSocket(socketPath);
  const supervisor = new Supervisor(count, context);
  const url = await supervisor.start();
  if (url === undefined) return EXIT.failed;
  context.out(`nauthilus: listening on ${url} with ${count} workers\n`);
  return supervisor.untilSignal();
}

/** What a worker says once it listens. */
export function reportListening(url: string): void {
  process.send?.({ kind: 'listening', url });
}

class Supervisor {
  readonly #count: number;
  readonly #context: CommandContext;
  readonly #workers = new Set<Worker>();
  #quickDeaths = 0;
  #isEnding = false;

  constructor(count: number, context: CommandContext) {
    this.#count = count;
    this.#context = context;
    cluster.setupPrimary({ args: process.argv.slice(2) });
    const relay = new MetricsRelay(() => [...this.#workers]);
    cluster.on('message', (worker, message: unknown) => relay.take(worker, message));
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
    const worker = cluster.fork();
    this.#workers.add(worker);
    worker.once('exit', () => this.#workers.delete(worker));
    worker.on('error', (error) => this.#context.err(`nauthilus: worker ${worker.process.pid}: ${error.message}\n`));
    return worker;
  }

  #replace(worker: Worker, startedAt: number, code: number, signal: string): void {
    if (this.#isEnding) return;
    const lived = performance.now() - startedAt;
    this.#quickDeaths = lived < HEALTHY_MS ? this.#quickDeaths + 1 : 0;
    const pause = this.#quickDeaths === 0 ? 0 : Math.min(100 * 2 ** this.#quickDeaths, LONGEST_PAUSE_MS);
    const why = signal ? `signal ${signal}` : `code ${code}`;
    this.#context.err(`nauthilus: worker ${worker.process.pid} ended with ${why} and is replaced\n`);
    setTimeout(() => this.#startAgain(), pause);
  }

  #startAgain(): void {
    if (this.#isEnding) return;
    const startedAt = performance.now();
    const worker = this.#fork();
    worker.once('exit', (code, signal) => this.#replace(worker, startedAt, code, signal));
  }

  async untilSignal(): Promise<ExitCode> {
    const reload = (): void => this.#signal('SIGHUP');
    process.on('SIGHUP', reload);
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
    process.off('SIGHUP', reload).off('SIGINT', again).off('SIGTERM', again);
    return failures ? EXIT.failed : EXIT.ok;
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

function listeningUrl(message: unknown): string | undefined {
  const isOurs = typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'listening';
  return isOurs && 'url' in message ? String(message.url) : undefined;
}
