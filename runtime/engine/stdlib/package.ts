/** `require`, `module` and the table `package` (Lua 5.1 manual section 5.3). */
import type { HostFunction } from '../../contract/host.ts';
import {
  bothColours,
  callValue,
  cellAtLevel,
  currentTask,
  defineLibrary,
  getMetatable,
  instantiateInThread,
  isTruthy,
  LuaObject,
  type LuaResult,
  LuaTable,
  type LuaValue,
  noResults,
  raise,
  rawGet,
  rawGetNumber,
  rawGetString,
  rawSetString,
  results3,
  SourceError,
  type Steps,
  setMetatable,
  tableFromArray,
  toText,
} from '../api.ts';
import { checkString, checkTable } from './arguments.ts';
import { describe } from './describe.ts';

/** Stands in `package.loaded` while a module loads, so that a loop is noticed. */
class Loading extends LuaObject {}

export const require = bothColours('require', function* (given?: LuaValue): Steps {
  const name = checkString(given, 1, 'require', arguments.length);
  const { loaded } = currentTask().env;
  const known = rawGetString(loaded, name);
  if (known instanceof Loading) raise(`loop or previous error loading module '${name}'`);
  if (isTruthy(known)) return known as LuaValue;
  const loader = yield* findLoader(name);
  const mark = new Loading();
  rawSetString(loaded, name, mark);
  const [value] = yield callValue(loader, [name]);
  if (value !== undefined) rawSetString(loaded, name, value);
  else if (rawGetString(loaded, name) === mark) rawSetString(loaded, name, true);
  return rawGetString(loaded, name);
});

/** Asks the functions in `package.loaders` in turn. */
function* findLoader(name: string): Generator<LuaResult, LuaValue, LuaValue[]> {
  const loaders = rawGetString(packageTable(), 'loaders');
  if (!(loaders instanceof LuaTable)) raise("'package.loaders' must be a table");
  let tried = '';
  for (let at = 1; ; at++) {
    const loader = rawGetNumber(loaders, at);
    if (loader === undefined) raise(`module '${name}' not found:${tried}`);
    const [found] = yield callValue(loader, [name]);
    if (typeof found === 'function') return found;
    if (typeof found === 'string') tried += found;
  }
}

function packageTable(): LuaTable {
  const table = rawGetString(currentTask().env.loaded, 'package');
  return table instanceof LuaTable ? table : raise("'package' must be a table");
}

/** First of `package.loaders`. */
function loadPreloaded(given: LuaValue): LuaResult {
  const name = checkString(given, 1, 'require', arguments.length);
  const preload = rawGetString(packageTable(), 'preload');
  if (!(preload instanceof LuaTable)) raise("'package.preload' must be a table");
  return rawGet(preload, name) ?? `\n\tno field package.preload['${name}']`;
}

/** Second of `package.loaders`: modules compiled ahead and, where allowed, Lua files. */
function loadFromPath(given: LuaValue): LuaResult {
  const name = checkString(given, 1, 'require', arguments.length);
  const path = toText(rawGetString(packageTable(), 'path'));
  if (path === undefined) raise("'package.path' must be a string");
  const { loader } = currentTask();
  let tried = '';
  for (const file of candidates(path, name)) {
    const outcome = loader?.module(file);
    if (outcome instanceof SourceError)
      raise(`error loading module '${name}' from file '${file}':\n\t${outcome.message}`);
    if (outcome !== undefined) return instantiateInThread(outcome);
    tried += `\n\tno file '${file}'`;
  }
  return tried;
}

/** The files `require` tries: each template with the dots of the name as directory separators. */
function candidates(path: string, name: string): string[] {
  const file = name.replaceAll('.', '/');
  return path
    .split(';')
    .filter((template) => template !== '')
    .map((template) => template.replaceAll('?', () => file));
}

export const module = bothColours('module', function* (given?: LuaValue, ...options: LuaValue[]): Steps {
  const name = checkString(given, 1, 'module', arguments.length);
  const cell = cellAtLevel(1);
  if (cell === undefined) raise("'module' not called from a Lua function");
  const table = moduleTable(name);
  if (rawGetString(table, '_NAME') === undefined) describeModule(table, name);
  cell.t = table;
  for (const option of options) yield callValue(option, [table]);
  return noResults();
});

function moduleTable(name: string): LuaTable {
  const { loaded, globals } = currentTask().env;
  const known = rawGetString(loaded, name);
  if (known instanceof LuaTable) return known;
  let table = globals;
  for (const field of name.split('.')) {
    const next = rawGetString(table, field) ?? new LuaTable();
    if (!(next instanceof LuaTable)) raise(`name conflict for module '${name}'`);
    rawSetString(table, field, next);
    table = next;
  }
  rawSetString(loaded, name, table);
  return table;
}

function describeModule(table: LuaTable, name: string): void {
  rawSetString(table, '_M', table);
  rawSetString(table, '_NAME', name);
  rawSetString(table, '_PACKAGE', name.slice(0, name.lastIndexOf('.') + 1));
}

/** Lets a module see the globals. */
function seeall(given: LuaValue): LuaResult {
  const table = checkTable(given, 1, 'seeall', arguments.length);
  const metatable = getMetatable(table) ?? new LuaTable();
  rawSetString(metatable, '__index', currentTask().env.globals);
  setMetatable(table, metatable);
  return noResults();
}

function loadlib(): LuaResult {
  return results3(undefined, 'dynamic libraries not enabled; check your Lua installation', 'absent');
}

/** Directory separator, path separator, mark of the name, and two marks that only C libraries need. */
const CONFIG = '/\n;\n?\n!\n-';

/** The library, with the search path every environment starts with. */
export function packageLibrary(path: string) {
  return defineLibrary(
    'package',
    { loadlib, seeall },
    {
      values: { config: CONFIG, cpath: '', path },
      setup(env, table) {
        // The table is fresh: nothing can watch it.
        const { $h: fields } = table;
        fields.loaded = env.loaded;
        fields.preload = env.preload;
        fields.loaders = tableFromArray([loadPreloaded, loadFromPath]);
      },
    },
  );
}

export const packageFunctions: readonly HostFunction[] = [
  describe(
    'sync',
    'loadlib(path: string, name: string): any, string, string',
    'Always fails: there are no C libraries.',
  ),
  describe('sync', 'seeall(module: table)', 'Lets a module see the globals.'),
];
