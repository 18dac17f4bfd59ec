/** Threads that scripts start. They outlive the script, but not the services. */
import type { Worker } from 'node:worker_threads';
import type { Log } from './log.ts';

export interface ScriptThread {
  readonly isRunning: boolean;
  /** Why it ended, undefined when it came to its end; never rejects. Byte string. */
  readonly finished: Promise<string | undefined>;
  /** Ends it at once. */
  stop(): void;
}

export interface ScriptThreads {
  /** Takes care of a thread. It says how its script ended with one message, a `ThreadEnd`. Throws `TooManyThreads`. */
  run(start: () => Worker): ScriptThread;
  close(): Promise<void>;
}

/** The one message of a thread. */
export interface ThreadEnd {
  /** Message and traceback; undefined when all went well. */
  readonly failure: string | undefined;
}

export class TooManyThreads extends Error {}

/** Each has an engine of its own, about 70 MB. */
const MOST_THREADS = 16;

/** What a stopped script ends with in the reference. */
const STOPPED = 'context canceled';

export function createThreads(base: { log: Log }): ScriptThreads {
  const log = base.log.named('threads');
  const running = new Set<Worker>();
  return {
    run: (start) => {
      if (running.size >= MOST_THREADS) throw new TooManyThreads(`${MOST_THREADS} scripts are running already`);
      const worker = start();
      let isRunning = true;
      let isStopped = false;
      const stop = (): void => {
        isStopped = true;
        void worker.terminate();
      };
      running.add(worker);
      const finished = new Promise<string | undefined>((resolve) => {
        const settle = (failure: string | undefined): void => {
          if (!isRunning) return;
          isRunning = false;
          running.delete(worker);
          resolve(failure);
          void worker.terminate();
        };
        worker.once('message', ({ failure }: ThreadEnd) => settle(failure));
        worker.once('error', (error) => {
          if (isOutOfMemory(error)) return settle('not enough memory');
          log.error({ msg: `a thread failed: ${error.message}` });
          settle('internal error');
        });
        worker.once('exit', () => settle(isStopped ? STOPPED : 'the script ended its thread'));
      });
      return {
        finished,
        stop,
        get isRunning() {
          return isRunning;
        },
      };
    },
    close: async () => {
      await Promise.allSettled([...running].map((worker) => worker.terminate()));
    },
  };
}

function isOutOfMemory(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
