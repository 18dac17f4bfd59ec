/** Whole files and copies between streams, as the module `ioutil` of gopher-lua-libs. */
import { constants, writeFile } from 'node:fs/promises';
import {
  type ByteReader,
  type ByteWriter,
  chargeMemory,
  defineModule,
  drive,
  error,
  type Finished,
  fromBuffer,
  int,
  io,
  LuaError,
  mayWait,
  noResults,
  type Outcome,
  pushTo,
  reader,
  result,
  type Steps,
  str,
  textOf,
  toBuffer,
  toUtf8String,
  waitFor,
  writer,
} from '../host/index.ts';
import { readWholeFile } from '../services/index.ts';
import { fileFailure } from './go/file-errors.ts';

const CHUNK = 32 * 1024;

/** Opening a named pipe must not wait for somebody at its other end. */
const WRITING = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

/** Opening and reading are told apart in error texts. */
async function contentOf(path: string): Promise<Buffer | string> {
  try {
    return await readWholeFile(toUtf8String(path));
  } catch (thrown) {
    const isRead = thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'read';
    return fileFailure(thrown, isRead ? 'read' : 'open', path);
  }
}

function* readWhole(path: string): Steps<Outcome> {
  const content = yield* waitFor(contentOf(path));
  if (typeof content === 'string') return [undefined, content];
  chargeMemory(content.length);
  return fromBuffer(content);
}

async function writeWhole(path: string, data: string): Promise<Outcome> {
  try {
    await writeFile(toUtf8String(path), toBuffer(data), { mode: 0o644, flag: WRITING });
    return [];
  } catch (thrown) {
    return fileFailure(thrown, 'open', path);
  }
}

/** Copies until the end, or exactly `most` bytes; an error of either side is a result, as in the reference. */
function* copy(target: ByteWriter, source: ByteReader, most: number): Steps<Finished> {
  try {
    for (let left = most; left > 0; ) {
      const bytes = yield* source.pull(Math.min(CHUNK, left));
      if (bytes === undefined) return Number.isFinite(most) ? 'EOF' : noResults();
      yield* pushTo(target, bytes);
      left -= bytes.length;
    }
    return noResults();
  } catch (thrown) {
    if (thrown instanceof LuaError) return textOf(thrown.value);
    throw thrown;
  }
}

export default defineModule({
  name: 'nauthilus_gll_ioutil',
  requires: ['ioutil'],
  classes: 'all',
  doc: 'Read and write whole files, copy from one stream to another.',
  functions: {
    read_file: io(
      { doc: 'The bytes of a file.', args: [str('path')], returns: [result('data', 'string?'), error] },
      (_call, path) => readWhole(path),
    ),
    write_file: io(
      { doc: 'Make or replace a file; nothing on success.', args: [str('path'), str('data')], returns: [error] },
      (_call, path, data) => writeWhole(path, data),
    ),
    copy: mayWait(
      { doc: 'Write all that can be read.', args: [writer('writer'), reader('reader')], returns: [error] },
      (target, source) => drive(copy(target, source, Number.POSITIVE_INFINITY)),
    ),
    copyn: mayWait(
      {
        doc: 'Copy a number of bytes; `EOF` when there are fewer.',
        args: [writer('writer'), reader('reader'), int('bytes')],
        returns: [error],
      },
      (target, source, bytes) => drive(copy(target, source, bytes)),
    ),
  },
});
