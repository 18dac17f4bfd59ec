/** Data source names of Go's MySQL driver: `[user[:password]@][net[(addr)]]/dbname[?param=value&…]`. */
import { SqlError } from '../types.ts';

export interface MysqlSource {
  readonly user: string;
  readonly password: string;
  /** `host:port`, or the path of a Unix socket. */
  readonly address: string;
  readonly isSocket: boolean;
  readonly database: string;
  readonly tls: 'off' | 'verified' | 'unverified' | 'preferred';
  /** Files (PEM), undefined where not given: whom to trust instead of the system's authorities, and what to show the server. */
  readonly authority: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** First of the list. */
  readonly charset: string | undefined;
  readonly clientFoundRows: boolean;
  readonly multiStatements: boolean;
  /** Dates are numbers. */
  readonly parseTime: boolean;
  /** Milliseconds; undefined: no limit. */
  readonly connectTimeout: number | undefined;
  readonly readTimeout: number | undefined;
  /** Set when a connection begins. */
  readonly variables: readonly (readonly [name: string, value: string])[];
}

/** Throws `SqlError`. */
export function readMysqlDsn(dsn: string): MysqlSource {
  const slash = dsn.lastIndexOf('/');
  if (slash < 0) throw new SqlError('invalid DSN: missing the slash separating the database name');
  const before = dsn.slice(0, slash);
  const at = before.lastIndexOf('@');
  const [user, password] = splitAt(at < 0 ? '' : before.slice(0, at), ':');
  const [database, query] = splitAt(dsn.slice(slash + 1), '?');
  return {
    user,
    password,
    ...readAddress(before.slice(at + 1)),
    database: unescapeUrl(database),
    ...readParameters(query),
  };
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

function unescapeUrl(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SqlError(`invalid URL escape ${JSON.stringify(/%.{0,2}/.exec(text)?.[0] ?? text)}`);
  }
}

function readAddress(text: string): Pick<MysqlSource, 'address' | 'isSocket'> {
  const open = text.indexOf('(');
  if (open >= 0 && !text.endsWith(')')) {
    throw new SqlError(
      text.includes(')')
        ? 'invalid DSN: did you forget to escape a param value?'
        : 'invalid DSN: network address not terminated (missing closing brace)',
    );
  }
  const net = (open < 0 ? text : text.slice(0, open)) || 'tcp';
  const address = open < 0 ? '' : text.slice(open + 1, -1);
  if (net === 'unix') return { address: address || '/tmp/mysql.sock', isSocket: true };
  if (net !== 'tcp') throw new SqlError(`default addr for network '${net}' unknown`);
  return { address: withPort(address || '127.0.0.1'), isSocket: false };
}

function withPort(address: string): string {
  return /:\d+$/.test(address) && !/^[^[]*:[^\]]*:\d+$/.test(address) ? address : `${address}:3306`;
}

/** Understood by the reference's driver, and without a meaning here. */
const IGNORED = new Set(
  ['allowAllFiles', 'allowCleartextPasswords', 'allowFallbackToPlaintext', 'allowNativePasswords', 'allowOldPasswords']
    .concat(['checkConnLiveness', 'collation', 'columnsWithAlias', 'connectionAttributes', 'interpolateParams', 'loc'])
    .concat(['maxAllowedPacket', 'rejectReadOnly', 'serverPubKey', 'timeTruncate', 'writeTimeout']),
);
const FLAGS = new Set(['clientFoundRows', 'multiStatements', 'parseTime', 'allowNativePasswords', 'interpolateParams']);

function readParameters(query: string): Omit<MysqlSource, 'user' | 'password' | 'address' | 'isSocket' | 'database'> {
  const given = new Map<string, string>();
  for (const pair of query.split('&').filter((each) => each.includes('='))) {
    const [name, value] = splitAt(pair, '=');
    given.set(name, unescapeUrl(value.replaceAll('+', ' ')));
  }
  const take = (name: string): string | undefined => {
    const value = given.get(name);
    given.delete(name);
    return value;
  };
  for (const name of FLAGS) readFlag(given.get(name));
  for (const name of IGNORED) given.delete(name);
  return {
    clientFoundRows: readFlag(take('clientFoundRows')),
    multiStatements: readFlag(take('multiStatements')),
    parseTime: readFlag(take('parseTime')),
    ...readTlsFiles(take),
    tls: readTls(take('tls')),
    charset: take('charset')?.split(',')[0],
    connectTimeout: readTimeout(take('timeout')),
    readTimeout: readTimeout(take('readTimeout')),
    variables: [...given],
  };
}

function readFlag(value: string | undefined): boolean {
  if (value === undefined || ['0', 'false', 'FALSE', 'False'].includes(value)) return false;
  if (['1', 'true', 'TRUE', 'True'].includes(value)) return true;
  throw new SqlError(`invalid bool value: ${value}`);
}

function readTls(value: string | undefined): MysqlSource['tls'] {
  const lower = value?.toLowerCase() ?? 'false';
  if (['false', '0'].includes(lower)) return 'off';
  if (['true', '1'].includes(lower)) return 'verified';
  if (lower === 'skip-verify') return 'unverified';
  if (lower === 'preferred') return 'preferred';
  throw new SqlError(`invalid value / unknown config name: ${value}`);
}

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The reference's driver takes such from the program that it is part of: these parameters are an addition. */
function readTlsFiles(take: (name: string) => string | undefined) {
  return { authority: take('tlsCa'), certificate: take('tlsCert'), key: take('tlsKey') };
}

/** A duration as Go writes it. */
function readTimeout(value: string | undefined): number | undefined {
  if (value === undefined || value === '0') return undefined;
  if (!/^(?:\d+(?:\.\d*)?(?:ns|us|ms|s|m|h))+$/.test(value)) {
    throw new SqlError(`time: invalid duration ${JSON.stringify(value)}`);
  }
  const parts = value.matchAll(/(\d+(?:\.\d*)?)(ns|us|ms|s|m|h)/g);
  return [...parts].reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit!] ?? 0), 0);
}
