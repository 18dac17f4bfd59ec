/**
 * node-sqlite3-wasm, with rows as lists: its public functions give objects, in which columns of one name are lost, and
 * which do not say what columns there are when there is no row. So this uses methods that the library has for itself.
 */
import sqlite, { type Statement } from 'node-sqlite3-wasm';
import type { SqliteSource } from './dsn.ts';
import type { SqliteCell, SqliteRows } from './protocol.ts';

/** The library's own methods, checked below to be there. */
interface OpenStatement {
  _bind(values: readonly (boolean | SqliteCell)[]): void;
  _bindValue(value: null, position: number): void;
  _step(): boolean;
  _getColumnNames(): string[];
  _getRow(keys: readonly string[], expand: boolean): Record<string, SqliteCell | bigint | Record<string, unknown>>;
}

const NEEDED = ['_bind', '_bindValue', '_step', '_getColumnNames', '_getRow'];

function opened(statement: Statement): Statement & OpenStatement {
  for (const name of NEEDED) {
    if (!(name in statement)) throw new Error(`node-sqlite3-wasm has no ${name} any more`);
  }
  return statement as Statement & OpenStatement;
}

export class SqliteConnection {
  private readonly database: sqlite.Database;

  /** Throws the library's error. */
  constructor({ file, access, pragmas }: Omit<SqliteSource, 'begin'>) {
    this.database = new sqlite.Database(file, { fileMustExist: access !== 'create', readOnly: access === 'read' });
    for (const pragma of pragmas) this.database.all(pragma);
  }

  /** Of several statements all are run; rows come from the first one. Throws the library's error. */
  run(sql: string, parameters: readonly (boolean | SqliteCell)[]): SqliteRows {
    const statement = opened(this.database.prepare(sql));
    try {
      const columns = statement._getColumnNames();
      if (columns.length === 0 && parameters.length === 0) {
        this.database.exec(sql);
        return { columns, types: [], rows: [], ...this.changes() };
      }
      statement._bind(parameters);
      const rows = [...rowsOf(statement, columns.length)];
      return { columns, types: this.typesOf(statement, columns), rows, ...this.changes() };
    } finally {
      statement.finalize();
    }
  }

  /** The number of parameters. Throws the library's error. */
  prepare(sql: string): number {
    const statement = opened(this.database.prepare(sql));
    try {
      return countParameters(statement);
    } finally {
      statement.finalize();
    }
  }

  close(): void {
    this.database.close();
  }

  private changes(): Pick<SqliteRows, 'lastInsertId' | 'rowsAffected'> {
    const [row] = this.database.all('SELECT last_insert_rowid() AS id, changes() AS count');
    return { lastInsertId: Number(row?.id ?? 0), rowsAffected: Number(row?.count ?? 0) };
  }

  /** By the table that a column comes from, and its name there. */
  private typesOf(statement: OpenStatement, columns: readonly string[]): readonly string[] {
    const known = new Map<string, ReadonlyMap<string, string>>();
    const byTable = tablesOf(statement, columns);
    return columns.map((column, at) => {
      const table = byTable[at];
      if (table === undefined) return '';
      const types = known.get(table) ?? this.tableTypes(table);
      known.set(table, types);
      return types.get(column.toLowerCase()) ?? '';
    });
  }

  private tableTypes(table: string): ReadonlyMap<string, string> {
    const rows = this.database.all('SELECT name, type FROM pragma_table_info(?)', [table]);
    return new Map(rows.map((row) => [String(row.name).toLowerCase(), String(row.type).toLowerCase()]));
  }
}

/** With `expand`, a row is told by tables; after the last row it has the names still. */
function tablesOf(statement: OpenStatement, columns: readonly string[]): readonly (string | undefined)[] {
  const keys = columns.map((_, at) => String(at));
  const tables: (string | undefined)[] = columns.map(() => undefined);
  for (const [table, values] of Object.entries(statement._getRow(keys, true))) {
    if (table === '$' || typeof values !== 'object' || values === null) continue;
    for (const key of Object.keys(values)) tables[Number(key)] = table;
  }
  return tables;
}

/** Bytes of all rows together, roughly: they are held at once, here and in the script. */
const MOST_BYTES = 64 * 1024 * 1024;
const BYTES_PER_ROW = 64;
const BYTES_PER_CELL = 16;

function* rowsOf(statement: OpenStatement, width: number): Generator<readonly SqliteCell[]> {
  const keys = Array.from({ length: width }, (_, at) => String(at));
  let bytes = 0;
  while (statement._step()) {
    const row = statement._getRow(keys, false);
    const cells = keys.map((key) => cellOf(row[key]));
    bytes += BYTES_PER_ROW;
    for (const cell of cells)
      bytes += BYTES_PER_CELL + (cell !== null && typeof cell === 'object' ? cell.length : String(cell).length);
    if (bytes > MOST_BYTES) throw new Error(`the result has more than ${MOST_BYTES} bytes`);
    yield cells;
  }
}

function cellOf(value: unknown): SqliteCell {
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' || typeof value === 'number' || value instanceof Uint8Array ? value : null;
}

/** SQLite refuses to bind what is beyond the last one. */
function countParameters(statement: OpenStatement): number {
  for (let count = 0; ; count++) {
    try {
      statement._bindValue(null, count + 1);
    } catch {
      return count;
    }
  }
}
