/** A database handle as scripts have it: queries in transactions of their own, commands without, prepared statements. */
import type { SqlPool } from './pool.ts';
import {
  type SqlDriver,
  SqlError,
  type SqlParameter,
  type SqlResult,
  type SqlSession,
  type WhenAbandoned,
} from './types.ts';

export interface SqlStatement {
  /** Rejects with `SqlError`. */
  run(parameters: readonly SqlParameter[], whenAbandoned: WhenAbandoned): Promise<SqlResult>;
  close(): void;
}

export class SqlDatabase {
  private readonly pool: SqlPool;
  private readonly begin: string;
  private readonly isShared: boolean;
  private readonly forget: () => void;

  /** `forget` is called when the handle is closed. */
  constructor(pool: SqlPool, driver: SqlDriver, isShared: boolean, forget: () => void) {
    this.pool = pool;
    this.begin = driver.begin;
    this.isShared = isShared;
    this.forget = forget;
  }

  /** The script that uses it ends: what it has for itself keeps no connection. */
  readonly rest = (): void => {
    if (!this.isShared) this.pool.rest();
  };

  /** In a transaction, which is committed whatever comes of it: a database has undone a statement that failed. */
  transact(sql: string, parameters: readonly SqlParameter[], whenAbandoned: WhenAbandoned): Promise<SqlResult> {
    return this.pool.use(async (session) => {
      await session.run(this.begin, []);
      try {
        return await session.run(sql, parameters);
      } finally {
        await endTransaction(session);
      }
    }, whenAbandoned);
  }

  /** Without a transaction. */
  command(sql: string, parameters: readonly SqlParameter[], whenAbandoned: WhenAbandoned): Promise<SqlResult> {
    return this.pool.use((session) => session.run(sql, parameters), whenAbandoned);
  }

  /** Rejects with `SqlError` when the database does not understand the statement. */
  async prepare(sql: string, whenAbandoned: WhenAbandoned): Promise<SqlStatement> {
    const count = await this.pool.use((session) => session.prepare(sql), whenAbandoned);
    let isClosed = false;
    return {
      run: async (parameters, whenStatementAbandoned) => {
        if (isClosed) throw new SqlError('sql: statement is closed');
        if (count !== undefined && count !== parameters.length) {
          throw new SqlError(`sql: expected ${count} arguments, got ${parameters.length}`);
        }
        return this.command(sql, parameters, whenStatementAbandoned);
      },
      close: () => {
        isClosed = true;
      },
    };
  }

  /** For all holders, if it is shared. */
  close(): void {
    this.forget();
    this.pool.close();
  }
}

async function endTransaction(session: SqlSession): Promise<void> {
  try {
    if (session.isUsable) await session.run('COMMIT', []);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    // A connection that may still be in a transaction is of no use to the next.
    session.close();
  }
}
