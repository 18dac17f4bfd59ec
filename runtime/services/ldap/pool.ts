/** A bounded number of connections, opened when they are needed, handed out one by one, and closed when nobody needs them. */
import type { Clock } from '../clock.ts';
import { LdapSilent, LdapUnreachable } from './errors.ts';

export interface Poolable {
  readonly isUsable: boolean;
  close(): void;
}

export interface PoolOptions<C extends Poolable> {
  readonly open: () => Promise<C>;
  /** Connections at most. */
  readonly size: number;
  /** Connections that stay when they have nothing to do. */
  readonly idle: number;
  /** Milliseconds that a caller waits for a connection when all are busy. */
  readonly waitMs: number;
  readonly clock: Clock;
  /** Told whenever a number changes. */
  readonly report: (open: number, busy: number) => void;
}

export interface Pool<C extends Poolable> {
  /**
   * Runs `work` with a connection of its own. With `isRepeatable` it is run once more, on a fresh connection, when one that
   * had been waiting turns out to be dead. Rejects with LdapUnreachable when there is no connection in time.
   */
  use<T>(work: (connection: C) => Promise<T>, isRepeatable: boolean): Promise<T>;
  close(): void;
}

const HOUSEKEEPING_MS = 30_000;

interface Idle<C> {
  readonly connection: C;
  readonly since: number;
}

interface Waiter {
  readonly resolve: () => void;
  readonly cancel: () => void;
}

export function createPool<C extends Poolable>(options: PoolOptions<C>): Pool<C> {
  const { open, size, idle, waitMs, clock, report } = options;
  const spare: Idle<C>[] = [];
  const waiting: Waiter[] = [];
  let busy = 0;
  let isClosed = false;
  const tell = (): void => report(spare.length + busy, busy);

  const sweep = (): void => {
    const now = clock.monotonic();
    // Those used last are at the end, and stay.
    const surplus = Math.max(0, spare.length - idle);
    const isLeaving = ({ connection, since }: Idle<C>, at: number): boolean =>
      !connection.isUsable || (at < surplus && now - since >= HOUSEKEEPING_MS);
    const leaving = spare.filter(isLeaving);
    spare.splice(0, spare.length, ...spare.filter((each) => !leaving.includes(each)));
    for (const { connection } of leaving) connection.close();
    tell();
  };
  const stopSweeping = clock.every(HOUSEKEEPING_MS, sweep);

  /** Takes one of the places; waits when all are taken. */
  const enter = async (): Promise<void> => {
    if (isClosed) throw new LdapUnreachable('context canceled');
    if (busy < size) {
      busy += 1;
      return;
    }
    // The place is handed over: `busy` stays what it is.
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(waitMs, () => {
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(new LdapUnreachable(`no connection became free within ${waitMs / 1000} s`));
      });
      const waiter = { resolve, cancel };
      waiting.push(waiter);
    });
    if (isClosed) {
      leave();
      throw new LdapUnreachable('context canceled');
    }
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) busy -= 1;
    else {
      next.cancel();
      next.resolve();
    }
    tell();
  };
  /** The one used last; dead ones are dropped. */
  const takeSpare = (): C | undefined => {
    for (;;) {
      const last = spare.pop();
      if (last === undefined || last.connection.isUsable) return last?.connection;
      last.connection.close();
    }
  };
  const giveBack = (connection: C): void => {
    if (connection.isUsable && !isClosed) spare.push({ connection, since: clock.monotonic() });
    else connection.close();
  };
  const run = async <T>(connection: C, work: (connection: C) => Promise<T>): Promise<T> => {
    try {
      return await work(connection);
    } finally {
      giveBack(connection);
    }
  };
  return {
    use: async (work, isRepeatable) => {
      await enter();
      try {
        tell();
        const old = takeSpare();
        if (old === undefined) return await run(await open(), work);
        try {
          return await run(old, work);
        } catch (error) {
          if (!isRepeatable || !isLost(error)) throw error;
          return await run(await open(), work);
        }
      } finally {
        leave();
      }
    },
    close: () => {
      isClosed = true;
      stopSweeping();
      for (const { connection } of spare.splice(0)) connection.close();
      tell();
      for (const { resolve, cancel } of waiting.splice(0)) {
        cancel();
        // They find the pool closed, and give back a place that was never theirs.
        busy += 1;
        resolve();
      }
    },
  };
}

function isLost(error: unknown): boolean {
  return error instanceof LdapUnreachable && !(error instanceof LdapSilent);
}
