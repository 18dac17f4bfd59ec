/** Streams over file descriptors. */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { fromBuffer, toBuffer } from '../bytes.ts';
import { ByteStream } from './byte-stream.ts';
import { BAD_DESCRIPTOR, INVALID_ARGUMENT, SystemError } from './c-error.ts';
import { closeAtExit, forgetStream } from './open-streams.ts';
import { systemAccess } from './system.ts';

const READ_BLOCK = 1 << 16;
const block = new Uint8Array(READ_BLOCK);

/** What a stream may be used for. */
export interface OpenMode {
  readonly readable: boolean;
  readonly writable: boolean;
  readonly append: boolean;
}

const FLAGS: Readonly<Record<string, number>> = {
  r: constants.O_RDONLY,
  'r+': constants.O_RDWR,
  w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
  'w+': constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
  a: constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND,
  'a+': constants.O_RDWR | constants.O_CREAT | constants.O_APPEND,
};

/** `fopen`: the first letter and a `+` count, the rest is ignored. Throws a system error. */
export function openFile(name: string, mode: string): FileStream {
  const kind = mode[0] ?? '';
  const flags = FLAGS[mode.includes('+') ? `${kind}+` : kind];
  if (flags === undefined) throw INVALID_ARGUMENT;
  // Without O_NONBLOCK opening a named pipe would wait for its other end.
  const guard = systemAccess().specialFiles ? 0 : constants.O_NONBLOCK;
  const fd = openSync(toBuffer(name), flags | guard, 0o666);
  const isRegular = fstatSync(fd).isFile();
  if (!isRegular && !systemAccess().specialFiles && !fstatSync(fd).isDirectory()) {
    closeSync(fd);
    throw new SystemError('Not a regular file', 1);
  }
  const update = mode.includes('+');
  return new FileStream(fd, isRegular, {
    readable: kind === 'r' || update,
    writable: kind !== 'r' || update,
    append: kind === 'a',
  });
}

export class FileStream extends ByteStream {
  private readonly fd: number;
  private readonly seekable: boolean;
  private readonly allowed: OpenMode;
  /** Of the next block; Node has no `lseek`, so every transfer names its place. */
  private offset = 0;

  constructor(fd: number, seekable: boolean, allowed: OpenMode) {
    super();
    this.fd = fd;
    this.seekable = seekable;
    this.allowed = allowed;
    if (allowed.writable) closeAtExit(this);
  }

  protected override readBlock(): string {
    if (!this.allowed.readable) throw BAD_DESCRIPTOR;
    const count = readSync(this.fd, block, 0, READ_BLOCK, this.seekable ? this.offset : null);
    this.offset += count;
    return fromBuffer(block.subarray(0, count));
  }

  protected override writeBlock(bytes: string): void {
    if (!this.allowed.writable) throw BAD_DESCRIPTOR;
    const buffer = toBuffer(bytes);
    const place = this.seekable && !this.allowed.append;
    for (let done = 0; done < buffer.length; ) {
      done += writeSync(this.fd, buffer, done, buffer.length - done, place ? this.offset + done : null);
    }
    this.offset = this.allowed.append && this.seekable ? fstatSync(this.fd).size : this.offset + buffer.length;
  }

  protected override position(): number {
    return this.seekable ? this.offset : super.position();
  }

  protected override seekTo(offset: number, fromEnd: boolean): number {
    if (!this.seekable) return super.seekTo(offset, fromEnd);
    const position = fromEnd ? fstatSync(this.fd).size + offset : offset;
    if (position < 0) throw INVALID_ARGUMENT;
    this.offset = position;
    return position;
  }

  override write(bytes: string): void {
    if (!this.allowed.writable) throw BAD_DESCRIPTOR;
    super.write(bytes);
  }

  protected override release(): void {
    forgetStream(this);
    closeSync(this.fd);
  }
}
