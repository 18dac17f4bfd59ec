/** What workers say about a reload, put together by the process that has started them. */
import type { CommandContext } from './command.ts';

/** Longest wait for the reports: as long as services that cannot be reached may take. */
const LIMIT_MS = 20_000;

interface Report {
  readonly kind: 'reloaded';
  /** Empty when the worker has taken the configuration over. */
  readonly problems: readonly string[];
}

/** Said by a worker after each reload. */
export function reportReload(problems: readonly string[]): void {
  process.send?.({ kind: 'reloaded', problems } satisfies Report);
}

/** The reports of one reload. */
export class ReloadRound {
  readonly #expected: Set<number>;
  readonly #failures = new Map<string, number>();
  readonly #workers: number;
  readonly #end: () => void;
  readonly #limit: NodeJS.Timeout;
  /** Resolves when all have reported, ended, or taken too long. */
  readonly done: Promise<void>;

  /** `workers`: ids of those that got the signal. */
  constructor(workers: readonly number[]) {
    this.#expected = new Set(workers);
    this.#workers = workers.length;
    let end = (): void => undefined;
    this.done = new Promise((resolve) => {
      end = resolve;
    });
    this.#end = end;
    this.#limit = setTimeout(() => this.#giveUp(), LIMIT_MS);
    if (workers.length === 0) this.#finish();
  }

  /** Takes any message of a worker; only reports count. */
  take(worker: number, message: unknown): void {
    if (!isReport(message) || !this.#expected.delete(worker)) return;
    for (const problem of message.problems) this.#failures.set(problem, (this.#failures.get(problem) ?? 0) + 1);
    if (this.#expected.size === 0) this.#finish();
  }

  /** A worker that has ended says nothing any more; its successor reads the new configuration by itself. */
  drop(worker: number): void {
    if (this.#expected.delete(worker) && this.#expected.size === 0) this.#finish();
  }

  /** Tells people; did all workers take the configuration over? */
  announce({ out, err }: Pick<CommandContext, 'out' | 'err'>): boolean {
    for (const [problem, count] of this.#failures) {
      err(`nauthilus: not reloaded by ${count} of ${this.#workers} workers: ${problem}\n`);
    }
    if (this.#failures.size > 0) return false;
    out(`nauthilus: reloaded by ${this.#workers} workers\n`);
    return true;
  }

  #giveUp(): void {
    const { size } = this.#expected;
    if (size > 0) this.#failures.set('no answer', size);
    this.#finish();
  }

  #finish(): void {
    clearTimeout(this.#limit);
    this.#end();
  }
}

/** Only our own processes are at the other end of the channel. */
function isReport(value: unknown): value is Report {
  const isOurs = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'reloaded';
  return isOurs && 'problems' in value && Array.isArray(value.problems);
}
