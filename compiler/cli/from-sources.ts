/** The command line when it runs from its sources: every command, nothing compiled in. */

import { fileURLToPath } from 'node:url';
import { writeRegistries } from '../build/registry.ts';
import type { ExitCode } from './command.ts';
import { runCommandLine } from './main.ts';
import { readVersion } from './write-artifact.ts';

/** Runs `argv` (without node and script path) and returns the exit code. */
export async function runFromSources(argv: readonly string[]): Promise<ExitCode> {
  writeRegistries(fileURLToPath(new URL('../../', import.meta.url)));
  const { default: commands } = await import('./commands/index.gen.ts');
  const context = {
    out: (text: string) => void process.stdout.write(text),
    err: (text: string) => void process.stderr.write(text),
    env: process.env,
    program: undefined,
  };
  return runCommandLine({ commands, version: readVersion(), context }, argv);
}
