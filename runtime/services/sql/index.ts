/** Databases of scripts: MySQL and MariaDB, PostgreSQL, SQLite. Drivers are loaded when the first connection is made. */
import type { Clock } from '../clock.ts';
import { SqlDatabase } from './database.ts';
import { mysqlDriver } from './mysql/driver.ts';
import { readMysqlDsn } from './mysql/dsn.ts';
import { SqlPool } from './pool.ts';
import { postgresDriver } from './postgres/driver.ts';
import { createSqlite, type Sqlite } from './sqlite/driver.ts';
import { readSqliteDsn } from './sqlite/dsn.ts';
import { type SqlDriver, SqlError } from './types.ts';

export type { SqlDatabase, SqlStatement } from './database.ts';
export { SqlError, type SqlParameter, type SqlResult, type SqlValue, type WhenAbandoned } from './types.ts';

export interface SqlOptions {
  /** One pool for all with the same driver and data source; the first one's options count. */
  readonly shared: boolean;
  readonly maxConnections: number;
  /** Transactions are read-only; not with SQLite. */
  readonly readOnly: boolean;
}

export interface SqlService {
  /** Connects with the first use. Throws `SqlError` for an unknown driver, or for a data source that cannot be one. */
  open(driver: string, dataSource: string, options: SqlOptions): SqlDatabase;
  /** Closes all. */
  close(): Promise<void>;
}

export function createSql({ clock }: { readonly clock: Clock }): SqlService {
  const sqlite = createSqlite();
  const shared = new Map<string, SqlDatabase>();
  const pools = new Set<SqlPool>();
  // Pools of handles that no script has any more; a shared one stays for those who come.
  const forgotten = new FinalizationRegistry<SqlPool>((pool) => {
    pools.delete(pool);
    pool.close();
  });
  return {
    open: (name, dataSource, options) => {
      const key = `${name} ${dataSource}`;
      const known = options.shared ? shared.get(key) : undefined;
      if (known !== undefined) return known;
      const driver = driverOf(name, dataSource, options.readOnly, sqlite);
      const pool = new SqlPool(driver, Math.max(1, options.maxConnections), clock);
      pools.add(pool);
      const database = new SqlDatabase(pool, driver, options.shared, () => {
        pools.delete(pool);
        if (shared.get(key) === database) shared.delete(key);
      });
      if (options.shared) shared.set(key, database);
      else forgotten.register(database, pool);
      return database;
    },
    close: async () => {
      for (const pool of pools) pool.close();
      await sqlite.close();
    },
  };
}

function driverOf(name: string, dataSource: string, readOnly: boolean, sqlite: Sqlite): SqlDriver {
  switch (name) {
    case 'mysql':
      return mysqlDriver(readMysqlDsn(dataSource), readOnly);
    case 'postgres':
      return postgresDriver(dataSource, readOnly);
    case 'sqlite3':
      return sqlite.driver(readSqliteDsn(dataSource));
    default:
      throw new SqlError(`unknown driver: ${name}`);
  }
}
