/** The command line when it runs from its sources: every command, nothing compiled in. */

import { fileURLToPath } from 'node:url';
import { RegistryError, writeRegistries } from '../build/registry.ts';
import { EXIT, type ExitCode, refuseMisnamed } from './command.ts';
import { runCommandLine } from './main.ts';
import { readVersion } from './write-artifact.ts';

/** Runs `argv` (without node and script path) and returns the exit code. */
export async function runFromSources(argv: readonly string[]): Promise<ExitCode> {
  try {
    writeRegistries(fileURLToPath(new URL('../../', import.meta.url)));
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    process.stderr.write(`nauthilus: ${error.message}\n`);
    return EXIT.failed;
  }
  const { default: commands, files } = await import('./commands/index.gen.ts');
  refuseMisnamed(commands, files);
  const context = {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
    env: process.env,
    program: undefined,
  };
  return runCommandLine({ commands, version: readVersion(), context }, argv);
}
