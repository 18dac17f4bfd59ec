/** A manifest for tests of the front end: Lua's library with its colours, and a few host modules. */
import type { HostColour, HostFunction, HostManifest } from '../../runtime/contract/host.ts';

/** `name(type, …): type, …`, e.g. `redis_get(any, string): any`. */
function describe(colour: HostColour, signature: string): HostFunction {
  const [, name = '', params = '', returns = ''] = /^(\w+)\(([^)]*)\)(?:: (.*))?$/.exec(signature) ?? [];
  const types = (text: string): string[] => text.split(', ').filter((type) => type !== '');
  return {
    name,
    colour,
    doc: '',
    params: types(params).map((type) => ({ name: '', type, optional: false, variadic: false })),
    returns: types(returns).map((type) => ({ name: '', type })),
  };
}

function all(colour: HostColour, ...signatures: string[]): HostFunction[] {
  return signatures.map((signature) => describe(colour, signature));
}

const LUA: readonly HostFunction[] = [
  ...all('sync', 'assert(any): any', 'error(any)', 'getfenv(any): table', 'getmetatable(any): any'),
  ...all(
    'sync',
    'ipairs(table): function',
    'loadstring(string): function',
    'next(table): any',
    'pairs(table): function',
  ),
  ...all('sync', 'rawget(table, any): any', 'rawset(table, any, any): table', 'select(any, any): any'),
  ...all('sync', 'setfenv(any, table): any', 'setmetatable(table, table): table', 'tonumber(any): number'),
  ...all('sync', 'type(any): string', 'unpack(table): any', 'newproxy(any): userdata'),
  ...all('callback', 'load(function): function', 'module(string, any)', 'pcall(any): any', 'print(any)'),
  ...all('callback', 'tostring(any): string', 'xpcall(any, any): any'),
  ...all('io', 'dofile(string): any', 'require(string): any'),
  ...all('sync', 'create(function): thread', 'running(): thread', 'status(thread): string'),
  ...all('resumes', 'resume(thread, any): any', 'wrap(function): function'),
  ...all('yields', 'yield(any): any'),
  ...all('sync', 'find(string, string): any', 'gmatch(string, string): function', 'lower(string): string'),
  ...all('sync', 'rep(string, number): string', 'sub(string, number): string', 'upper(string): string'),
  ...all('callback', 'format(string, any): string', 'gsub(string, string, any): string'),
  ...all('sync', 'concat(table): string', 'insert(table, any)', 'remove(table): any'),
  ...all('callback', 'foreach(table, function): any', 'foreachi(table, function): any', 'sort(table, function)'),
  ...all('sync', 'floor(number): number', 'max(number): number', 'time(): number', 'getinfo(any): table'),
  ...all('sync', 'seeall(table)', 'open(string): userdata'),
  ...all('io', 'popen(string): userdata'),
];

const EVERYWHERE = ['init', 'callback', 'feature', 'backend', 'filter', 'action'] as const;

export const manifest: HostManifest = {
  globals: [...LUA, ...all('sync', 'dynamic_loader(string)')],
  modules: [
    {
      loader: 'nauthilus_redis',
      requires: ['nauthilus_redis'],
      classes: EVERYWHERE,
      doc: '',
      userdata: [{ name: 'redis_handle', methods: all('io', 'ping(): string') }],
      functions: [
        ...all('io', 'redis_get(any, string): any, string', 'redis_set(any, string, any): string, string'),
        ...all('sync', 'get_redis_connection(string): redis_handle, string'),
      ],
    },
    {
      loader: 'nauthilus_http',
      requires: ['glua_http'],
      classes: EVERYWHERE,
      doc: '',
      userdata: [],
      functions: [...all('io', 'get(string): table, string'), ...all('sync', 'escape(string): string')],
    },
    {
      loader: 'nauthilus_context',
      requires: ['nauthilus_context'],
      classes: EVERYWHERE,
      doc: '',
      userdata: [],
      functions: all('sync', 'context_get(string): any', 'context_set(string, any)'),
    },
  ],
};
