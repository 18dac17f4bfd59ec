/** Standard output and error of the process, for commands. */
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';
import type { CommandContext } from './command.ts';

/** Where a command speaks. A reader that went away (`… | head`) is no error: what is said then goes nowhere. */
export function terminalContext(program: CompiledProgram | undefined): CommandContext {
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    env: process.env,
    program,
  };
}

function ignore(): void {}
