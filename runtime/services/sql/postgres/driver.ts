/** PostgreSQL over pg. */
import { existsSync } from 'node:fs';
import { connect as openSocket } from 'node:net';
import type { Client, ClientConfig, CustomTypesConfig, QueryArrayResult } from 'pg';
import { certificateText, networkText } from '../../network-text.ts';
import { readPem } from '../pem.ts';
import { textOrBuffer, toBytes, toText } from '../text.ts';
import { type SqlDriver, SqlError, type SqlParameter, type SqlResult, type SqlSession } from '../types.ts';
import { Wire } from '../wire.ts';
import { type PostgresSource, readPostgresDsn } from './dsn.ts';
import { fromText } from './values.ts';

/** A data source that is none shows with the first connection, as in the reference. */
export function postgresDriver(dataSource: string, readOnly: boolean): SqlDriver {
  return {
    begin: readOnly ? 'BEGIN READ ONLY' : 'BEGIN',
    isStateless: true,
    connect: async () => {
      const source = readPostgresDsn(toText(dataSource));
      const session = await connect(source);
      for (const setting of source.settings)
        await session.run('SELECT set_config($1, $2, false)', setting.map(toBytes));
      return session;
    },
  };
}

async function connect(source: PostgresSource): Promise<SqlSession> {
  const { Client } = await import('pg');
  const client = new Client(settingsOf(source));
  let isUsable = true;
  client.on('error', () => {
    isUsable = false;
  });
  try {
    await client.connect();
  } catch (error) {
    void client.end().catch(() => undefined);
    throw failure(error, source);
  }
  const wire = new Wire();
  wire.watch(client.connection.stream);
  return sessionOver(client, source, wire, {
    get isUsable() {
      return isUsable;
    },
    lose: () => {
      isUsable = false;
    },
  });
}

/** Without `connect_timeout`; the reference waits as long as the operating system does. */
const CONNECT_TIMEOUT_MS = 10_000;

function settingsOf({ host, port, user, password, database, connectTimeout, ...source }: PostgresSource): ClientConfig {
  return {
    host,
    port,
    user,
    password,
    database,
    ssl: tlsOf(source, host),
    connectionTimeoutMillis: connectTimeout ?? CONNECT_TIMEOUT_MS,
  };
}

type TlsFiles = Pick<PostgresSource, 'tls' | 'certificate' | 'key' | 'authority'>;

/** `require` with an authority that is there asks for it, as libpq does. */
function tlsOf({ tls, certificate, key, authority }: TlsFiles, host: string): ClientConfig['ssl'] {
  if (tls === 'off' || host.startsWith('/')) return false;
  const trusted = authority !== undefined && (tls !== 'required' || existsSync(authority)) ? authority : undefined;
  const files = Object.entries({ cert: certificate, key, ca: trusted })
    .filter(([, path]) => path !== undefined)
    .map(([name, path]) => [name, readPem(path!)] as const);
  return {
    ...Object.fromEntries(files),
    rejectUnauthorized: tls !== 'required' || trusted !== undefined,
    ...(tls === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  };
}

/** Texts as the server sends them. */
function asText(wire: Wire): CustomTypesConfig {
  return {
    getTypeParser: () => (text: unknown) => {
      wire.addCell();
      return text;
    },
  };
}

interface Usability {
  readonly isUsable: boolean;
  lose(): void;
}

function sessionOver(client: Client, source: PostgresSource, wire: Wire, usability: Usability): SqlSession {
  const types = asText(wire);
  const ask = async (text: string, values?: unknown[]): Promise<SqlResult> => {
    wire.begin();
    try {
      const query = { text, rowMode: 'array' as const, types, ...(values === undefined ? {} : { values }) };
      const answer: QueryArrayResult<(string | null)[]> | QueryArrayResult<(string | null)[]>[] =
        await client.query(query);
      // Of several statements the first one counts.
      return resultOf(Array.isArray(answer) ? answer[0]! : answer);
    } catch (error) {
      // FATAL and worse end the connection.
      if (!hasSeverity(error) || error.severity !== 'ERROR') usability.lose();
      throw failure(error, source);
    }
  };
  return {
    get isUsable() {
      return usability.isUsable;
    },
    run: (sql, parameters) => (parameters.length === 0 ? ask(toText(sql)) : ask(toText(sql), parameters.map(toDriver))),
    prepare: (sql) => prepare(ask, toText(sql)),
    close: () => {
      usability.lose();
      void client.end().catch(() => undefined);
    },
    abandon: () => {
      usability.lose();
      wire.breakOff('interrupted');
      stopStatement(client, source);
    },
  };
}

/** Code of a message that is no version of the protocol: CancelRequest. */
const CANCEL = 80_877_102;

/** The server would go on with it: it only notices that the connection has ended when it has something to say. */
function stopStatement(client: Client, { host, port }: PostgresSource): void {
  const [process, secret]: unknown[] = [Reflect.get(client, 'processID'), Reflect.get(client, 'secretKey')];
  if (typeof process !== 'number' || typeof secret !== 'number') return;
  const message = Buffer.alloc(16);
  for (const [at, value] of [message.length, CANCEL, process, secret].entries()) message.writeInt32BE(value, 4 * at);
  const socket = host.startsWith('/') ? openSocket(`${host}/.s.PGSQL.${port}`) : openSocket(port, host);
  // It may be over, or the server gone.
  socket.on('error', () => undefined).end(message);
}

/** Cannot be prepared by name; an error of theirs shows when they are run. */
const UTILITY =
  /^\s*(?:alter|analyze|begin|call|cluster|commit|copy|create|do|drop|explain|grant|listen|lock|notify|reindex|reset|revoke|rollback|savepoint|set|show|start|truncate|vacuum)\b/i;
const PREPARED = 'nauthilus_checked';

async function prepare(ask: (text: string) => Promise<SqlResult>, sql: string): Promise<number | undefined> {
  if (UTILITY.test(sql)) return undefined;
  await ask(`PREPARE ${PREPARED} AS ${sql}`);
  const { rows } = await ask(
    `SELECT coalesce(array_length(parameter_types, 1), 0) FROM pg_prepared_statements WHERE name = '${PREPARED}'`,
  );
  await ask(`DEALLOCATE ${PREPARED}`);
  const count = rows[0]?.[0];
  return typeof count === 'number' ? count : undefined;
}

function toDriver(parameter: SqlParameter): null | string | Buffer {
  if (parameter === null) return null;
  if (typeof parameter === 'string') return textOrBuffer(parameter);
  if (typeof parameter === 'number' && Number.isInteger(parameter)) return BigInt(parameter).toString();
  return String(parameter);
}

function resultOf({ fields, rows, rowCount, command }: QueryArrayResult<(string | null)[]>): SqlResult {
  const types = fields.map(({ dataTypeID }) => dataTypeID);
  return {
    columns: fields.map(({ name }) => toBytes(name)),
    rows: rows.map((row) => row.map((text, at) => fromText(text, types[at]!))),
    lastInsertId: undefined,
    rowsAffected: command === 'SELECT' ? rows.length : (rowCount ?? 0),
  };
}

function hasSeverity(error: unknown): error is Error & { readonly severity: unknown } {
  return error instanceof Error && 'severity' in error;
}

const WRONG_COUNT = /^bind message supplies (\d+) parameters, but prepared statement "" requires (\d+)$/;

function failure(error: unknown, { host, port }: PostgresSource): SqlError {
  if (error instanceof SqlError) return error;
  if (!(error instanceof Error)) return new SqlError(String(error));
  if (hasSeverity(error)) {
    const [, got, wanted] = WRONG_COUNT.exec(error.message) ?? [];
    const text = wanted === undefined ? error.message : `got ${got} parameters but the statement requires ${wanted}`;
    return new SqlError(toBytes(`pq: ${text}`));
  }
  if (/does not support SSL/i.test(error.message)) return new SqlError('pq: SSL is not enabled on the server');
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  const certificate = certificateText(cause, host);
  if (certificate !== undefined) return new SqlError(certificate);
  return new SqlError(toBytes(networkText(cause, host.startsWith('/') ? host : `${host}:${port}`)));
}
