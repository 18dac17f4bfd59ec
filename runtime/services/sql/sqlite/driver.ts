/** SQLite inside this process: a thread per database file, started with the first connection, ended with the last one. */
import { Worker } from 'node:worker_threads';
import { toBytes, toText, unixTime } from '../text.ts';
import {
  type SqlDriver,
  SqlError,
  type SqlParameter,
  type SqlResult,
  type SqlSession,
  type SqlValue,
} from '../types.ts';
import type { SqliteSource } from './dsn.ts';
import type { SqliteAnswer, SqliteCell, SqliteRequest, SqliteRows } from './protocol.ts';
import { workerSource } from './worker-source.ts';

/** A statement that takes longer ends, and the thread with it: SQLite itself cannot be interrupted from outside. */
const LONGEST_STATEMENT_MS = 60_000;

export interface Sqlite {
  driver(source: SqliteSource): SqlDriver;
  close(): Promise<void>;
}

export function createSqlite(longestMs = LONGEST_STATEMENT_MS): Sqlite {
  const threads = new Map<string, SqliteThread>();
  const threadFor = (key: string): SqliteThread => {
    const known = threads.get(key);
    if (known?.isUsable === true) return known;
    const made = new SqliteThread(longestMs, () => threads.delete(key));
    threads.set(key, made);
    return made;
  };
  let privateOnes = 0;
  return {
    driver: (source) => ({
      begin: source.begin,
      isStateless: source.file !== ':memory:',
      connect: () => {
        const isPrivate = source.file === ':memory:' && source.sharedMemory === undefined;
        if (isPrivate) privateOnes = (privateOnes + 1) % MEMORY_THREADS;
        const key = isPrivate ? `memory ${privateOnes}` : `${source.file} ${source.sharedMemory ?? ''}`;
        return threadFor(key).connect(source);
      },
    }),
    close: async () => {
      await Promise.all([...threads.values()].map((thread) => thread.close()));
    },
  };
}

/** Threads for databases in memory. */
const MEMORY_THREADS = 2;

type Command = SqliteRequest extends infer R ? (R extends SqliteRequest ? Omit<R, 'id' | 'connection'> : never) : never;

interface Pending {
  readonly connection: number;
  readonly resolve: (value: SqliteRows | number | undefined) => void;
  readonly reject: (error: SqlError) => void;
}

class SqliteThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private readonly longestMs: number;
  private readonly ended: () => void;
  private watch: NodeJS.Timeout | undefined;
  private requests = 0;
  private connections = 0;
  private open = 0;
  /** The connection of databases in memory that handles share. */
  private sharedConnection: number | undefined;
  isUsable = true;

  constructor(longestMs: number, ended: () => void) {
    this.longestMs = longestMs;
    this.ended = ended;
    this.worker = new Worker(workerSource() ?? sourceLoader(), { eval: true, name: 'sqlite' });
    this.worker.unref();
    this.worker.on('message', (answer: SqliteAnswer) => this.settle(answer));
    this.worker.on('error', (error) => this.fail(error.message));
    this.worker.on('exit', () => this.fail('interrupted'));
  }

  async connect(source: SqliteSource): Promise<SqlSession> {
    this.open += 1;
    const isShared = source.sharedMemory !== undefined;
    const connection = (isShared ? this.sharedConnection : undefined) ?? ++this.connections;
    const { file, access, sharedMemory, pragmas } = source;
    try {
      if (this.sharedConnection !== connection) {
        if (isShared) this.sharedConnection = connection;
        await this.ask(connection, { kind: 'open', source: { file, access, sharedMemory, pragmas } });
      }
    } catch (error) {
      this.release();
      throw error;
    }
    return this.sessionOf(connection, isShared);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private sessionOf(connection: number, isShared: boolean): SqlSession {
    let isOpen = true;
    const isUsable = (): boolean => isOpen && this.isUsable;
    return {
      get isUsable() {
        return isUsable();
      },
      run: async (sql, parameters) =>
        resultOf(await this.ask(connection, { kind: 'run', sql: toText(sql), parameters: parameters.map(toCell) })),
      prepare: async (sql) => {
        const count = await this.ask(connection, { kind: 'prepare', sql: toText(sql) });
        return typeof count === 'number' ? count : undefined;
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        const closed = isShared ? Promise.resolve() : this.ask(connection, { kind: 'close' });
        closed.then(
          () => this.release(),
          () => this.release(),
        );
      },
      abandon: () => this.abandon(connection),
    };
  }

  /** SQLite cannot be interrupted from outside: its thread ends, if it is this connection that keeps it busy. */
  private abandon(connection: number): void {
    const [first] = this.pending.values();
    if (first?.connection === connection) void this.worker.terminate();
  }

  /** The last one ends the thread. */
  private release(): void {
    this.open -= 1;
    if (this.open > 0 || !this.isUsable) return;
    this.isUsable = false;
    this.ended();
    void this.worker.terminate();
  }

  private ask(connection: number, command: Command): Promise<SqliteRows | number | undefined> {
    if (!this.isUsable) return Promise.reject(new SqlError('interrupted'));
    const id = ++this.requests;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { connection, resolve, reject });
      this.worker.postMessage({ ...command, id, connection });
      // The thread itself may take its time to start.
      if (this.watch === undefined && command.kind !== 'open') this.startWatch();
    });
  }

  private settle(answer: SqliteAnswer): void {
    const waiter = this.pending.get(answer.id);
    this.pending.delete(answer.id);
    clearTimeout(this.watch);
    this.watch = undefined;
    if (this.pending.size > 0) this.startWatch();
    if (answer.ok) waiter?.resolve(answer.value);
    else waiter?.reject(new SqlError(toBytes(answer.message)));
  }

  private startWatch(): void {
    this.watch = setTimeout(() => void this.worker.terminate(), this.longestMs).unref();
  }

  private fail(reason: string): void {
    this.isUsable = false;
    this.ended();
    clearTimeout(this.watch);
    for (const { reject } of this.pending.values()) reject(new SqlError(toBytes(reason)));
    this.pending.clear();
  }
}

/** From sources the worker is TypeScript too; workers don't inherit the loader, so it is registered there first. */
function sourceLoader(): string {
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const worker = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  return `import(${loader}).then(({ register }) => { register(); return import(${worker}); });`;
}

function toCell(parameter: SqlParameter): boolean | SqliteCell {
  if (typeof parameter !== 'string') return parameter;
  const text = toText(parameter);
  // What is no text is kept as bytes, and so is what SQLite would end at a zero.
  return text.includes('\uFFFD') || text.includes('\0') ? Buffer.from(parameter, 'latin1') : text;
}

function resultOf(answer: SqliteRows | number | undefined): SqlResult {
  if (typeof answer !== 'object') throw new SqlError('interrupted');
  const { columns, types, rows, lastInsertId, rowsAffected } = answer;
  return {
    columns: columns.map(toBytes),
    rows: rows.map((row) => row.map((cell, at) => fromCell(cell, types[at] ?? ''))),
    lastInsertId,
    rowsAffected,
  };
}

const TIMES = new Set(['timestamp', 'datetime', 'date']);
/** Larger integers in columns for times are milliseconds. */
const MOST_SECONDS = 1e12;

function fromCell(cell: SqliteCell, type: string): SqlValue {
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString('latin1');
  if (typeof cell === 'string') return TIMES.has(type) ? (unixTime(cell) ?? toBytes(cell)) : toBytes(cell);
  if (typeof cell === 'number' && type === 'boolean') return cell > 0;
  if (typeof cell === 'number' && TIMES.has(type) && Math.abs(cell) > MOST_SECONDS) return cell / 1000;
  return cell;
}
