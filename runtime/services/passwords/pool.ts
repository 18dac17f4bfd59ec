/**
 * A few worker threads for expensive comparisons, started when first needed, and a bounded queue in front of them. One worker
 * is never given a heavy comparison: the others do not wait for seconds behind a handful of those.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Lane, laneOf } from './lane.ts';
import type { Reply, Request } from './messages.ts';
import type { PasswordOutcome } from './outcome.ts';
import { unusable } from './schemes/scheme.ts';
import { workerSource } from './worker-source.ts';

export interface Pool {
  /** Never rejects; a full queue, a dying worker and closing make the outcome `unusable`. */
  run(stored: string, plain: string): Promise<PasswordOutcome>;
  close(): Promise<void>;
}

export interface PoolLimits {
  /** Heavy comparisons that run at the same time; there is one worker more. */
  readonly heavy: number;
  /** Heavy comparisons that may wait, and others; more are refused at once rather than answered too late. */
  readonly waiting: number;
}

/** One core stays for the event loop; memory of Argon2 speaks against many. */
export const DEFAULT_LIMITS: PoolLimits = {
  heavy: Math.max(1, Math.min(4, availableParallelism() - 1)),
  waiting: 512,
};

interface Job {
  readonly stored: string;
  readonly plain: string;
  readonly lane: Lane;
  readonly finish: (outcome: PasswordOutcome) => void;
}

interface Slot {
  readonly worker: Worker;
  job: Job | undefined;
}

/** `onFailure` hears of workers that die; the text contains nothing of the job. */
export function createPool(limits: PoolLimits, onFailure: (text: string) => void): Pool {
  const slots = new Set<Slot>();
  const queues: Readonly<Record<Lane, Job[]>> = { heavy: [], quick: [] };
  let closed = false;

  const mayRunHeavy = (): boolean => [...slots].filter(({ job }) => job?.lane === 'heavy').length < limits.heavy;
  /** Heavy ones first, up to their limit: the last worker is left for the others anyway. */
  const takeNext = (): Job | undefined => (mayRunHeavy() ? queues.heavy.shift() : undefined) ?? queues.quick.shift();
  const assign = (slot: Slot): void => {
    slot.job = takeNext();
    if (slot.job === undefined) {
      slot.worker.unref();
      return;
    }
    slot.worker.ref();
    const request: Request = { stored: slot.job.stored, plain: slot.job.plain };
    slot.worker.postMessage(request);
  };
  const settle = (slot: Slot, outcome: PasswordOutcome): void => {
    const { job } = slot;
    slot.job = undefined;
    job?.finish(outcome);
  };
  const drop = (slot: Slot, reason: string): void => {
    if (!slots.delete(slot)) return;
    settle(slot, unusable('password check failed'));
    if (closed) return;
    onFailure(reason);
    // Waiting jobs must not wait for a request to come; a worker that cannot start at all fails them one by one.
    if (queues.heavy.length + queues.quick.length > 0) start();
  };
  const start = (): void => {
    const slot: Slot = { worker: startWorker(), job: undefined };
    slots.add(slot);
    slot.worker.on('message', ({ outcome }: Reply) => {
      settle(slot, outcome);
      assign(slot);
    });
    slot.worker.on('error', (error) => drop(slot, `password worker failed: ${error.message}`));
    slot.worker.on('exit', (code) => drop(slot, `password worker ended with code ${code}`));
    assign(slot);
  };
  return {
    run: (stored, plain) => {
      if (closed) return Promise.resolve(unusable('password checks have been shut down'));
      const lane = laneOf(stored);
      if (queues[lane].length >= limits.waiting)
        return Promise.resolve(unusable('too many password checks are waiting'));
      return new Promise((finish) => {
        queues[lane].push({ stored, plain, lane, finish });
        if (lane === 'heavy' && !mayRunHeavy()) return;
        const idle = [...slots].find((slot) => slot.job === undefined);
        if (idle) assign(idle);
        else if (slots.size <= limits.heavy) start();
      });
    },
    close: async () => {
      closed = true;
      for (const job of [...queues.heavy.splice(0), ...queues.quick.splice(0)])
        job.finish(unusable('password checks have been shut down'));
      await Promise.allSettled([...slots].map((slot) => slot.worker.terminate()));
    },
  };
}

function startWorker(): Worker {
  return new Worker(workerSource() ?? sourceLoader(), { eval: true, name: 'passwords' });
}

/** From sources the worker is TypeScript too; workers don't inherit the loader, so it is registered there first. */
function sourceLoader(): string {
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const worker = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  return `import(${loader}).then(({ register }) => { register(); return import(${worker}); });`;
}
