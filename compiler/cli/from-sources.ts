/** The command line when it runs from its sources: every command, nothing compiled in. */

import { fileURLToPath } from 'node:url';
import { Misdeclared } from '../../runtime/contract/misdeclared.ts';
import { RegistryError, writeRegistries } from '../build/registry.ts';
import { type Command, EXIT, type ExitCode, refuseMisnamed } from './command.ts';
import { runCommandLine } from './main.ts';
import { terminalContext } from './terminal.ts';
import { readVersion } from './write-artifact.ts';

/** Runs `argv` (without node and script path) and returns the exit code. */
export async function runFromSources(argv: readonly string[]): Promise<ExitCode> {
  const commands = await findCommands();
  if (commands === undefined) return EXIT.failed;
  const context = terminalContext(undefined);
  return runCommandLine({ commands, version: readVersion(), context }, argv);
}

/** All commands, and with them the whole program; undefined after saying which file of it is declared wrongly. */
async function findCommands(): Promise<readonly Command[] | undefined> {
  try {
    writeRegistries(fileURLToPath(new URL('../../', import.meta.url)));
    const { default: commands, files } = await import('./commands/index.gen.ts');
    refuseMisnamed(commands, files);
    return commands;
  } catch (error) {
    if (!(error instanceof RegistryError || error instanceof Misdeclared)) throw error;
    process.stderr.write(`nauthilus: ${error.message}\n`);
    return undefined;
  }
}
