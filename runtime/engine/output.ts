/** Where the bytes go that scripts print. */
import { writeSync } from 'node:fs';
import { running } from './registers.ts';

/** Takes a byte string (char codes 0-255). */
export type OutputSink = (bytes: string) => void;

/** Writes to the running task's own sink, or to the standard output of the process. */
export function writeOutput(bytes: string): void {
  const sink = running.task?.output ?? writeStandardOutput;
  sink(bytes);
}

const STDOUT = 1;

/** Synchronous, so that nothing is lost when the process ends, and in order with what other code writes to the descriptor. */
function writeStandardOutput(bytes: string): void {
  const buffer = Buffer.from(bytes, 'latin1');
  for (let done = 0; done < buffer.length; ) {
    try {
      done += writeSync(STDOUT, buffer, done);
    } catch (error) {
      if (!isBusyPipe(error)) throw error;
    }
  }
}

/** A non-blocking pipe whose reader is slow; trying again is all one can do synchronously. */
function isBusyPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}
