/** Streams with something to write that nobody closed: closed when their handle is collected or the process ends. */
import type { ByteStream } from './byte-stream.ts';

const open = new Set<ByteStream>();

/** From now on the stream is closed at the latest when the process ends. */
export function closeAtExit(stream: ByteStream): void {
  if (open.size === 0) {
    process.off('exit', closeAll);
    process.on('exit', closeAll);
  }
  open.add(stream);
}

/** The stream is being closed. */
export function forgetStream(stream: ByteStream): void {
  open.delete(stream);
}

function closeAll(): void {
  for (const stream of open) closeQuietly(stream);
}

/** Where nobody is left to be told of a failure. */
export function closeQuietly(stream: ByteStream): void {
  try {
    stream.close();
  } catch {
    // The disk is full, or the descriptor is gone: C ignores that here too.
  }
}
