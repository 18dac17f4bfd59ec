/** A reload as the command line sees it: reads and checks, hands over, and says what became of it. */
import type { Config } from '../../runtime/config/index.ts';
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';
import type { Server } from '../../runtime/index.ts';
import type { CommandContext } from './command.ts';

/** A configuration that was read again: what to serve with it, or why it cannot be used. */
export type NextConfig =
  | { readonly program: CompiledProgram; readonly config: Config }
  | { readonly problems: readonly string[] };

/** Hands the next configuration to the server; gives the reasons why it was not taken over, which are shown. */
export async function reloadServer(
  server: Server,
  next: NextConfig,
  { err }: Pick<CommandContext, 'err'>,
): Promise<readonly string[]> {
  if ('problems' in next) {
    server.refuse(next.problems);
    return next.problems;
  }
  try {
    await server.swap(next);
    return [];
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    err(`nauthilus: not reloaded: ${problem}\n`);
    return [problem];
  }
}

/** The errors among diagnostics, one line each; they contain no secrets. */
export function problemsOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ message, place }) => (place === undefined ? message : `${place.file}:${place.line}: ${message}`));
}
