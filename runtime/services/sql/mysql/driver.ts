/** MySQL and MariaDB over mysql2. */
import { isIP, connect as openSocket, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Connection, ConnectionOptions, FieldPacket, ResultSetHeader, SslOptions } from 'mysql2/promise';
import { certificateText, networkText } from '../../network-text.ts';
import { readPem } from '../pem.ts';
import { textOrBuffer, toBytes, toText, unixTime } from '../text.ts';
import {
  type SqlDriver,
  SqlError,
  type SqlParameter,
  type SqlResult,
  type SqlSession,
  type SqlValue,
} from '../types.ts';
import { Wire } from '../wire.ts';
import type { MysqlSource } from './dsn.ts';

export function mysqlDriver(source: MysqlSource, readOnly: boolean): SqlDriver {
  return {
    begin: readOnly ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION',
    isStateless: true,
    connect: async () => {
      const session = await connect(source);
      for (const [name, value] of source.variables) await session.run(toBytes(`SET ${name}=${value}`), []);
      return session;
    },
  };
}

async function connect(source: MysqlSource): Promise<SqlSession> {
  try {
    return await connectWith(source, source.tls !== 'off');
  } catch (error) {
    const hasNoTls = error instanceof Error && /does not support secure connection/i.test(error.message);
    if (source.tls !== 'preferred' || !hasNoTls) throw failure(error, source);
  }
  return connectWith(source, false).catch((error: unknown) => {
    throw failure(error, source);
  });
}

async function connectWith(source: MysqlSource, isSecure: boolean): Promise<SqlSession> {
  const { createConnection } = await import('mysql2/promise');
  const wire = new Wire();
  const connection = await createConnection(settingsOf(source, isSecure, wire));
  wire.watch(streamOf(connection));
  return sessionOver(connection, source, wire);
}

/** With TLS that is not the socket; the library's types do not tell. */
function streamOf(connection: Connection): Duplex {
  const inner: unknown = Reflect.get(connection, 'connection');
  const stream: unknown = typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'stream') : undefined;
  if (!(stream instanceof Duplex)) throw new Error('mysql2 has no stream any more');
  return stream;
}

/** Numbers stay numbers, everything else comes as text or bytes. */
function settingsOf(source: MysqlSource, isSecure: boolean, wire: Wire): ConnectionOptions {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(source.address) ?? [];
  return {
    // The library knows it by this name, whose certificate it asks for.
    host,
    stream: () => (source.isSocket ? openSocket(source.address) : openTcp(host, Number(port))),
    user: source.user,
    password: source.password,
    ...(source.database === '' ? {} : { database: source.database }),
    ...(isSecure ? { ssl: tlsOf(source) } : {}),
    ...(source.connectTimeout === undefined ? {} : { connectTimeout: source.connectTimeout }),
    charset: source.charset ?? 'utf8mb4',
    multipleStatements: source.multiStatements,
    flags: source.clientFoundRows ? [] : ['-FOUND_ROWS'],
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
    typeCast: (_field, next) => {
      wire.addCell();
      return next();
    },
  };
}

function openTcp(host: string, port: number): Socket {
  const socket = openSocket({ host, port, noDelay: true, keepAlive: true });
  // The library gives no name for an address, and without one Node takes that of the socket, which names alone set.
  if (isIP(host) !== 0) Reflect.set(socket, '_host', host);
  return socket;
}

function tlsOf({ tls, authority, certificate, key }: MysqlSource): SslOptions {
  const isVerified = tls === 'verified';
  return {
    rejectUnauthorized: isVerified,
    verifyIdentity: isVerified,
    ...(authority === undefined ? {} : { ca: readPem(authority) }),
    ...(certificate === undefined ? {} : { cert: readPem(certificate) }),
    ...(key === undefined ? {} : { key: readPem(key) }),
  };
}

function sessionOver(connection: Connection, source: MysqlSource, wire: Wire): SqlSession {
  let isUsable = true;
  connection.on('error', () => {
    isUsable = false;
  });
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    wire.begin();
    try {
      return await work();
    } catch (error) {
      if (!hasNumber(error)) isUsable = false;
      throw failure(error, source);
    }
  };
  const timeout = source.readTimeout === undefined ? {} : { timeout: source.readTimeout };
  return {
    get isUsable() {
      return isUsable;
    },
    run: (sql, parameters) =>
      guarded(async () => {
        const [answer, fields] =
          parameters.length === 0
            ? await connection.query({ sql: toText(sql), ...timeout })
            : await connection.execute({ sql: toText(sql), values: parameters.map(toDriver), ...timeout });
        return resultOf(answer, fields, source.parseTime);
      }),
    prepare: (sql) =>
      guarded(async () => {
        const prepared = await connection.prepare(toText(sql));
        const inner: unknown = Reflect.get(prepared, 'statement');
        const described: unknown =
          typeof inner === 'object' && inner !== null ? Reflect.get(inner, 'parameters') : undefined;
        return Array.isArray(described) ? described.length : undefined;
      }),
    close: () => {
      isUsable = false;
      connection.destroy();
    },
    abandon: () => {
      isUsable = false;
      wire.breakOff('interrupted');
      void stopStatement(source, connection.threadId);
    },
  };
}

/** The server would go on with it: it only notices that the connection has ended when it has something to say. */
async function stopStatement(source: MysqlSource, thread: number): Promise<void> {
  try {
    const session = await connect(source);
    await session.run(`KILL QUERY ${thread}`, []).finally(() => session.close());
  } catch (error) {
    // It may be over, or the server gone.
    if (!(error instanceof SqlError)) throw error;
  }
}

function toDriver(parameter: SqlParameter): null | boolean | number | string | Buffer {
  return typeof parameter === 'string' ? textOrBuffer(parameter) : parameter;
}

function resultOf(answer: unknown, fields: unknown, parseTime: boolean): SqlResult {
  // Of several statements the first one counts: their results are lists of answers and of columns.
  const isSeveral = Array.isArray(fields) && fields.length > 0 && (Array.isArray(fields[0]) || fields[0] === undefined);
  if (isSeveral && Array.isArray(answer)) return resultOf(answer[0], fields[0], parseTime);
  if (!Array.isArray(answer)) {
    const { insertId, affectedRows } = answer as ResultSetHeader;
    return { columns: [], rows: [], lastInsertId: insertId, rowsAffected: affectedRows };
  }
  const columns = fields as readonly FieldPacket[];
  const rows = answer as readonly (readonly unknown[])[];
  const kinds = columns.map(({ columnType }) => columnType ?? 0);
  return {
    columns: columns.map(({ name }) => toBytes(name)),
    rows: rows.map((row) => row.map((value, at) => fromDriver(value, kinds[at]!, parseTime))),
    lastInsertId: 0,
    rowsAffected: 0,
  };
}

/** Column types of the protocol. */
const LONGLONG = 8;
const DATES = new Set([7, 10, 12]);

function fromDriver(value: unknown, kind: number, parseTime: boolean): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (typeof value !== 'string') return toBytes(JSON.stringify(value) ?? '');
  if (kind === LONGLONG) return Number(value);
  if (parseTime && DATES.has(kind)) return unixTime(value) ?? toBytes(value);
  return toBytes(value);
}

function hasNumber(error: unknown): error is Error & { readonly errno: number } {
  return error instanceof Error && 'sqlState' in error && 'errno' in error && typeof error.errno === 'number';
}

function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

function failure(error: unknown, { address }: MysqlSource): SqlError {
  if (error instanceof SqlError) return error;
  if (!(error instanceof Error)) return new SqlError(String(error));
  if (hasNumber(error)) {
    const { sqlState, sqlMessage } = error as Error & { readonly sqlState?: string; readonly sqlMessage?: string };
    return new SqlError(toBytes(`Error ${error.errno} (${sqlState ?? ''}): ${sqlMessage ?? error.message}`));
  }
  return new SqlError(toBytes(certificateText(error, hostOf(address)) ?? networkText(error, address)));
}
