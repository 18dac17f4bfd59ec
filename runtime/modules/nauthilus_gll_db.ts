/** SQL databases, as the module `db` of gopher-lua-libs, with bound parameters as an addition. */
import {
  type Argument,
  any,
  argumentError,
  attempt,
  attemptLater,
  chargeMemory,
  defineModule,
  error,
  type HostCall,
  io,
  LuaTable,
  type LuaValue,
  nilAndMessage,
  type Outcome,
  rawGet,
  rawSet,
  rest,
  result,
  type Slot,
  type Steps,
  str,
  sync,
  table,
  tableFromArray,
  tableFromEntries,
  trailing,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import {
  type SqlDatabase,
  SqlError,
  type SqlOptions,
  type SqlParameter,
  type SqlResult,
  type SqlStatement,
  type SqlValue,
  type WhenAbandoned,
} from '../services/index.ts';

const databases = new UserdataKind<SqlDatabase>('db_ud', 'database expected');
const statements = new UserdataKind<SqlStatement>('stmt_ud', 'must be stmt_ud');

const NAMES: Readonly<Record<string, string>> = {
  table: 'lua.LTable, a struct',
  function: 'lua.LFunction, a struct',
  userdata: 'lua.LUserData, a struct',
};

/** A Lua value as a parameter; the text of an error for one that cannot be stored. */
function toParameter(value: LuaValue, at: number): SqlParameter {
  if (value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  const kind = typeof value === 'function' ? 'function' : value instanceof LuaTable ? 'table' : 'userdata';
  throw new SqlError(`sql: converting argument $${at + 1} type: unsupported type ${NAMES[kind]}`);
}

/** Rows with nil for NULL: their length is that of `columns`. */
function tableOfRows({ columns, rows }: SqlResult): LuaTable {
  return tableFromEntries([
    ['columns', tableFromArray([...columns])],
    ['rows', tableFromArray(rows.map(tableOfRow))],
  ]);
}

/** Rough size of a value in a table, for the memory budget. */
const BYTES_PER_VALUE = 32;

function tableOfRow(row: readonly SqlValue[]): LuaTable {
  chargeMemory(
    row.reduce<number>(
      (sum, value) => sum + (typeof value === 'string' ? value.length : 0),
      row.length * BYTES_PER_VALUE,
    ),
  );
  const made = new LuaTable();
  for (const [at, value] of row.entries()) rawSet(made, at + 1, toLua(value));
  return made;
}

function toLua(value: SqlValue): LuaValue {
  if (value === null) return undefined;
  return typeof value === 'object' ? tableFromArray(value.map(toLua)) : value;
}

function tableOfChange({ lastInsertId, rowsAffected }: SqlResult): LuaTable {
  const known = [['last_insert_id', lastInsertId] as const, ['rows_affected', rowsAffected] as const];
  return tableFromEntries(known.filter(([, value]) => value !== undefined));
}

/** The result, or nil and the text of an error. A statement ends with the script that waits for it. */
function* settle<T>(
  call: HostCall,
  work: (whenAbandoned: WhenAbandoned) => Promise<T>,
  show: (outcome: T) => LuaValue,
): Steps<Outcome> {
  const outcome = yield* waitFor(
    attemptLater(
      [SqlError],
      (error) => error,
      () => work((abandon) => call.closeAtEnd(abandon)),
    ),
  );
  return outcome instanceof Error ? [undefined, outcome.message] : show(outcome);
}

/** What a script does not share keeps no connection beyond it. */
function using(call: HostCall, database: SqlDatabase): SqlDatabase {
  call.closeAtEnd(database.rest);
  return database;
}

const sql = str('sql');
const parameters = rest(any('parameters'));
const rows = [result('result', 'table?'), error];

databases.has({
  query: io(
    {
      doc: 'Rows of a statement in a transaction of its own: `columns` and `rows`; `?` or `$1` stand for parameters.',
      args: [databases.self(), sql, parameters],
      returns: rows,
    },
    (call, database, text, given) =>
      settle(call, async (ends) => using(call, database).transact(text, given.map(toParameter), ends), tableOfRows),
  ),
  exec: io(
    {
      doc: 'Run a statement in a transaction of its own: `rows_affected` and, but for PostgreSQL, `last_insert_id`.',
      args: [databases.self(), sql, parameters],
      returns: rows,
    },
    (call, database, text, given) =>
      settle(call, async (ends) => using(call, database).transact(text, given.map(toParameter), ends), tableOfChange),
  ),
  command: io(
    {
      doc: 'Like `query`, but outside of a transaction.',
      args: [databases.self(), sql, parameters],
      returns: rows,
    },
    (call, database, text, given) =>
      settle(call, async (ends) => using(call, database).command(text, given.map(toParameter), ends), tableOfRows),
  ),
  stmt: io(
    {
      doc: 'A prepared statement.',
      args: [databases.self(), sql],
      returns: [result('statement', `${statements.name}?`), error],
    },
    (call, database, text) =>
      settle(
        call,
        (ends) => using(call, database).prepare(text, ends),
        (statement) => statements.make(statement),
      ),
  ),
  close: io(
    { doc: 'Close the handle, for all who share it.', args: [databases.self()], returns: [error] },
    (_call, database) => {
      database.close();
      return [];
    },
  ),
});

statements.has({
  query: io(
    { doc: 'Rows for these parameters.', args: [statements.self(), parameters], returns: rows },
    (call, self, given) => settle(call, async (ends) => self.run(given.map(toParameter), ends), tableOfRows),
  ),
  exec: io(
    { doc: 'Run it with these parameters.', args: [statements.self(), parameters], returns: rows },
    (call, self, given) => settle(call, async (ends) => self.run(given.map(toParameter), ends), tableOfChange),
  ),
  close: io({ doc: 'Close the statement.', args: [statements.self()], returns: [error] }, (_call, self) => {
    self.close();
    return [];
  }),
});

const DEFAULTS: SqlOptions = { shared: false, maxConnections: 1, readOnly: false };

function take(options: LuaTable, key: string, type: 'boolean' | 'number', slot: Slot): LuaValue {
  const value = rawGet(options, key);
  if (value === undefined || typeof value === type) return value;
  return argumentError(slot.index, slot.functionName, `${key} must be ${type === 'boolean' ? 'bool' : type}`);
}

const OPTIONS: Argument<SqlOptions> = {
  ...trailing(table('options')),
  take: (value, slot, count) => {
    const options = trailing(table('options')).take(value, slot, count);
    if (options === undefined) return DEFAULTS;
    const shared = take(options, 'shared', 'boolean', slot);
    const most = take(options, 'max_connections', 'number', slot);
    const readOnly = take(options, 'read_only', 'boolean', slot);
    const maxConnections = typeof most === 'number' ? Math.trunc(most) : DEFAULTS.maxConnections;
    return { shared: shared === true, maxConnections, readOnly: readOnly === true };
  },
};

function open({ services }: HostCall, driver: string, source: string, options: SqlOptions) {
  return attempt([SqlError], nilAndMessage, () => databases.make(services.sql.open(driver, source, options)));
}

export default defineModule({
  name: 'nauthilus_gll_db',
  requires: ['db'],
  classes: 'all',
  doc: 'SQL databases: MySQL and MariaDB (`mysql`), PostgreSQL (`postgres`), SQLite (`sqlite3`).',
  userdata: [databases, statements],
  globals: () => ({ db_ud: databases.metatable(), stmt_ud: statements.metatable() }),
  functions: {
    open: sync(
      {
        doc: 'A database handle; it connects with its first use.',
        args: [str('driver'), str('source'), OPTIONS],
        returns: [result('database', `${databases.name}?`), error],
      },
      open,
    ),
  },
});
