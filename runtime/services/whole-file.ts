/** Files that scripts name, read whole: neither a named pipe nor a device without an end holds up anybody. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Opening a named pipe does not wait for somebody at its other end. */
const READING = constants.O_RDONLY | constants.O_NONBLOCK;
const BLOCK = 256 * 1024;
/** Scripts hold a file as a whole. */
const MOST_BYTES = 256 * 1024 * 1024;
/** Of what is read while nobody else gets a turn. */
const MOST_SMALL_BYTES = 4 * 1024 * 1024;

/** Shaped like an error of the system. */
class FileTooLarge extends Error {
  readonly code = 'EFBIG';
  readonly syscall = 'read';
}

/** Rejects with an error of the system; `syscall` tells opening from reading. */
export async function readWholeFile(path: string): Promise<Buffer> {
  const file = await open(path, READING);
  try {
    return await readAll(file);
  } finally {
    await file.close();
  }
}

async function readAll(file: FileHandle): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(BLOCK), 0, BLOCK);
    if (bytesRead === 0) return Buffer.concat(parts, size);
    parts.push(buffer.subarray(0, bytesRead));
    size += bytesRead;
    if (size > MOST_BYTES) throw new FileTooLarge();
  }
}

/** Certificates, keys and parts of templates: at once. Throws an error of the system. */
export function readSmallFile(path: string): Buffer {
  const descriptor = openSync(path, READING);
  try {
    const parts: Buffer[] = [];
    for (let size = 0; size <= MOST_SMALL_BYTES; ) {
      const block = Buffer.allocUnsafe(BLOCK);
      const bytesRead = readSync(descriptor, block, 0, BLOCK, null);
      if (bytesRead === 0) return Buffer.concat(parts);
      parts.push(block.subarray(0, bytesRead));
      size += bytesRead;
    }
    throw new FileTooLarge();
  } finally {
    closeSync(descriptor);
  }
}
