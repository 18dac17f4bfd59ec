/** Data sources of Go's lib/pq: `key=value …`, or a URL; PG* variables of the environment fill in what is missing. */
import { SqlError } from '../types.ts';

export interface PostgresSource {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly tls: 'off' | 'required' | 'verify-ca' | 'verify-full';
  /** Files. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly authority: string | undefined;
  /** Milliseconds; undefined: no limit. */
  readonly connectTimeout: number | undefined;
  /** Set when a connection begins. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** Throws `SqlError`. */
export function readPostgresDsn(dsn: string, env: NodeJS.ProcessEnv = process.env): PostgresSource {
  const given = new Map(/^postgres(?:ql)?:\/\//.test(dsn) ? readUrl(dsn) : readPairs(dsn));
  const take = (name: string, variable?: string): string | undefined => {
    const value = given.get(name) ?? (variable === undefined ? undefined : env[variable]);
    given.delete(name);
    return value === '' ? undefined : value;
  };
  const user = take('user', 'PGUSER') ?? env.USER ?? '';
  const application = take('application_name', 'PGAPPNAME') ?? take('fallback_application_name');
  const seconds = Number(take('connect_timeout', 'PGCONNECT_TIMEOUT') ?? 0);
  const source = {
    host: take('host', 'PGHOST') ?? 'localhost',
    port: Number(take('port', 'PGPORT') ?? 5432),
    user,
    password: take('password', 'PGPASSWORD') ?? '',
    database: take('dbname', 'PGDATABASE') ?? user,
    tls: readMode(take('sslmode', 'PGSSLMODE')),
    certificate: take('sslcert', 'PGSSLCERT'),
    key: take('sslkey', 'PGSSLKEY'),
    authority: take('sslrootcert', 'PGSSLROOTCERT'),
    connectTimeout: seconds > 0 ? seconds * 1000 : undefined,
  };
  given.delete('fallback_application_name');
  return {
    ...source,
    settings: [...given, ...(application === undefined ? [] : [['application_name', application] as const])],
  };
}

function readMode(mode: string | undefined): PostgresSource['tls'] {
  switch (mode) {
    case 'disable':
      return 'off';
    case undefined:
    case 'require':
      return 'required';
    case 'verify-ca':
    case 'verify-full':
      return mode;
    default:
      throw new SqlError(
        `pq: unsupported sslmode "${mode}"; only "require" (default), "verify-full", "verify-ca", and "disable" supported`,
      );
  }
}

function* readUrl(text: string): Generator<readonly [string, string]> {
  if (!URL.canParse(text))
    throw new SqlError(`parse ${JSON.stringify(text.replace(/:[^:@/]*@/, ':***@'))}: invalid URL`);
  const url = new URL(text);
  const parts = { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port, dbname: url.pathname.slice(1) };
  const login = { user: url.username, password: url.password };
  for (const [name, value] of Object.entries({ ...parts, ...login })) {
    if (value !== '') yield [name, decodeURIComponent(value)];
  }
  yield* url.searchParams;
}

const PAIR = /\s*([^\s=]+)\s*(?:(=)\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\']|\\.)*)))?/sy;

function* readPairs(text: string): Generator<readonly [string, string]> {
  PAIR.lastIndex = 0;
  const pair = new RegExp(PAIR);
  while (pair.lastIndex < text.trimEnd().length) {
    const [, name = '', equals, quoted, plain] = pair.exec(text) ?? [];
    if (equals === undefined)
      throw new SqlError(`missing "=" after ${JSON.stringify(name)} in connection info string"`);
    yield [name, (quoted ?? plain ?? '').replace(/\\(.)/gs, '$1')];
  }
}
