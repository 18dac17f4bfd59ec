/** Data sources of Go's SQLite driver: a file name or a `file:` URI, with settings behind a question mark. */
import { SqlError } from '../types.ts';

export interface SqliteSource {
  /** Path of a file; `:memory:` for a database in memory. */
  readonly file: string;
  readonly access: 'create' | 'write' | 'read';
  /** Name of a database in memory that all handles share. */
  readonly sharedMemory: string | undefined;
  /** How a transaction begins. */
  readonly begin: string;
  /** Run when a connection begins. */
  readonly pragmas: readonly string[];
}

const PRAGMAS: Readonly<Record<string, string>> = {
  _auto_vacuum: 'auto_vacuum',
  _vacuum: 'auto_vacuum',
  _foreign_keys: 'foreign_keys',
  _fk: 'foreign_keys',
  _journal: 'journal_mode',
  _journal_mode: 'journal_mode',
  _synchronous: 'synchronous',
  _sync: 'synchronous',
  _recursive_triggers: 'recursive_triggers',
  _rt: 'recursive_triggers',
  _secure_delete: 'secure_delete',
  _query_only: 'query_only',
  _cache_size: 'cache_size',
  _busy_timeout: 'busy_timeout',
  _timeout: 'busy_timeout',
};
const BEGIN: Readonly<Record<string, string>> = {
  deferred: 'BEGIN',
  immediate: 'BEGIN IMMEDIATE',
  exclusive: 'BEGIN EXCLUSIVE',
};
const BUSY_TIMEOUT = 'PRAGMA busy_timeout = 5000';

/** Throws `SqlError`. */
export function readSqliteDsn(dsn: string): SqliteSource {
  const at = dsn.indexOf('?');
  const name = at < 0 ? dsn : dsn.slice(0, at);
  const given = new URLSearchParams(at < 0 ? '' : dsn.slice(at + 1));
  const isUri = name.startsWith('file:');
  const path = isUri ? decodeURIComponent(name.slice('file:'.length)).replace(/^\/\/(?:localhost)?(?=\/)/, '') : name;
  const isMemory = path === '' || path === ':memory:' || (isUri && given.get('mode') === 'memory');
  const begin = BEGIN[given.get('_txlock') ?? 'deferred'];
  if (begin === undefined) throw new SqlError(`Invalid _txlock: ${given.get('_txlock')}`);
  return {
    file: isMemory ? ':memory:' : path,
    access: isUri ? accessOf(given.get('mode')) : 'create',
    sharedMemory: isMemory && isUri && given.get('cache') === 'shared' ? path : undefined,
    begin,
    pragmas: [BUSY_TIMEOUT, ...pragmasOf(given)],
  };
}

function accessOf(mode: string | null): SqliteSource['access'] {
  if (mode === 'ro') return 'read';
  return mode === 'rw' ? 'write' : 'create';
}

function* pragmasOf(given: URLSearchParams): Generator<string> {
  for (const [name, value] of given) {
    const pragma = PRAGMAS[name];
    if (pragma === undefined) continue;
    if (!/^-?\w+$/.test(value)) throw new SqlError(`Invalid ${name}: ${value}`);
    yield `PRAGMA ${pragma} = ${value}`;
  }
}
