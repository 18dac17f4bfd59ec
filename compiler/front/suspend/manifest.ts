/** The manifest as values: Lua's libraries as tables of host functions, host modules, globals. */
import type { HostFunction, HostManifest, HostModule } from '../../../runtime/contract/host.ts';
import type { HostCode } from './values.ts';

/** Lua 5.1 manual section 5; the manifest knows library functions by their last name only. */
const LIBRARIES: Readonly<Record<string, string>> = {
  base:
    'assert collectgarbage dofile error gcinfo getfenv getmetatable ipairs load loadfile loadstring module newproxy next ' +
    'pairs pcall print rawequal rawget rawset require select setfenv setmetatable tonumber tostring type unpack xpcall',
  coroutine: 'create resume running status wrap yield',
  debug:
    'debug getfenv gethook getinfo getlocal getmetatable getregistry getupvalue setfenv sethook setlocal setmetatable ' +
    'setupvalue traceback',
  io: 'close flush input lines open output popen read tmpfile type write',
  math:
    'abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp ldexp log log10 max min mod modf pow rad random ' +
    'randomseed sin sinh sqrt tan tanh',
  os: 'clock date difftime execute exit getenv remove rename setlocale time tmpname',
  package: 'loadlib seeall',
  string: 'byte char dump find format gfind gmatch gsub len lower match rep reverse sub upper',
  table: 'concat foreach foreachi getn insert maxn remove setn sort',
};

/** Names of all functions of a library; those of `base` are the globals. */
export const LIBRARY_FUNCTIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(LIBRARIES).map(([library, names]) => [library, new Set(names.split(' '))]),
);

export const LIBRARY_NAMES: readonly string[] = Object.keys(LIBRARIES).filter((name) => name !== 'base');

const SCALARS = new Set(['string', 'number', 'integer', 'boolean', 'nil', 'error']);

/** Can a value of this type hold no function? Types are LuaLS types: `string?`, `string|number`, `'default'|handle`. */
export function isScalar(type: string): boolean {
  return type.split(/[|?,\s]+/).every((part) => part === '' || SCALARS.has(part) || /^['"].*['"]$|^[\d.]+$/.test(part));
}

export class HostIndex {
  readonly #byName = new Map<string, HostFunction[]>();
  readonly #codes = new Map<string, HostCode>();
  /** Functions of the manifest that are no function of Lua: globals of script classes, methods, extra library functions. */
  readonly #extra: readonly string[];
  readonly #modules = new Map<string, HostModule>();
  /** By name: functions of all modules and methods of all userdata. */
  readonly #foreign = new Map<string, HostCode[]>();
  /** Is there anything that waits for the host? */
  readonly hasIo: boolean;
  /** Does any module function take functions, which the host may keep and call later? */
  readonly keepsFunctions: boolean;
  /** Names of the functions and methods that may make functions anew elsewhere. */
  readonly startingCode: readonly string[];
  static readonly #indexes = new WeakMap<HostManifest, HostIndex>();

  /** One index per manifest: `load` compiles many small chunks with the same. */
  static of(manifest: HostManifest): HostIndex {
    let index = HostIndex.#indexes.get(manifest);
    if (index === undefined) {
      index = new HostIndex(manifest);
      HostIndex.#indexes.set(manifest, index);
    }
    return index;
  }

  private constructor(manifest: HostManifest) {
    for (const host of manifest.globals) pushTo(this.#byName, host.name, host);
    const known = new Set([...LIBRARY_FUNCTIONS.values()].flatMap((names) => [...names]));
    this.#extra = [...this.#byName.keys()].filter((name) => !known.has(name));
    for (const name of this.#extra) pushTo(this.#foreign, name, this.#code('base', name, this.#byName.get(name) ?? []));
    for (const module of manifest.modules) this.#addModule(module);
    const modules = manifest.modules.flatMap(({ functions, userdata }) => [
      ...functions,
      ...userdata.flatMap(({ methods }) => methods),
    ]);
    this.hasIo = [...manifest.globals, ...modules].some(({ colour }) => colour === 'io');
    this.keepsFunctions = modules.some(({ params }) => params.some(({ type }) => type.includes('function')));
    this.startingCode = [...manifest.globals, ...modules].flatMap(({ name, startsCode }) => (startsCode ? [name] : []));
  }

  /** Functions of one of Lua's libraries, those of `base` being the globals. */
  library(name: string): readonly HostCode[] {
    const names = [...(LIBRARY_FUNCTIONS.get(name) ?? []), ...this.#extra];
    return names.flatMap((each) => {
      const declarations = this.#byName.get(each);
      return declarations === undefined ? [] : [this.#code(name, each, declarations)];
    });
  }

  /** The host module that `require(name)` gives. */
  module(name: string): HostModule | undefined {
    return this.#modules.get(name);
  }

  get modules(): readonly HostModule[] {
    return [...new Set(this.#modules.values())];
  }

  functionsOf(module: HostModule): readonly HostCode[] {
    return module.functions.map((host) => this.#moduleFunction(module, host));
  }

  /** Functions and methods of this name in any module. */
  foreign(name: string): readonly HostCode[] {
    return this.#foreign.get(name) ?? [];
  }

  #addModule(module: HostModule): void {
    for (const name of module.requires) this.#modules.set(name, module);
    for (const host of module.functions) pushTo(this.#foreign, host.name, this.#moduleFunction(module, host));
    for (const { name: owner, methods } of module.userdata) {
      for (const host of methods)
        pushTo(this.#foreign, host.name, this.#code(`${nameOf(module)}.${owner}`, host.name, [host]));
    }
  }

  #moduleFunction(module: HostModule, host: HostFunction): HostCode {
    return this.#code(nameOf(module), host.name, [host]);
  }

  #code(owner: string, name: string, declarations: readonly HostFunction[]): HostCode {
    const memo = `${owner} ${name}`;
    let code = this.#codes.get(memo);
    if (code === undefined) {
      const library = LIBRARY_FUNCTIONS.get(owner)?.has(name) === true ? owner : '';
      code = { kind: 'host', name, owner, library, declarations };
      this.#codes.set(memo, code);
    }
    return code;
  }
}

/** Modules may share a loader, but not what they are required by. */
function nameOf({ loader, requires }: HostModule): string {
  return `${loader} ${requires.join(' ')}`;
}

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
