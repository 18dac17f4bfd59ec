/** The thread in which SQLite runs: a statement that takes long stops nobody else. */
import { parentPort } from 'node:worker_threads';
import { SqliteConnection } from './engine.ts';
import type { SqliteAnswer, SqliteRequest } from './protocol.ts';

/** All connections of the thread together, with their databases in memory: what needs more is `out of memory`. */
const MOST_PAGES = (256 * 1024 * 1024) / 65_536;

interface GrowingMemory {
  readonly buffer: ArrayBuffer;
  grow(this: GrowingMemory, pages: number): number;
}

/** The types of Node leave it out. */
declare const WebAssembly: { readonly Memory: { readonly prototype: GrowingMemory } };

/** SQLite is built without the limits of its own heap, so its memory is not made larger than this. */
function limitMemory(): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength / 65_536 + pages > MOST_PAGES) throw new RangeError('out of memory');
    return grow.call(this, pages);
  };
}

limitMemory();
const connections = new Map<number, SqliteConnection>();

function answer(request: SqliteRequest): SqliteAnswer {
  const { id } = request;
  try {
    return { id, ok: true, value: handle(request) };
  } catch (error) {
    return { id, ok: false, message: messageOf(error) };
  }
}

/** As SQLite says it, where the library has words of its own. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith('Could not open the database') ? 'unable to open database file' : message;
}

function handle(request: SqliteRequest) {
  const connection = connections.get(request.connection);
  switch (request.kind) {
    case 'open':
      connections.set(request.connection, new SqliteConnection(request.source));
      return undefined;
    case 'run':
      return connection?.run(request.sql, request.parameters);
    case 'prepare':
      return connection?.prepare(request.sql);
    case 'close':
      connections.delete(request.connection);
      connection?.close();
      return undefined;
  }
}

parentPort?.on('message', (request: SqliteRequest) => parentPort?.postMessage(answer(request)));
