/**
 * How scripts get at host modules: `dynamic_loader(name)` fills `package.preload`, and a loader behind the file search lets
 * `require` find them without it. Which modules there are depends on the script class.
 */
import type { HostFunction, ScriptClass } from '../contract/host.ts';
import {
  currentTask,
  type Environment,
  type LuaFunction,
  LuaTable,
  libraryTable,
  nameBuiltin,
  noResults,
  raise,
  rawLength,
  rawSet,
  setMetatable,
  tableFromEntries,
} from '../engine/api.ts';
import { Openers } from './bare-environment.ts';
import { currentCall } from './call.ts';
import { textOf } from './convert.ts';
import { type Declaration, type ModuleDefinition, pure } from './define.ts';
import { nearest } from './nearest.ts';
import { lax, result, str } from './signature.ts';

/** Makes the value of a module in the running environment: what `require` returns. */
type Opener = LuaFunction;

/** The modules of one script class, by both of their names. */
export interface ClassModules {
  /** The global function `dynamic_loader`. */
  readonly dynamicLoader: LuaFunction;
  /** Appended to `package.loaders`. */
  readonly searcher: LuaFunction;
}

const NAMES: Readonly<Record<ScriptClass, string>> = {
  init: 'init scripts',
  callback: 'callback scripts',
  feature: 'features',
  backend: 'backend scripts',
  filter: 'filters',
  action: 'actions',
};

/** Prepare the loaders of one class; once per process and class. */
export function modulesFor(scriptClass: ScriptClass, modules: readonly ModuleDefinition[]): ClassModules {
  const available = modules.filter((each) => each.classes.includes(scriptClass));
  const openers = new Map(available.map((each) => [each, openerOf(each)] as const));
  return {
    dynamicLoader: nameBuiltin(declareLoader(available, openers).define('dynamic_loader'), 'dynamic_loader'),
    searcher: nameBuiltin(declareSearcher(scriptClass, modules, openers).define('search'), 'search'),
  };
}

/** Modules that are no part of the server, by the name given to `require`. */
export function libraryOpeners(modules: readonly ModuleDefinition[]): Openers {
  const libraries = modules.filter(({ loader }) => loader.startsWith('nauthilus_gll_'));
  return new Openers(
    new Map(libraries.flatMap((each) => each.requires.map((name) => [name, openerOf(each)] as const))),
  );
}

function openerOf(definition: ModuleDefinition): Opener {
  const { library, values, globals } = definition;
  return () => {
    refuseUnavailable(definition);
    const { functions, hidden, call } = library();
    const module = libraryTable(functions);
    if (hidden !== undefined) setMetatable(module, tableFromEntries([['__index', libraryTable(hidden)]]));
    if (call !== undefined) setMetatable(module, tableFromEntries([['__call', call]]));
    for (const [name, value] of Object.entries(values?.() ?? {})) rawSet(module, name, value);
    for (const [name, value] of Object.entries(globals?.() ?? {})) rawSet(currentTask().env.globals, name, value);
    return module;
  };
}

function refuseUnavailable({ unavailable }: ModuleDefinition): void {
  const reason = unavailable?.(currentCall());
  if (reason !== undefined) raise(reason);
}

const LOADER_DOC = 'Make a host module available to require; names that are unknown or not for this class are ignored.';

function declareLoader(
  available: readonly ModuleDefinition[],
  openers: ReadonlyMap<ModuleDefinition, Opener>,
): Declaration {
  const byLoader = new Map<string, readonly ModuleDefinition[]>();
  for (const each of available) {
    for (const name of [each.loader, ...each.aliases]) byLoader.set(name, [...(byLoader.get(name) ?? []), each]);
  }
  return pure({ doc: LOADER_DOC, args: [str('name')] }, (name) => {
    const definitions = byLoader.get(name) ?? [];
    for (const each of definitions) {
      refuseUnavailable(each);
      preload(currentTask().env, each, openers.get(each));
    }
    return noResults();
  });
}

function preload(env: Environment, definition: ModuleDefinition, opener: Opener | undefined): void {
  for (const name of definition.requires) rawSet(env.preload, name, opener);
  for (const name of definition.aliases) rawSet(env.preload, name, opener);
}

/** Answers like any entry of `package.loaders`: a function that makes the module, or why there is none. */
function declareSearcher(
  scriptClass: ScriptClass,
  modules: readonly ModuleDefinition[],
  openers: ReadonlyMap<ModuleDefinition, Opener>,
): Declaration {
  const byName = modulesByName(modules);
  return pure(
    { doc: 'Find a host module by its name.', args: [lax('name')], returns: [result('loader', 'any')] },
    (name) => {
      const definition = byName.get(textOf(name));
      if (definition === undefined) return `\n\tno host module '${textOf(name)}'${suggestion(textOf(name), byName)}`;
      return openers.get(definition) ?? `\n\thost module '${textOf(name)}' is not available in ${NAMES[scriptClass]}`;
    },
  );
}

/** Which module `require` finds under a name when `dynamic_loader` was not called. */
export function modulesByName(modules: readonly ModuleDefinition[]): ReadonlyMap<string, ModuleDefinition> {
  const byName = new Map<string, ModuleDefinition>();
  for (const each of modules) {
    // Of two modules with one name the last in order has it; dynamic_loader chooses the other one.
    for (const name of each.requires) byName.set(name, each);
  }
  for (const each of modules) {
    for (const name of spareNamesOf(each)) if (!byName.has(name)) byName.set(name, each);
  }
  return byName;
}

/** What a module is found by too, where no module has it as its name: of several with one loader the first. */
function spareNamesOf(definition: ModuleDefinition): readonly string[] {
  const isShared = definition.requires.length > 1;
  return [...definition.aliases, ...(isShared ? [] : [definition.loader])];
}

function suggestion(name: string, known: ReadonlyMap<string, ModuleDefinition>): string {
  const close = nearest(name, [...known.keys()]);
  return close === undefined ? '' : `, did you mean '${close}'?`;
}

/** Appends the class's loader to the environment's `package.loaders`. */
export function addSearcher(env: Environment, searcher: LuaFunction): void {
  const library = env.loaded.$h.package;
  const loaders = library instanceof LuaTable ? library.$h.loaders : undefined;
  if (loaders instanceof LuaTable) rawSet(loaders, rawLength(loaders) + 1, searcher);
}

/** For the manifest. */
export const dynamicLoaderDescription: HostFunction = pure({ doc: LOADER_DOC, args: [str('name')] }, () =>
  noResults(),
).describe('dynamic_loader');
