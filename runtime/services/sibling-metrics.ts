/**
 * Metrics of an instance with several worker processes: whoever is asked shows the sum of all. Workers ask over the primary
 * process, which asks every worker and adds up what has arrived in time.
 */
import type { Worker } from 'node:cluster';
import { AggregatorRegistry, type MetricObject } from 'prom-client';

/** What `/metrics` of one worker needs of the others. */
export interface SiblingMetrics {
  /** The page of all workers together. Rejects when the primary does not answer. */
  collect(): Promise<string>;
  /** Tells how this worker gives its own part. */
  answerWith(part: () => Promise<readonly MetricObject[]>): void;
}

/** Longest wait for a worker, and for the primary. */
const PART_LIMIT_MS = 1000;
const PAGE_LIMIT_MS = 2000;

type Message =
  | { readonly kind: 'metrics-page?'; readonly id: number }
  | { readonly kind: 'metrics-page'; readonly id: number; readonly text: string }
  | { readonly kind: 'metrics-part?'; readonly id: number }
  | { readonly kind: 'metrics-part'; readonly id: number; readonly part: readonly MetricObject[] };

const KINDS = ['metrics-page?', 'metrics-page', 'metrics-part?', 'metrics-part'];

/** Only our own processes are at the other end of the channel; other libraries use it too. */
function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.includes(String(value.kind));
}

/** The side of a worker: `process` with a channel to its parent. */
export function askPrimary(channel: Pick<NodeJS.Process, 'send' | 'on'>): SiblingMetrics {
  const waiting = new Map<number, (text: string) => void>();
  let asked = 0;
  let ownPart: () => Promise<readonly MetricObject[]> = async () => [];
  const send = (message: Message): void => void channel.send?.(message);
  channel.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    const { id } = message;
    if (message.kind === 'metrics-page') waiting.get(id)?.(message.text);
    if (message.kind === 'metrics-part?') void ownPart().then((part) => send({ kind: 'metrics-part', id, part }));
  });
  return {
    answerWith: (part) => {
      ownPart = part;
    },
    collect: () =>
      new Promise((resolve, reject) => {
        const id = asked++;
        const limit = setTimeout(() => {
          waiting.delete(id);
          reject(new Error('the primary process gave no metrics'));
        }, PAGE_LIMIT_MS);
        waiting.set(id, (text) => {
          clearTimeout(limit);
          waiting.delete(id);
          resolve(text);
        });
        send({ kind: 'metrics-page?', id });
      }),
  };
}

/** The side of the primary; hand it every message of every worker. `workers` gives those that live. */
export class MetricsRelay {
  readonly #workers: () => readonly Worker[];
  readonly #rounds = new Map<number, (part: readonly MetricObject[]) => void>();
  #started = 0;

  constructor(workers: () => readonly Worker[]) {
    this.#workers = workers;
  }

  take(from: Worker, message: unknown): void {
    if (!isMessage(message)) return;
    const { id } = message;
    if (message.kind === 'metrics-part') this.#rounds.get(id)?.(message.part);
    if (message.kind !== 'metrics-page?') return;
    const answer = (text: string): void => {
      if (from.isConnected()) from.send({ kind: 'metrics-page', id, text } satisfies Message);
    };
    this.#page().then(answer, () => undefined);
  }

  async #page(): Promise<string> {
    return AggregatorRegistry.aggregate([...(await this.#parts())].map((part) => [...part])).metrics();
  }

  #parts(): Promise<readonly (readonly MetricObject[])[]> {
    const asked = this.#workers().filter((worker) => worker.isConnected());
    const round = this.#started++;
    return new Promise((resolve) => {
      const parts: (readonly MetricObject[])[] = [];
      const end = (): void => {
        clearTimeout(limit);
        this.#rounds.delete(round);
        resolve(parts);
      };
      const limit = setTimeout(end, PART_LIMIT_MS);
      this.#rounds.set(round, (part) => {
        parts.push(part);
        if (parts.length === asked.length) end();
      });
      for (const worker of asked) worker.send({ kind: 'metrics-part?', id: round } satisfies Message);
      if (asked.length === 0) end();
    });
  }
}
