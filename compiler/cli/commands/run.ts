/** `nauthilus run`: runs a Lua file as the `lua` command does, with all host modules. */
import { readFileSync } from 'node:fs';
import { type Config, loadConfig, parseConfig } from '../../../runtime/config/index.ts';
import type { CompiledChunk } from '../../../runtime/contract/abi.ts';
import { SCRIPT_CLASSES, type ScriptClass } from '../../../runtime/contract/host.ts';
import {
  Budget,
  type Environment,
  rawSet,
  runTask,
  setGlobal,
  setInternalErrorHook,
  type Task,
  tableFromEntries,
} from '../../../runtime/engine/api.ts';
import { fromUtf8, toUtf8String } from '../../../runtime/engine/bytes.ts';
import { type Loader, withoutFileHead } from '../../../runtime/engine/load.ts';
import { DEFAULT_PACKAGE_PATH } from '../../../runtime/engine/stdlib/index.ts';
import { FULL_ACCESS, setSystemAccess } from '../../../runtime/engine/stdlib/system.ts';
import { HostCall, type ScriptLog } from '../../../runtime/host/call.ts';
import { describeModules } from '../../../runtime/index.ts';
import { ScriptState } from '../../../runtime/login/script-state.ts';
import { environmentsFor } from '../../../runtime/script-environments.ts';
import { type OpenedServices, openServices } from '../../../runtime/services/index.ts';
import { compileInMemory } from '../../build/in-memory.ts';
import { type LuaFiles, readProgram } from '../../build/program.ts';
import { type CommandContext, defineCommand, EXIT, type ExitCode } from '../command.ts';
import { describeFailure } from '../failure-text.ts';
import { createHostLoader } from '../loader.ts';
import { CommandFailure } from '../main.ts';
import { renderDiagnostics, wantsColours } from '../render.ts';

export default defineCommand({
  name: 'run',
  doc: 'run a Lua file with all host modules',
  details: `Works like the lua command: the global 'arg' holds the arguments, '-' reads the program from standard input, LUA_PATH says
where require searches. Host modules are those of the script class given with --class.

Exit codes: 0 the script ended, 1 it failed (message and traceback are on stderr), 2 wrong usage.`,
  args: [
    { name: 'file', doc: 'the Lua file', kind: 'required' },
    { name: 'args', doc: 'arguments of the script', kind: 'rest' },
  ],
  options: {
    config: { kind: 'value', short: 'c', value: 'file', doc: 'configuration file for the host modules' },
    class: { kind: 'value', value: 'name', doc: `one of ${SCRIPT_CLASSES.join(', ')}`, default: 'filter' },
  },
  inArtifact: true,
  run: async ({ options, args, context }): Promise<ExitCode> => {
    const [file = '-', ...rest] = args;
    const config = configOf(options.config, context);
    return runFile({ file, args: rest, scriptClass: classOf(options.class), config }, context);
  },
});

function classOf(name: string): ScriptClass {
  const found = SCRIPT_CLASSES.find((each) => each === name);
  if (found === undefined) throw new CommandFailure(`unknown script class '${name}': ${SCRIPT_CLASSES.join(', ')}`);
  return found;
}

/** Without -c the defaults: a script that has nothing to do with the server must not need its configuration. */
function configOf(path: string | undefined, context: CommandContext): Config {
  const { env } = context;
  const loaded =
    path === undefined
      ? parseConfig({ text: 'server: { backends: [cache] }', file: 'defaults', env })
      : loadConfig({ path, env });
  if (loaded.config !== undefined) return loaded.config;
  throw new CommandFailure(loaded.diagnostics.map(({ message }) => message).join('\n'));
}

interface RunOptions {
  /** Path of the Lua file; `-` is standard input. */
  readonly file: string;
  readonly args: readonly string[];
  readonly scriptClass: ScriptClass;
  readonly config: Config;
}

/** Compiles and runs the file. Everything that goes wrong in it is printed, nothing is thrown. */
async function runFile(options: RunOptions, context: CommandContext): Promise<ExitCode> {
  const path = context.env.LUA_PATH?.replace(';;', `;${DEFAULT_PACKAGE_PATH};`) ?? DEFAULT_PACKAGE_PATH;
  const program = compileFile(options.file, path, context);
  if (program === undefined) return EXIT.failed;
  setSystemAccess(FULL_ACCESS);
  setInternalErrorHook((error) => context.err(`nauthilus: internal error: ${stackOf(error)}\n`));
  const sink = { write: context.err, close: async () => undefined };
  const services = await openServices(options.config, { sink });
  const env = environmentsFor(path)(options.scriptClass);
  setArguments(env, options);
  const task = newTask(env, services, options.scriptClass, program.loader);
  try {
    await runTask(task, program.main.instantiate(env), options.args.map(fromUtf8));
    return EXIT.ok;
  } catch (error) {
    context.err(`nauthilus: ${toUtf8String(describeFailure(task, error))}\n`);
    return EXIT.failed;
  } finally {
    await services.close();
  }
}

interface CompiledFile {
  readonly main: CompiledChunk;
  readonly loader: Loader;
}

/** The file and what it requires, compiled as one program; undefined after reporting what is wrong with it. */
function compileFile(file: string, packagePath: string, context: CommandContext): CompiledFile | undefined {
  const manifest = describeModules();
  const files = luaFiles(file === '-');
  const name = file === '-' ? STDIN_NAME : file;
  const script = { scriptClass: 'filter', name, path: name } as const;
  const sources = readProgram({ scripts: [script], packagePath }, manifest, files);
  const { chunks, diagnostics } = compileInMemory(sources.sources, manifest);
  const errors = [...sources.diagnostics, ...diagnostics].filter(({ severity }) => severity === 'error');
  const main = chunks.get(name);
  if (main === undefined || errors.length > 0) {
    const colours = wantsColours(process.stderr, context.env);
    context.err(renderDiagnostics(errors, { readSource: files.read, colours }));
    return undefined;
  }
  const modules = new Map(sources.modules.map(([path, name]) => [path, chunks.get(name)] as const));
  const loader = createHostLoader(() => manifest);
  return { main, loader: { ...loader, module: (path) => modules.get(path) ?? loader.module(path) } };
}

const STDIN = 0;
/** What messages call the program read from standard input. */
const STDIN_NAME = 'stdin';

function luaFiles(usesStdin: boolean): LuaFiles {
  const contents = new Map<string, string | undefined>();
  const read = (path: string): string | undefined => {
    if (!contents.has(path)) contents.set(path, readBytes(path === STDIN_NAME && usesStdin ? STDIN : path));
    return contents.get(path);
  };
  // Modules whose names are computed are found when they are required.
  return { read, list: () => [] };
}

function readBytes(source: string | number): string | undefined {
  try {
    return withoutFileHead(readFileSync(source, 'latin1'));
  } catch {
    return undefined;
  }
}

/** `arg` as the `lua` command sets it. */
function setArguments(env: Environment, { file, args }: RunOptions): void {
  const table = tableFromEntries([
    [-1, 'nauthilus'],
    [0, fromUtf8(file)],
  ]);
  for (const [at, value] of args.entries()) rawSet(table, at + 1, fromUtf8(value));
  setGlobal(env, 'arg', table);
}

function newTask(env: Environment, services: OpenedServices, scriptClass: ScriptClass, loader: Loader): Task {
  const unlimited = Number.POSITIVE_INFINITY;
  const log = services.log.named('lua/run');
  const scriptLog: ScriptLog = {
    debug: (fields, msg) => log.debug('lua', { ...fields, msg }),
    info: (fields, msg) => log.info({ ...fields, msg }),
    warn: (fields, msg) => log.warn({ ...fields, msg }),
    error: (fields, msg) => log.error({ ...fields, msg }),
  };
  return {
    env,
    loader,
    budget: new Budget({ deadlineMs: unlimited, blockingMs: unlimited, memoryBytes: unlimited }),
    host: new HostCall({ scriptClass, services, state: new ScriptState(new Map(), undefined), log: scriptLog }),
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
