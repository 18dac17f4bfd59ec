/**
 * What host functions do with the functions they are given: call them, keep them, hand them back. Lua's own library one by
 * one, host modules by the colours and types of their declarations.
 */
import type { HostColour } from '../../../runtime/contract/host.ts';
import { isScalar } from './manifest.ts';
import type { EventName, HostCall, Model } from './model.ts';
import type { Site } from './sites.ts';
import { argumentAt, argumentsFrom, type HostCode, type Opaque, type Place, type SimpleKey } from './values.ts';

type Effect = (model: Model, call: HostCall, callee: HostCode) => void;

/** Follows a call of `callee` from `call.site`. */
export function callHost(model: Model, callee: HostCode, call: HostCall): void {
  const effect = callee.library === '' ? undefined : EFFECTS[callee.name];
  if (effect !== undefined) effect(model, call, callee);
  else if (callee.library !== '') plainLibraryFunction(model, callee, call);
  else declaredFunction(model, callee, call);
}

// ---- By declaration ----

const STRENGTH: readonly HostColour[] = ['sync', 'callback', 'resumes', 'yields', 'io'];

function colourOf({ declarations }: HostCode): HostColour {
  const ranks = declarations.map(({ colour }) => STRENGTH.indexOf(colour));
  return STRENGTH[Math.max(0, ...ranks)] ?? 'io';
}

/** Library functions without an entry below keep no argument and return data or objects of the host. */
function plainLibraryFunction(model: Model, callee: HostCode, call: HostCall): void {
  applyColour(model, callee, call);
  if (callee.declarations.some(({ returns }) => returns.some(({ type }) => !isScalar(type)))) {
    model.flow.add(call.result, model.heap.foreign);
  }
}

function declaredFunction(model: Model, callee: HostCode, call: HostCall): void {
  applyColour(model, callee, call);
  for (const { params, returns } of callee.declarations) {
    const takesFunctions = params.some(({ type }) => !isScalar(type));
    if (takesFunctions || params.length === 0) model.escape(call.args);
    for (const { type } of returns) returnsOfType(model, type, call.result);
  }
}

function returnsOfType(model: Model, type: string, result: Place): void {
  if (isScalar(type)) return;
  if (/any|function/.test(type)) model.flow.edge(model.escaped, result);
  if (type.includes('function')) model.flow.add(result, model.hostClosure);
  model.flow.add(result, model.heap.foreign);
}

function applyColour(model: Model, callee: HostCode, call: HostCall): void {
  const { site, args, result } = call;
  switch (colourOf(callee)) {
    case 'io':
      site.suspend('waits', callee.name, { waits: true, yields: false });
      break;
    case 'yields':
      site.suspend('yields', callee.name, { waits: false, yields: true });
      break;
    case 'resumes':
      model.resume(site, args, callee.name);
      break;
    case 'callback':
      callsBackAll(model, callee, call);
      break;
    case 'sync':
      break;
  }
  if (colourOf(callee) === 'callback') model.flow.edge(model.escaped, result);
}

/** Any function among the arguments, with anything the host may hold, and metamethods of any argument. */
function callsBackAll(model: Model, callee: HostCode, { site, args, result }: HostCall): void {
  const functions = site.once('arguments', () => model.flow.place());
  model.joinInto(args, functions);
  model.call(site, functions, { fixed: [], rest: model.escaped }, result, 'calls back', callee.name);
  triggers(model, site, undefined);
}

function operates(model: Model, site: Site, event: EventName, operands: readonly Place[] | undefined): void {
  const { caller, chunk, at } = site;
  model.operation({ caller, chunk, at, event, operands, hostCall: site });
}

/** The host performs operations on values: their metamethods may be called. */
function triggers(model: Model, site: Site, operands: readonly Place[] | undefined): void {
  for (const event of ['__index', '__newindex', '__lt', '__le', '__eq', '__concat', '__tostring', '__len'] as const) {
    operates(model, site, event, operands);
  }
}

// ---- Lua's library ----

const at = (model: Model, { args }: HostCall, index: number): Place => argumentAt(args, index, model.flow.nothing);

/** All values in the tables that arrive as first argument, and their keys when wanted. */
function contents(model: Model, call: HostCall, which: 'elements' | 'entries'): Place {
  const { flow } = model;
  const result = call.site.once(which, () => flow.place());
  flow.watch(at(model, call, 0), (table) => {
    if (table.kind !== 'thing') return;
    flow.edge(which === 'elements' ? table.elements : table.all, result);
    flow.edge(which === 'elements' ? table.computed : table.keys, result);
    if (table.origin === 'foreign') flow.add(result, table);
  });
  flow.edge(model.heap.everywhere, result);
  return result;
}

function iterates(which: 'elements' | 'entries'): Effect {
  return (model, call) => {
    const result = contents(model, call, which);
    const iterator = call.site.once(
      `iterator of ${which}`,
      (): Opaque => ({ kind: 'opaque', what: 'iterator', result }),
    );
    model.flow.add(call.result, iterator);
  };
}

/** Returns its arguments from a position on. */
function passes(from: number): Effect {
  return (model, { args, result }) => model.joinInto(argumentsFrom(args, from), result);
}

/** Returns what is in the table that is its first argument. */
function takesOut(which: 'elements' | 'entries'): Effect {
  return (model, call) => model.flow.edge(contents(model, call, which), call.result);
}

/** `load` and its like: from here on there is code that nobody has seen. */
const loads: Effect = (model, call, callee) => {
  // Only a function can be the reader of `load`: Lua 5.2's `load 'text'` is an error, and no code comes of it.
  if (callee.name === 'load' && at(model, call, 0) === model.flow.nothing) return;
  model.openUp();
  model.call(call.site, at(model, call, 0), { fixed: [], rest: undefined }, model.flow.nothing, 'calls back', 'load');
  model.flow.add(call.result, model.unknownCode);
};

const runsFile: Effect = (model, call, callee) => {
  loads(model, call, callee);
  model.enterUnknown(call.site, 'dofile');
  model.flow.edge(model.unknownCode.result, call.result);
};

const protectedCall: Effect = (model, call) => {
  const { site, args, result } = call;
  model.call(site, at(model, call, 0), argumentsFrom(args, 1), result, 'calls back', 'pcall');
  model.flow.edge(model.errors, result);
};

const protectedCallWithHandler: Effect = (model, call) => {
  const { site, args, result } = call;
  model.call(site, at(model, call, 0), argumentsFrom(args, 2), result, 'calls back', 'xpcall');
  model.call(site, at(model, call, 1), { fixed: [model.errors], rest: undefined }, result, 'calls back', 'xpcall');
  model.flow.edge(model.errors, result);
};

const setsMetatable: Effect = (model, call, callee) => {
  const object = at(model, call, 0);
  model.heap.setMetatable(object, at(model, call, 1));
  model.flow.edge(object, call.result);
  if (callee.library !== 'debug') return;
  model.needWhole();
  model.basicTypesHaveMetatables = true;
};

const getsMetatable: Effect = (model, call) => {
  const { flow, stringMetatable } = model;
  flow.watch(at(model, call, 0), (value) => {
    if (value.kind === 'thing') flow.edge(value.metatables, call.result);
  });
  flow.add(call.result, stringMetatable);
};

/** The key is a constant only where the call itself stands in the source. */
function keyArgument({ site }: HostCall): SimpleKey {
  const node = site.node?.kind === 'Call' ? site.node.args[1] : undefined;
  if (node?.kind === 'String') return { name: node.value };
  return node?.kind === 'Number' ? 'number' : 'any';
}

const setsRaw: Effect = (model, call) => {
  const table = at(model, call, 0);
  model.heap.store(table, keyArgument(call), at(model, call, 2));
  model.flow.edge(table, call.result);
};

const getsRaw: Effect = (model, call) => {
  model.heap.readInto(at(model, call, 0), keyArgument(call), call.result);
};

/** `newproxy(true)` makes an object with a metatable of its own, `newproxy(proxy)` one that shares it. */
const makesProxy: Effect = (model, call) => {
  model.needWhole();
  const { flow, heap } = model;
  const proxy = call.site.once('proxy', () => {
    const made = heap.thing('table');
    heap.setMetatable(made.self, heap.thing('table').self);
    return made;
  });
  flow.add(call.result, proxy);
  model.flow.edge(at(model, call, 0), call.result);
};

const inserts: Effect = (model, call) => {
  for (const value of [...call.args.fixed.slice(1), call.args.rest ?? model.flow.nothing]) {
    model.heap.store(at(model, call, 0), 'number', value);
  }
};

const sorts: Effect = (model, call) => {
  const elements = contents(model, call, 'elements');
  const args = { fixed: [elements, elements], rest: undefined };
  model.call(call.site, at(model, call, 1), args, model.flow.nothing, 'calls back', 'sort');
  operates(model, call.site, '__lt', [elements]);
};

function visits(which: 'elements' | 'entries'): Effect {
  return (model, call) => {
    const values = contents(model, call, which);
    const args = { fixed: [values, values], rest: undefined };
    model.call(call.site, at(model, call, 1), args, call.result, 'calls back', 'foreach');
  };
}

const substitutes: Effect = (model, call) => {
  const replacement = at(model, call, 2);
  model.call(call.site, replacement, { fixed: [], rest: undefined }, model.flow.nothing, 'calls back', 'gsub');
  operates(model, call.site, '__index', [replacement]);
};

/** `print` calls whatever the global `tostring` is. */
const prints: Effect = (model, call, callee) => {
  shows(model, call, callee);
  const shown = { fixed: [], rest: contentsOf(model, call) };
  model.call(call.site, model.global('tostring'), shown, model.flow.nothing, 'calls back', 'print');
};

function contentsOf(model: Model, { args, site }: HostCall): Place {
  const all = site.once('arguments', () => model.flow.place());
  model.joinInto(args, all);
  return all;
}

/** `tostring`, `%s` of `format`. */
const shows: Effect = (model, call) => {
  const operands = call.args.rest === undefined ? call.args.fixed : [...call.args.fixed, call.args.rest];
  operates(model, call.site, '__tostring', operands);
};

const raises: Effect = (model, call) => model.flow.edge(at(model, call, 0), model.errors);

const asserts: Effect = (model, call) => {
  model.joinInto(call.args, model.errors);
  model.joinInto(call.args, call.result);
};

const createsCoroutine: Effect = (model, call) => {
  model.flow.edge(at(model, call, 0), model.bodies);
  model.flow.add(call.result, model.heap.foreign);
};

const wrapsCoroutine: Effect = (model, call) => {
  model.flow.edge(at(model, call, 0), model.bodies);
  model.flow.add(call.result, model.wrapped);
};

const resumes: Effect = (model, call) => {
  model.resume(call.site, argumentsFrom(call.args, 1), 'resume');
  model.flow.edge(model.transfer, call.result);
  model.flow.edge(model.errors, call.result);
};

const yields: Effect = (model, call) => {
  call.site.suspend('yields', 'yield', { waits: false, yields: true });
  model.joinInto(call.args, model.transfer);
  model.flow.edge(model.transfer, call.result);
};

const getsEnvironment: Effect = (model, call) => model.flow.edge(model.environments, call.result);

const setsEnvironment: Effect = (model, call) => {
  model.needWhole();
  model.flow.edge(at(model, call, 1), model.environments);
  model.joinInto(call.args, call.result);
};

/** `module(name, ...)`: a new environment for the rest of the chunk, given to the options. */
const makesModule: Effect = (model, call) => {
  model.needWhole();
  const { flow, heap } = model;
  const table = call.site.once('module', () => heap.thing('table'));
  flow.add(table.computed, heap.foreign);
  flow.add(model.environments, table);
  flow.add(model.modules.made, table);
  const [nameNode] = call.site.node?.kind === 'Call' ? call.site.node.args : [];
  const key: SimpleKey = nameNode?.kind === 'String' ? { name: nameNode.value } : 'any';
  heap.store(model.globals.self, key, table.self);
  const options = flow.place();
  model.joinInto(argumentsFrom(call.args, 1), options);
  model.call(call.site, options, { fixed: [table.self], rest: undefined }, flow.nothing, 'calls back', 'module');
};

const seesAll: Effect = (model, call) => {
  model.needWhole();
  const { flow, heap } = model;
  const metatable = call.site.once('metatable', () => heap.thing('table'));
  flow.add(heap.field(metatable, { name: '__index' }), model.globals);
  heap.setMetatable(at(model, call, 0), metatable.self);
};

/** The name is known in `require 'x'` and in `pcall(require, 'x')`. */
function moduleName({ site }: HostCall): string | undefined {
  const [first, second] = site.node?.kind === 'Call' ? site.node.args : [];
  const node = first?.kind === 'Name' && first.name === 'require' ? second : first;
  return node?.kind === 'String' ? node.value : undefined;
}

const requires: Effect = (model, call) => model.modules.require(call.site, moduleName(call), call.result);

/** `debug.getinfo` hands out functions (`func`) that are on the stack, whoever called them. */
const inspects: Effect = (model, call) => {
  model.needWhole();
  const table = call.site.once('info', () => {
    const info = model.heap.thing('table');
    for (const code of model.codes.values()) model.flow.add(model.heap.field(info, { name: 'func' }), code);
    return info;
  });
  model.flow.add(call.result, table);
};

const EFFECTS: Readonly<Record<string, Effect | undefined>> = {
  assert: asserts,
  create: createsCoroutine,
  dofile: runsFile,
  error: raises,
  foreach: visits('entries'),
  foreachi: visits('elements'),
  format: shows,
  getfenv: getsEnvironment,
  getinfo: inspects,
  getmetatable: getsMetatable,
  gfind: iterates('elements'),
  gmatch: iterates('elements'),
  gsub: substitutes,
  insert: inserts,
  ipairs: iterates('elements'),
  lines: iterates('elements'),
  load: loads,
  loadfile: loads,
  loadstring: loads,
  module: makesModule,
  newproxy: makesProxy,
  next: takesOut('entries'),
  pairs: iterates('entries'),
  pcall: protectedCall,
  print: prints,
  rawget: getsRaw,
  rawset: setsRaw,
  remove: takesOut('elements'),
  require: requires,
  resume: resumes,
  seeall: seesAll,
  select: passes(1),
  setfenv: setsEnvironment,
  setmetatable: setsMetatable,
  sort: sorts,
  tostring: shows,
  unpack: takesOut('elements'),
  wrap: wrapsCoroutine,
  xpcall: protectedCallWithHandler,
  yield: yields,
};
