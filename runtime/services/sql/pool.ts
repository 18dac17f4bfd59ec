/** The connections of one database handle: opened when needed, at most so many; who comes then waits in a queue. */
import type { Clock } from '../clock.ts';
import { type SqlDriver, SqlError, type SqlSession, type WhenAbandoned } from './types.ts';

/** Connections without work are closed after this time. */
const IDLE_MS = 30_000;

type Waiter = (problem: SqlError | undefined) => void;

export class SqlPool {
  private readonly driver: SqlDriver;
  private readonly clock: Clock;
  private readonly size: number;
  private readonly spare: SqlSession[] = [];
  private readonly waiting: Waiter[] = [];
  private busy = 0;
  private stopIdling: () => void = () => {};
  isClosed = false;

  constructor(driver: SqlDriver, size: number, clock: Clock) {
    this.driver = driver;
    this.size = size;
    this.clock = clock;
  }

  /** Runs `work` with a connection of its own. Rejects with `SqlError`, also when it is abandoned. */
  async use<T>(work: (session: SqlSession) => Promise<T>, whenAbandoned: WhenAbandoned): Promise<T> {
    await this.enter(whenAbandoned);
    try {
      this.stopIdling();
      const session = this.takeSpare() ?? (await this.driver.connect());
      const goOn = whenAbandoned(() => session.abandon());
      try {
        return await work(session);
      } finally {
        goOn();
        if (session.isUsable && !this.isClosed) this.spare.push(session);
        else session.close();
      }
    } finally {
      this.leave();
    }
  }

  /** Connections at work are closed when they are done. */
  close(): void {
    this.isClosed = true;
    this.stopIdling();
    this.closeSpare();
    for (const wake of this.waiting.splice(0)) wake(closedError());
  }

  /** Closes connections without work, if nothing is lost with them. */
  rest(): void {
    if (this.driver.isStateless) this.closeSpare();
  }

  private async enter(whenAbandoned: WhenAbandoned): Promise<void> {
    if (this.isClosed) throw closedError();
    if (this.busy < this.size) {
      this.busy += 1;
      return;
    }
    // The place is handed over: `busy` stays what it is.
    const problem = await this.queue(whenAbandoned);
    if (problem !== undefined) throw problem;
  }

  private queue(whenAbandoned: WhenAbandoned): Promise<SqlError | undefined> {
    return new Promise((resolve) => {
      const wake: Waiter = (problem) => {
        goOn();
        resolve(problem);
      };
      this.waiting.push(wake);
      const goOn = whenAbandoned(() => {
        const at = this.waiting.indexOf(wake);
        if (at >= 0) this.waiting.splice(at, 1);
        resolve(new SqlError('interrupted'));
      });
    });
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next !== undefined) {
      next(undefined);
      return;
    }
    this.busy -= 1;
    if (this.busy === 0 && this.driver.isStateless && !this.isClosed) {
      this.stopIdling = this.clock.after(IDLE_MS, () => this.closeSpare());
    }
  }

  private takeSpare(): SqlSession | undefined {
    for (;;) {
      const last = this.spare.pop();
      if (last === undefined || last.isUsable) return last;
      last.close();
    }
  }

  private closeSpare(): void {
    for (const session of this.spare.splice(0)) session.close();
  }
}

/** database/sql's ErrDBClosed. */
function closedError(): SqlError {
  return new SqlError('sql: database is closed');
}
