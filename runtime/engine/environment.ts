/**
 * Environments: the globals of one run of a script class. Library tables are objects of the environment, laid over a
 * shared base by JS prototype: making one costs next to nothing, and what a script changes lands in its own objects.
 * The base objects are not frozen (assigning to a name they hold must work one level above), but nothing Lua can
 * reach refers to them.
 */
import { compileFunction } from 'node:vm';
import type { EnvironmentLayout, LuaFunction, LuaValue, StringPart } from '../contract/abi.ts';
import { NO_ELEMENTS, NO_PROTOTYPE, NO_STRINGS } from './descriptor.ts';
import { nameBuiltin } from './positions.ts';
import { LuaTable, PLAIN, rawSetString, tableFromEntries } from './table.ts';
import type { LuaObject } from './value.ts';

/** A library as data, made once per process. */
export interface Library {
  /** Name of its global table; `_G` for functions that are globals themselves. */
  readonly name: string;
  /** Fills in what must be new in each environment (`package.loaded`, `io.stdout`); after all tables exist. */
  readonly setup: ((env: Environment, table: LuaTable) => void) | undefined;
  /** Makes the string part of one environment's table. */
  readonly strings: new () => StringPart;
}

export interface LibraryOptions {
  /** Immutable values beside the functions, e.g. `math.pi`; objects that keep nothing of a script, e.g. `io.stdout`. */
  readonly values?: Readonly<Record<string, string | number | boolean | LuaObject>>;
  readonly setup?: Library['setup'];
}

/** Names the functions for tracebacks and makes the shared base of the library's tables. */
export function defineLibrary(
  name: string,
  functions: Readonly<Record<string, LuaFunction>>,
  options: LibraryOptions = {},
): Library {
  const base: StringPart = Object.setPrototypeOf({}, null);
  for (const [key, fn] of Object.entries(functions)) base[key] = nameBuiltin(fn, key);
  Object.assign(base, options.values);
  return { name, setup: options.setup, strings: stringsOver(base) };
}

function stringsOver(base: StringPart): new () => StringPart {
  function LibraryStrings(): void {}
  LibraryStrings.prototype = base;
  return LibraryStrings as unknown as new () => StringPart;
}

export class Environment implements EnvironmentLayout {
  /** `_G`. */
  readonly globals: LuaTable;
  /** `package.loaded`. */
  readonly loaded: LuaTable;
  /** `package.preload`. */
  readonly preload: LuaTable = new LuaTable();
  /** The table of the string library; methods of strings are looked up in it. */
  readonly string: LuaTable;
  /** Metatables that `debug.setmetatable` gave to primitive types, by JS `typeof`; made when needed. */
  private metatables: Map<string, LuaTable | undefined> | undefined;
  /** `string` until a script gets at the metatable of strings and could change where methods come from. */
  stringMethods: LuaTable;
  /** What `setfenv(0, t)` made the globals of the script's own thread, see function-environment.ts. */
  threadGlobals: LuaTable | undefined;
  private ownStringMetatable: LuaTable | undefined;
  /** What the host modules keep of the environment; nothing of a script. */
  host: object | undefined;
  /** Values of `perEnvironment`, by their readers. A weak map beside the environments would cost the collector more. */
  kept: Map<() => unknown, unknown> | undefined;

  constructor(globals: LuaTable, loaded: LuaTable, string: LuaTable) {
    this.globals = globals;
    this.loaded = loaded;
    this.string = string;
    this.stringMethods = string;
    this.threadGlobals = undefined;
    this.host = undefined;
    this.kept = undefined;
  }

  /** What `getmetatable("")` is: a table with `__index` = the string library, unless it was replaced. */
  private get stringMetatable(): LuaTable | undefined {
    if (this.metatables?.has('string')) return this.metatables.get('string');
    if (this.ownStringMetatable === undefined) {
      this.ownStringMetatable = tableFromEntries([['__index', this.string]]);
      this.stringMethods = new LuaTable();
    }
    return this.ownStringMetatable;
  }

  /** Metatable of the values of a primitive type, by JS `typeof`. */
  primitiveMetatable(type: string): LuaTable | undefined {
    return type === 'string' ? this.stringMetatable : this.metatables?.get(type);
  }

  /** Replaces the metatable of a primitive type, by JS `typeof` (Lua 5.1 manual, `debug.setmetatable`). */
  setPrimitiveMetatable(type: string, metatable: LuaTable | undefined): void {
    this.metatables ??= new Map();
    this.metatables.set(type, metatable);
    if (type === 'string') this.stringMethods = new LuaTable();
  }
}

/** A table of its own over the shared base; how module tables are made. */
export function libraryTable(library: Library): LuaTable {
  return new LuaTable(new library.strings(), NO_ELEMENTS, PLAIN.normal);
}

/** A new environment with all of `libraries`. */
export function createEnvironment(libraries: readonly Library[]): Environment {
  let maker = makers.get(libraries);
  if (maker === undefined) {
    maker = compileMaker(libraries);
    makers.set(libraries, maker);
  }
  return maker();
}

const makers = new WeakMap<readonly Library[], () => Environment>();

/**
 * The function that makes environments with these libraries, as code of its own: only where every name is a constant does
 * V8 give all environments the same hidden classes, and make one in a fifth of a microsecond.
 */
function compileMaker(libraries: readonly Library[]): () => Environment {
  const base = libraries.find((library) => library.name === '_G') ?? defineLibrary('_G', {});
  const tables = libraries.filter((library) => library !== base);
  const withSetup = libraries.filter((library) => library.setup !== undefined);
  const variables = tables.map((_, i) => `table${i}`);
  const hasString = tables.findIndex((library) => library.name === 'string');
  const code = [
    `function Globals(globals, ${variables}) { this._G = globals; ${storeAll(tables)} }`,
    'Globals.prototype = base;',
    `function Loaded(globals, ${variables}) { this._G = globals; ${storeAll(tables)} }`,
    'Loaded.prototype = nothing;',
    ...tables.map((_, i) => `const Strings${i} = strings[${i}];`),
    ...withSetup.map((_, i) => `const setup${i} = setups[${i}];`),
    'return function makeEnvironment() {',
    '  const globals = newTable(undefined), loaded = newTable(undefined);',
    ...tables.map((_, i) => `  const table${i} = newTable(new Strings${i}());`),
    `  globals.$h = new Globals(globals, ${variables});`,
    `  loaded.$h = new Loaded(globals, ${variables});`,
    `  const env = new Environment(globals, loaded, ${hasString < 0 ? 'newTable(NO_STRINGS)' : `table${hasString}`});`,
    ...withSetup.map(
      (library, i) => `  setup${i}(env, ${library === base ? 'globals' : variables[tables.indexOf(library)]});`,
    ),
    '  return env;',
    '};',
  ].join('\n');
  const parts = {
    Environment,
    newTable: (strings: StringPart | undefined) => new LuaTable(strings, NO_ELEMENTS, PLAIN.normal),
    base: base.strings.prototype,
    nothing: NO_PROTOTYPE,
    NO_STRINGS,
    strings: tables.map((library) => library.strings),
    setups: withSetup.map((library) => library.setup),
  };
  return compileFunction(code, Object.keys(parts))(...Object.values(parts)) as () => Environment;
}

function storeAll(tables: readonly Library[]): string {
  return tables.map(({ name }, i) => `this[${JSON.stringify(name)}] = table${i};`).join(' ');
}

/** A global of the environment, set for the script (raw). */
export function setGlobal(env: Environment, name: string, value: LuaValue): void {
  rawSetString(env.globals, name, value);
}
