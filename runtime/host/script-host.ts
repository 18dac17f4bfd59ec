/** Everything a script finds in its environment beside Lua itself, made once from the modules the server has. */
import type { HostManifest, ScriptClass } from '../contract/host.ts';
import { SCRIPT_CLASSES } from '../contract/host.ts';
import { type Environment, type Library, libraryTable } from '../engine/api.ts';
import { BACKEND_RESULT_TABLES, backendResultLibrary } from './backend-result.ts';
import type { Openers } from './bare-environment.ts';
import { BUILTIN_TABLE, builtinLibrary } from './builtin.ts';
import { channelTable } from './channel.ts';
import { type ModuleDefinition, once } from './define.ts';
import { addSearcher, type ClassModules, libraryOpeners, modulesFor } from './dynamic-loader.ts';
import { describeHost } from './manifest.ts';

export interface ScriptHost {
  /** What the compiler has to know of the host. */
  readonly manifest: () => HostManifest;
  /** Gives a fresh environment the globals of a script class: `dynamic_loader`, `nauthilus_builtin` and so on. */
  install(env: Environment, scriptClass: ScriptClass): void;
  /** What code gets that scripts start beside themselves. */
  readonly openers: Openers;
}

/** `modules` is the registry `runtime/modules/index.gen.ts`. */
export function createScriptHost(modules: readonly ModuleDefinition[]): ScriptHost {
  const globals = Object.fromEntries(SCRIPT_CLASSES.map((each) => [each, globalsOf(each, modules)])) as Record<
    ScriptClass,
    ClassGlobals
  >;
  const openers = libraryOpeners(modules);
  return Object.freeze({
    manifest: once(() => describeHost(modules)),
    openers,
    install: (env: Environment, scriptClass: ScriptClass) => {
      env.host = openers;
      installGlobals(env, globals[scriptClass]);
    },
  });
}

/**
 * The modules, if each is named like its file: `dynamic_loader` is given that name. One file may add to the module of
 * another, as both of a loader's files do. Throws and names the file.
 */
export function namedLikeTheirFiles(
  modules: readonly ModuleDefinition[],
  files: readonly string[],
): readonly ModuleDefinition[] {
  const names = new Set(files.map((file) => file.replace(/^.*\/|\.ts$/g, '')));
  for (const [at, { loader }] of modules.entries()) {
    const file = files[at] ?? '';
    if (
      file.endsWith(`/${loader}.ts`) ||
      (names.has(loader) && modules.filter((each) => each.loader === loader).length > 1)
    )
      continue;
    throw new Error(`${file}: the module '${loader}' has to be named like its file`);
  }
  return modules;
}

interface ClassGlobals {
  readonly modules: ClassModules;
  readonly builtin: Library | undefined;
  readonly backendResult: Library | undefined;
}

function globalsOf(scriptClass: ScriptClass, modules: readonly ModuleDefinition[]): ClassGlobals {
  return {
    modules: modulesFor(scriptClass, modules),
    builtin: builtinLibrary(scriptClass),
    backendResult: backendResultLibrary(scriptClass),
  };
}

function installGlobals(env: Environment, { modules, builtin, backendResult }: ClassGlobals): void {
  // The environment is fresh, nothing can watch its globals: they are stored without a question.
  const { $h: fields } = env.globals;
  fields.dynamic_loader = modules.dynamicLoader;
  fields.channel = channelTable();
  addSearcher(env, modules.searcher);
  if (builtin !== undefined) fields[BUILTIN_TABLE] = libraryTable(builtin);
  if (backendResult === undefined) return;
  const table = libraryTable(backendResult);
  for (const name of BACKEND_RESULT_TABLES) fields[name] = table;
}
