/** Runs a server until a signal ends it: what `start` and `watch` have in common. */
import type { Server } from '../../runtime/index.ts';
import { type CommandContext, EXIT, type ExitCode } from './command.ts';

/** A terminal and a parent process may both deliver one Ctrl-C: what follows this closely is not a second wish. */
export const SAME_SIGNAL_MS = 500;

/** Ends the process at once when the server has not finished by then. */
export const CLOSE_LIMIT_MS = 30_000;

/**
 * Listens, then waits for SIGINT or SIGTERM and closes the server: running requests and queued post actions finish.
 * A second signal, or `CLOSE_LIMIT_MS`, ends the process at once. `reload` answers SIGHUP, `announce` tells where it listens.
 */
export async function serveUntilSignal(
  server: Pick<Server, 'listen' | 'close' | 'url'>,
  reload: () => void,
  context: CommandContext,
  announce: (url: string) => void = (url) => context.out(`nauthilus: listening on ${url}\n`),
): Promise<ExitCode> {
  const crash = (error: unknown): void => endByDefect(error, context);
  process.on('uncaughtException', crash);
  // From here on: an init script may take its time.
  process.on('SIGHUP', reload);
  try {
    await server.listen();
  } catch (error) {
    process.off('SIGHUP', reload);
    context.err(`nauthilus: cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
    await server.close();
    return EXIT.failed;
  }
  announce(server.url);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const asked = performance.now();
  const again = (): void => {
    if (performance.now() - asked > SAME_SIGNAL_MS) endAtOnce();
  };
  process.on('SIGINT', again).on('SIGTERM', again);
  setTimeout(() => cutOff(context), CLOSE_LIMIT_MS).unref();
  await server.close();
  process.off('uncaughtException', crash).off('SIGHUP', reload).off('SIGINT', again).off('SIGTERM', again);
  return EXIT.ok;
}

/**
 * A defect that nobody has caught ends the process. Node would show the error with its properties, in which libraries keep
 * what they were given: commands with their arguments, requests with their headers.
 */
function endByDefect(error: unknown, context: CommandContext): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : 'something that is no error was thrown';
  context.err(`nauthilus: the server ends because of a defect: ${text}\n`);
  process.exit(EXIT.failed);
}

/** Requests or post actions take longer than anybody waits. */
function cutOff({ err }: CommandContext): void {
  err(
    `nauthilus: not finished after ${CLOSE_LIMIT_MS / 1000} s: requests and post actions that still run are cut off\n`,
  );
  endAtOnce();
}

function endAtOnce(): void {
  process.exit(EXIT.failed);
}
