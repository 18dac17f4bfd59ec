/** Files line by line from their end, as the module `tac` of gopher-lua-libs; lines may be of any length. */
import { constants, type FileHandle, open } from 'node:fs/promises';
import {
  chargeMemory,
  defineModule,
  error,
  fromBuffer,
  type HostCall,
  io,
  type Outcome,
  result,
  type Steps,
  str,
  toUtf8String,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { fileFailure } from './go/file-errors.ts';

const BLOCK = 64 * 1024;
const NEWLINE = 10;
const NOTHING: Buffer = Buffer.alloc(0);

/** Reads blocks from the end on; a line is put together when the newline before it has been seen. */
class BackwardReader {
  private readonly file: FileHandle;
  /** Where the block ends that is read next. */
  private position: number;
  private isAtTop: boolean;
  /** Read, but not yet delivered. */
  private block = NOTHING;
  /** Blocks of a line that begins further up, last one first. */
  private tail: Buffer[] = [];
  private isFirstBlock = true;

  constructor(file: FileHandle, size: number) {
    this.file = file;
    this.position = size;
    this.isAtTop = size === 0;
  }

  /** Undefined at the top. */
  *line(): Steps<string | undefined> {
    while (!this.isAtTop) {
      const at = this.block.lastIndexOf(NEWLINE);
      if (at >= 0) {
        const line = this.lineFrom(this.block.subarray(at + 1));
        this.block = this.block.subarray(0, at);
        return line;
      }
      if (this.position === 0) {
        this.isAtTop = true;
        return this.lineFrom(this.block);
      }
      this.tail.push(this.block);
      chargeMemory(this.block.length);
      this.block = yield* waitFor(this.readAbove());
    }
    return undefined;
  }

  private lineFrom(beginning: Buffer): string {
    const line = fromBuffer(Buffer.concat([beginning, ...this.tail.reverse()]));
    this.tail = [];
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  /** Whatever goes wrong while reading is the end, as in the reference. */
  private async readAbove(): Promise<Buffer> {
    const from = Math.max(0, this.position - BLOCK);
    const buffer = Buffer.alloc(this.position - from);
    const bytesRead = await this.file.read(buffer, 0, buffer.length, from).then(
      (done) => done.bytesRead,
      () => 0,
    );
    if (bytesRead < buffer.length) this.isAtTop = true;
    this.position = from;
    const hasFinalNewline = this.isFirstBlock && buffer.at(-1) === NEWLINE;
    this.isFirstBlock = false;
    return hasFinalNewline ? buffer.subarray(0, -1) : buffer;
  }

  async close(): Promise<Outcome> {
    this.isAtTop = true;
    this.tail = [];
    this.block = NOTHING;
    await this.file.close().catch(() => undefined);
    return [];
  }
}

interface Opened {
  readonly file: FileHandle;
  readonly size: number;
}

async function openFile(path: string): Promise<Opened | string> {
  try {
    // Opening a named pipe must not wait for somebody who writes to it.
    const file = await open(toUtf8String(path), constants.O_RDONLY | constants.O_NONBLOCK);
    return { file, size: (await file.stat()).size };
  } catch (thrown) {
    return fileFailure(thrown, 'open', path);
  }
}

const readers = new UserdataKind<BackwardReader>('tac_ud');

/** A file that the script does not close is closed with it. */
function* openReader(call: HostCall, path: string): Steps<Outcome> {
  const opened = yield* waitFor(openFile(path));
  if (typeof opened === 'string') return [undefined, opened];
  const reader = new BackwardReader(opened.file, opened.size);
  call.closeAtEnd(() => void reader.close());
  return readers.make(reader);
}

readers.has({
  line: io(
    {
      doc: 'The line before the last one that was read; nil at the top.',
      args: [readers.self()],
      returns: [result('line', 'string?')],
    },
    (_call, self) => self.line(),
  ),
  close: io({ doc: 'Close the file.', args: [readers.self()] }, (_call, self) => self.close()),
});

export default defineModule({
  name: 'nauthilus_gll_tac',
  requires: ['tac'],
  classes: 'all',
  doc: 'Read a file line by line from its end.',
  userdata: [readers],
  globals: () => ({ tac_ud: readers.metatable() }),
  functions: {
    open: io(
      { doc: 'Open a file.', args: [str('path')], returns: [result('reader', `${readers.name}?`), error] },
      openReader,
    ),
  },
});
