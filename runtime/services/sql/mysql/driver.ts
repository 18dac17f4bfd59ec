/** MySQL and MariaDB over mysql2. */
import type { Connection, FieldPacket, ResultSetHeader } from 'mysql2/promise';
import { networkText } from '../../network-text.ts';
import { textOrBuffer, toBytes, toText, unixTime } from '../text.ts';
import {
  type SqlDriver,
  SqlError,
  type SqlParameter,
  type SqlResult,
  type SqlSession,
  type SqlValue,
} from '../types.ts';
import type { MysqlSource } from './dsn.ts';

export function mysqlDriver(source: MysqlSource, readOnly: boolean): SqlDriver {
  return {
    begin: readOnly ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION',
    isStateless: true,
    connect: async () => {
      const connection = await connect(source);
      const session = sessionOver(connection, source);
      for (const [name, value] of source.variables) await session.run(toBytes(`SET ${name}=${value}`), []);
      return session;
    },
  };
}

async function connect(source: MysqlSource): Promise<Connection> {
  const { createConnection } = await import('mysql2/promise');
  try {
    return await createConnection(settingsOf(source, source.tls !== 'off'));
  } catch (error) {
    const hasNoTls = error instanceof Error && /does not support secure connection/i.test(error.message);
    if (source.tls !== 'preferred' || !hasNoTls) throw failure(error, source);
  }
  return createConnection(settingsOf(source, false)).catch((error: unknown) => {
    throw failure(error, source);
  });
}

/** Numbers stay numbers, everything else comes as text or bytes. */
function settingsOf(source: MysqlSource, isSecure: boolean) {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(source.address) ?? [];
  return {
    ...(source.isSocket ? { socketPath: source.address } : { host, port: Number(port) }),
    user: source.user,
    password: source.password,
    ...(source.database === '' ? {} : { database: source.database }),
    ...(isSecure ? { ssl: { rejectUnauthorized: source.tls === 'verified' } } : {}),
    ...(source.connectTimeout === undefined ? {} : { connectTimeout: source.connectTimeout }),
    charset: source.charset ?? 'utf8mb4',
    multipleStatements: source.multiStatements,
    flags: source.clientFoundRows ? [] : ['-FOUND_ROWS'],
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
  };
}

function sessionOver(connection: Connection, source: MysqlSource): SqlSession {
  let isUsable = true;
  connection.on('error', () => {
    isUsable = false;
  });
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
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
  };
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

function failure(error: unknown, { address }: MysqlSource): SqlError {
  if (!(error instanceof Error)) return new SqlError(String(error));
  if (hasNumber(error)) {
    const { sqlState, sqlMessage } = error as Error & { readonly sqlState?: string; readonly sqlMessage?: string };
    return new SqlError(toBytes(`Error ${error.errno} (${sqlState ?? ''}): ${sqlMessage ?? error.message}`));
  }
  return new SqlError(toBytes(networkText(error, address)));
}
