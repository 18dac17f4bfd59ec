/**
 * Post actions run after the answer, in a lane of their own: a bounded number at the same time, a bounded queue behind
 * them, so that slow ones never hold up a login or fill the memory.
 */
import type { Services } from '../services/index.ts';
import type { Lease } from './lease.ts';

/** Runs one login's post actions to their end. */
export type PostAction = () => Promise<void> | undefined;

interface Waiting {
  readonly action: PostAction;
  readonly lease: Lease | undefined;
}

/** Logins whose post actions may wait for their turn. */
const MOST_WAITING = 10_000;
/** A full queue is reported at most this often, in milliseconds. */
const REPORT_EVERY = 1000;
/** Post actions that never wait are started at most so many at a time, so that requests get their turn in between. */
const MOST_AT_ONCE = 50;

export class PostActionLane {
  readonly #services: Services;
  readonly #waiting: Waiting[] = [];
  readonly #idle: (() => void)[] = [];
  #head = 0;
  #running = 0;
  #scheduled = false;
  #lastReport = Number.NEGATIVE_INFINITY;
  /** How many run at the same time; a reload may change it. */
  workers: number;

  constructor(services: Services, workers: number) {
    this.#services = services;
    this.workers = workers;
  }

  /**
   * Never waits and never runs the action at once: the answer goes out first. Holds the lease until the action has ended.
   * False: too many are waiting, it is dropped.
   */
  add(action: PostAction, lease?: Lease): boolean {
    if (this.#waiting.length - this.#head >= MOST_WAITING) {
      this.#drop();
      return false;
    }
    lease?.hold();
    this.#waiting.push({ action, lease });
    this.#schedule();
    return true;
  }

  /** Resolves when nothing waits or runs any more. */
  drained(): Promise<void> {
    if (this.#running === 0 && this.#head === this.#waiting.length) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Answers leave at the end of this turn of the event loop.
    setImmediate(() =>
      setImmediate(() => {
        this.#scheduled = false;
        this.#start();
      }),
    );
  }

  #start(): void {
    let started = 0;
    while (started < MOST_AT_ONCE && this.#running < this.workers && this.#head < this.#waiting.length) {
      this.#run(this.#waiting[this.#head++]!);
      started += 1;
    }
    this.#forgetStarted();
    if (started === MOST_AT_ONCE) this.#schedule();
    if (this.#running === 0 && this.#waiting.length === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #run({ action, lease }: Waiting): void {
    const running = this.#started(action);
    if (running === undefined) {
      lease?.release();
      return;
    }
    this.#running += 1;
    const done = (): void => {
      this.#running -= 1;
      lease?.release();
      this.#start();
    };
    running.catch((error: unknown) => this.#report(error)).then(done);
  }

  #started(action: PostAction): Promise<void> | undefined {
    try {
      return action();
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  /** Scripts that fail are no rejection: this is a defect, which must not end the process. */
  #report(error: unknown): void {
    this.#services.log.error({ msg: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  #forgetStarted(): void {
    if (this.#head === this.#waiting.length) {
      this.#waiting.length = 0;
      this.#head = 0;
    } else if (this.#head > 1000) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
  }

  #drop(): void {
    const { log, metrics, clock } = this.#services;
    metrics.count('post_actions_dropped_total', {});
    const now = clock.monotonic();
    if (now - this.#lastReport < REPORT_EVERY) return;
    this.#lastReport = now;
    log.error({ msg: 'Too many post actions are waiting: some are dropped' });
  }
}
