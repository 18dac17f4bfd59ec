/** Where the bytes go that scripts print. */
import { writeSync } from 'node:fs';
import { running } from './registers.ts';
import { systemAccess } from './stdlib/system.ts';

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
      const code = codeOf(error);
      if (code === 'EPIPE') {
        endWithReader();
        return;
      }
      // A non-blocking pipe whose reader is slow (EAGAIN): trying again is all one can do synchronously.
      if (code !== 'EAGAIN') throw error;
    }
  }
}

/** Exit code by which a shell shows that SIGPIPE has ended a program. */
const ENDED_BY_SIGPIPE = 141;

/**
 * Nobody reads any more (`… | head`): a script that owns the process ends with it, as programs do. In a server what is
 * printed goes nowhere.
 */
function endWithReader(): void {
  if (systemAccess().exit === 'process') process.exit(ENDED_BY_SIGPIPE);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
