/** From a configuration file to a compiled program: what `build`, `watch` and `check` have in common. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Config, hideValues, loadConfig, scriptCandidates, scriptSet } from '../../runtime/config/index.ts';
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import { type LuaFiles, type ProgramFiles, type ReadMemory, readProgram } from '../build/program.ts';
import {
  type CompiledFile,
  compileInSteps,
  compileProgram,
  newProgramMemory,
  type ProgramMemory,
} from '../front/index.ts';
import type { CommandContext } from './command.ts';
import { type RenderOptions, renderDiagnostics, wantsColours } from './render.ts';

/** A configuration that can be used, and where its Lua files lie. */
export interface Project {
  readonly config: Config;
  readonly configFile: string | undefined;
  readonly luaFiles: LuaFiles;
}

export interface LoadedProject {
  /** Undefined when a diagnostic is an error. */
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CompiledProject {
  readonly files: ProgramFiles;
  /** One entry per source that compiled. */
  readonly compiled: readonly CompiledFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the configuration; `path` as given with -c, undefined for the usual places. */
export function loadProject(path: string | undefined, env: CommandContext['env']): LoadedProject {
  const { config, file, diagnostics } = loadConfig({ path, env });
  if (config === undefined) return { project: undefined, diagnostics };
  return { project: { config, configFile: file, luaFiles: luaFilesOnDisk(file) }, diagnostics };
}

/** For a project that is compiled again and again: what has not changed is not compiled again. */
export interface ProjectMemory {
  readonly files: ReadMemory;
  readonly program: ProgramMemory;
}

export function newProjectMemory(): ProjectMemory {
  return { files: new Map(), program: newProgramMemory() };
}

/** Compiles the scripts of the project and everything they require; all broken files are in the diagnostics. */
export function compileProject(
  { config, luaFiles }: Project,
  manifest: HostManifest,
  memory?: ProjectMemory,
): CompiledProject {
  const files = readProgram(scriptSet(config), manifest, luaFiles, memory?.files);
  const result = compileProgram(files.sources, manifest, {}, memory?.program);
  return { files, compiled: result.files, diagnostics: [...files.diagnostics, ...result.diagnostics] };
}

/** How long others wait for their turn, in milliseconds. */
const TURN_MS = 10;

/** The same, and others have a turn every now and then: plugins of the bundler, for example. */
export async function compileInTurns({ config, luaFiles }: Project, manifest: HostManifest): Promise<CompiledProject> {
  const files = readProgram(scriptSet(config), manifest, luaFiles);
  const steps = compileInSteps(files.sources, manifest);
  for (let began = Number.NEGATIVE_INFINITY; ; ) {
    if (performance.now() - began > TURN_MS) {
      await setImmediate();
      began = performance.now();
    }
    const step = steps.next();
    if (step.done) {
      const { files: compiled, diagnostics } = step.value;
      return { files, compiled, diagnostics: [...files.diagnostics, ...diagnostics] };
    }
  }
}

/** The configuration, every Lua file of the program, and the places where a file would become part of it. */
export function projectFiles(
  project: Project | undefined,
  { files }: Pick<CompiledProject, 'files'>,
): readonly string[] {
  const lua = [...files.sources.map(({ name }) => name), ...files.absent];
  const configFile = project?.configFile;
  const places = lua.flatMap((path) => scriptCandidates(path, configFile));
  return configFile === undefined ? places : [configFile, ...places];
}

/** Is there anything that makes the result unusable? */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** Shows diagnostics on stderr, with excerpts of the files they speak of; those of a configuration show no secrets. */
export function reportDiagnostics(
  diagnostics: readonly Diagnostic[],
  configFile: string | undefined,
  context: CommandContext,
  { columns = false }: Pick<RenderOptions, 'columns'> = {},
): void {
  if (diagnostics.length === 0) return;
  const { read } = luaFilesOnDisk(configFile);
  const colours = wantsColours(process.stderr, context.env);
  const ofConfig = diagnostics.filter(({ code }) => code.startsWith('config-'));
  const configFiles = new Map(
    ofConfig.flatMap(({ place }) => (place === undefined ? [] : [[place.file, showable(read(place.file))] as const])),
  );
  const readSource = (file: string) => (configFiles.has(file) ? configFiles.get(file) : read(file));
  context.err(renderDiagnostics(diagnostics, { readSource, colours, columns }));
}

function showable(text: string | undefined): string | undefined {
  return text === undefined ? undefined : hideValues(text);
}

function luaFilesOnDisk(configFile: string | undefined): LuaFiles {
  return {
    read: (path) => firstResult(scriptCandidates(path, configFile), readBytes),
    list: (folder) =>
      firstResult(scriptCandidates(folder, configFile), (found) =>
        listLuaFiles(found)?.map((name) => join(folder, name)),
      ) ?? [],
  };
}

function firstResult<Result>(
  paths: readonly string[],
  attempt: (path: string) => Result | undefined,
): Result | undefined {
  for (const path of paths) {
    const result = attempt(path);
    if (result !== undefined) return result;
  }
  return undefined;
}

function readBytes(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function listLuaFiles(folder: string): readonly string[] | undefined {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.lua')).sort();
  } catch {
    return undefined;
  }
}
