/**
 * What a command of the `nauthilus` program is: data (name, arguments, options, help) plus `run`.
 * Parsing, `--help` and usage errors derive from the data (compiler/cli/main.ts); a new command is one file in
 * `compiler/cli/commands/` with `export default defineCommand({...})`.
 */
import { Misdeclared } from '../../runtime/contract/misdeclared.ts';
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';

/** Exit codes of every command: 0 done, 1 the work failed (the reason is on stderr), 2 wrong usage. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** `--name <value>`; without `default` the value may be missing. */
export interface ValueOption {
  readonly kind: 'value';
  readonly short?: string;
  /** Placeholder in the help text, e.g. `file`. */
  readonly value: string;
  readonly doc: string;
  readonly default?: string;
}

/** `--name`, false unless given. */
export interface FlagOption {
  readonly kind: 'flag';
  readonly short?: string;
  readonly doc: string;
}

export type OptionTable = Readonly<Record<string, ValueOption | FlagOption>>;

/** Values of the options after parsing, typed by their declaration. */
export type OptionValues<Options extends OptionTable> = {
  readonly [Name in keyof Options]: Options[Name] extends FlagOption
    ? boolean
    : Options[Name] extends { readonly default: string }
      ? string
      : string | undefined;
};

/** A positional argument; `rest` takes everything from there on, options included (as for a script's own arguments). */
export interface ArgumentSpec {
  readonly name: string;
  readonly doc: string;
  readonly kind: 'required' | 'optional' | 'rest';
}

/** Where a command speaks and what it was started with; tests hand in their own. */
export interface CommandContext {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The compiled scripts inside this artifact; undefined when the command line runs from its sources. */
  readonly program: CompiledProgram | undefined;
}

export interface Invocation<Options extends OptionTable> {
  readonly options: OptionValues<Options>;
  /** Positional arguments as given; `required` ones are there. */
  readonly args: readonly string[];
  readonly context: CommandContext;
}

export interface CommandSpec<Options extends OptionTable> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly doc: string;
  /** Further help text, shown below the options of `nauthilus NAME --help`. */
  readonly details?: string;
  readonly args?: readonly ArgumentSpec[];
  readonly options: Options;
  /** Also part of the bundled artifact; such a command must not load esbuild or chokidar. */
  readonly inArtifact: boolean;
  readonly run: (invocation: Invocation<Options>) => Promise<ExitCode> | ExitCode;
}

/** A command as the dispatcher sees it, whatever its options are. */
export interface Command {
  readonly name: string;
  readonly doc: string;
  readonly details: string | undefined;
  readonly args: readonly ArgumentSpec[];
  readonly options: OptionTable;
  readonly inArtifact: boolean;
  readonly run: (raw: RawInvocation) => Promise<ExitCode>;
}

/** Options as parsed from the command line: only those that were given, flags as `true`. */
export interface RawInvocation {
  readonly given: Readonly<Record<string, string | true>>;
  readonly args: readonly string[];
  readonly context: CommandContext;
}

/** Declares a command; the types of `options` in `run` follow from the declaration. */
export function defineCommand<const Options extends OptionTable>(spec: CommandSpec<Options>): Command {
  return {
    name: spec.name,
    doc: spec.doc,
    details: spec.details,
    args: spec.args ?? [],
    options: spec.options,
    inArtifact: spec.inArtifact,
    run: async ({ given, args, context }) => spec.run({ options: fillOptions(spec.options, given), args, context }),
  };
}

/** Throws Misdeclared unless each command is named like its file: the artifact's commands are taken by their names. */
export function refuseMisnamed(commands: readonly Command[], files: readonly string[]): void {
  for (const [at, { name }] of commands.entries()) {
    const file = files[at] ?? '';
    if (!file.endsWith(`/${name}.ts`))
      throw new Misdeclared(`${file}: the command '${name}' has to be named like its file`);
  }
}

function fillOptions<Options extends OptionTable>(
  declared: Options,
  given: RawInvocation['given'],
): OptionValues<Options> {
  const values: Record<string, string | boolean | undefined> = {};
  for (const [name, option] of Object.entries(declared)) {
    values[name] = option.kind === 'flag' ? given[name] === true : (given[name] ?? option.default);
  }
  // The loop gave every declared name a value of its declared kind, which the type checker cannot follow.
  return values as OptionValues<Options>;
}
