/** The dispatcher: turns declared commands into a command line with `--help`, usage errors and exit codes. */
import { CommanderError, Command as Program } from 'commander';
import { Misdeclared } from '../../runtime/contract/misdeclared.ts';
import {
  type ArgumentSpec,
  type Command,
  type CommandContext,
  EXIT,
  type ExitCode,
  type RawInvocation,
} from './command.ts';

/** A failure that a person can do something about: its message is printed alone, without a JavaScript stack. */
export class CommandFailure extends Error {}

export interface CommandLine {
  readonly commands: readonly Command[];
  readonly version: string;
  readonly context: CommandContext;
}

/**
 * Runs `argv` (without node and script path) and returns the exit code; never throws and never ends the process.
 * Unknown commands and options are usage errors with a suggestion.
 */
export async function runCommandLine(
  { commands, version, context }: CommandLine,
  argv: readonly string[],
): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = describeProgram(version, context);
  for (const command of commands) {
    const parser = describeCommand(program, command);
    parser.action(async () => {
      code = await runSafely(command, { given: givenOptions(command, parser), args: parser.args, context });
    });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  return code;
}

function describeProgram(version: string, context: CommandContext): Program {
  return new Program('nauthilus')
    .description('Authentication policy server: Lua scripts, compiled to JavaScript, decide logins.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.out(text), writeErr: (text) => context.err(text) });
}

function describeCommand(program: Program, command: Command): Program {
  const parser = program.command(command.name).description(command.doc).helpOption('-h, --help', 'print this help');
  parser.copyInheritedSettings(program);
  for (const argument of command.args) parser.argument(argumentUsage(argument), argument.doc);
  if (command.args.some((argument) => argument.kind === 'rest')) parser.passThroughOptions();
  for (const [name, option] of Object.entries(command.options)) {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    if (option.kind === 'flag') parser.option(`${short}--${name}`, option.doc);
    else parser.option(`${short}--${name} <${option.value}>`, option.doc, option.default);
  }
  if (command.details !== undefined) parser.addHelpText('after', `\n${command.details}`);
  return parser;
}

function argumentUsage({ name, kind }: ArgumentSpec): string {
  if (kind === 'required') return `<${name}>`;
  return kind === 'rest' ? `[${name}...]` : `[${name}]`;
}

function givenOptions(command: Command, parser: Program): RawInvocation['given'] {
  const given: Record<string, string | true> = {};
  const values = parser.opts<Record<string, string | true | undefined>>();
  for (const name of Object.keys(command.options)) {
    const value = values[camelCase(name)];
    if (value !== undefined) given[name] = value;
  }
  return given;
}

/** commander stores `--emit-js` as `emitJs`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

async function runSafely(command: Command, invocation: RawInvocation): Promise<ExitCode> {
  try {
    return await command.run(invocation);
  } catch (error) {
    invocation.context.err(`nauthilus ${command.name}: ${describeFailure(error)}\n`);
    return EXIT.failed;
  }
}

function describeFailure(error: unknown): string {
  if (error instanceof CommandFailure || error instanceof Misdeclared) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
