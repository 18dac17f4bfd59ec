/**
 * The program as the analysis sees it: places that values flow between, the objects of the host, and what a call does.
 * `graph.ts` feeds it the syntax trees, `library.ts` knows what the functions of the host do with their arguments.
 */
import type { HostManifest } from '../../../runtime/contract/host.ts';
import type { Chunk, FunctionLike, Offset } from '../ast.ts';
import { Flow } from './flow.ts';
import { Heap } from './heap.ts';
import { HostIndex, LIBRARY_NAMES } from './manifest.ts';
import { ModuleTable } from './modules.ts';
import { Names } from './names.ts';
import { EVERYBODY, Need, NotIncremental } from './owner.ts';
import { type Caller, Site, type Step, type Target, type Virtual } from './sites.ts';
import {
  type Arguments,
  type Asked,
  allArguments,
  type HostCode,
  type LuaCode,
  type Opaque,
  type Place,
  type Thing,
  type Value,
} from './values.ts';

/** Following one call costs as much as this many arrivals. */
const CALL_WORK = 10;
/** Longest list of arguments that a call through `__call` keeps in order. */
const MOST_ORDERED = 6;

/** Events whose handlers an operation of the language may call. Calls (`__call`) are followed on their own. */
export const OPERATION_EVENTS = [
  '__index',
  '__newindex',
  '__add',
  '__sub',
  '__mul',
  '__div',
  '__mod',
  '__pow',
  '__unm',
  '__concat',
  '__len',
  '__eq',
  '__lt',
  '__le',
] as const;

export type EventName = (typeof OPERATION_EVENTS)[number] | '__tostring' | '__call';

/** An operation that calls a handler when an operand has a metatable with one. */
export interface Operation {
  readonly caller: Caller;
  readonly chunk: Chunk | undefined;
  readonly at: Offset;
  readonly event: EventName;
  /** Undefined when nothing is known about the operands. */
  readonly operands: readonly Place[] | undefined;
  /** The call of the host function that performs the operation; undefined for operators in the source. */
  readonly hostCall?: Site;
}

/** One call of a host function. */
export interface HostCall {
  readonly site: Site;
  readonly args: Arguments;
  readonly result: Place;
}

/** Follows a call of a host function; see `library.ts`. */
export type CallHost = (model: Model, callee: HostCode, call: HostCall) => void;

export class Model {
  readonly flow: Flow<Value>;
  readonly hosts: HostIndex;
  readonly heap: Heap;
  readonly sites = new Set<Site>();
  /** Told of every target of a site that is found or taken back. */
  onTarget: ((site: Site, target: Target, isThere: boolean) => void) | undefined;
  /** Told of every site that is added. */
  onSite: ((site: Site) => void) | undefined;
  /** Told of every function that is added. */
  onCode: ((node: FunctionLike) => void) | undefined;
  readonly codes = new Map<FunctionLike, LuaCode>();
  readonly globals: Thing;
  /** Tables that global names may live in: the globals, and what `setfenv` was given. */
  readonly environments: Place;
  /** What the host was given and may hand back, or call. */
  readonly escaped: Place;
  /** Error values on their way to a `pcall`. */
  readonly errors: Place;
  /** Values that pass between coroutines. */
  readonly transfer: Place;
  readonly bodies: Place;
  readonly stringMetatable: Thing;
  readonly unknownCode: Opaque;
  /** Made by `coroutine.wrap`. */
  readonly wrapped: Opaque;
  /** Some function of the host. */
  readonly hostClosure: Opaque;
  readonly modules: ModuleTable;
  /** `debug.setmetatable` may have given numbers, nil or functions a metatable. */
  basicTypesHaveMetatables = false;
  /** Names of globals that the program assigns. */
  readonly assignedGlobals = new Names();
  /** Names under which the program stores anything, as global or as field. */
  readonly storedNames = new Names();
  readonly #globalReads = new Map<string, Asked>();
  readonly #hostGlobals: ReadonlySet<string>;
  readonly #operations = new Map<EventName, Set<Operation>>();
  readonly #events = new Map<string, Site>();
  readonly #callHost: CallHost;
  readonly #bodySite: Site;
  /** Extra arguments that stand for all of a list, see `#prepend`. */
  readonly #unordered = new Set<Place>();
  /** A string as an object: all it has is a metatable. */
  readonly #string: Thing;
  /** Code exists that the analysis does not see. */
  #open = false;

  /** `limit` and `onWork` as in `Flow`. */
  constructor(manifest: HostManifest, callHost: CallHost, limit: number, onWork?: (work: number) => void) {
    const flow = new Flow<Value>(limit, onWork);
    this.flow = flow;
    this.#callHost = callHost;
    this.hosts = HostIndex.of(manifest);
    this.heap = new Heap(
      flow,
      (name) => this.#foreignFields(name),
      (event, handler, args, result) => this.#enter(this.event(event), handler, args, result, 'event', event),
    );
    this.globals = this.heap.thing('library');
    this.environments = flow.place(this.globals);
    this.escaped = flow.place(this.heap.foreign);
    this.errors = flow.place();
    this.transfer = flow.place();
    this.bodies = flow.place();
    this.wrapped = { kind: 'opaque', what: 'wrapped', result: this.transfer };
    this.unknownCode = { kind: 'opaque', what: 'unknown code', result: flow.place(this.heap.foreign) };
    flow.add(this.unknownCode.result, this.unknownCode);
    this.hostClosure = { kind: 'opaque', what: 'host closure', result: this.escaped };
    this.modules = new ModuleTable(this);
    this.#fillGlobals();
    this.stringMetatable = this.heap.thing('library');
    this.#string = this.heap.thing('library');
    flow.edge(
      this.heap.field(this.globals, { name: 'string' }),
      this.heap.field(this.stringMetatable, { name: '__index' }),
    );
    flow.add(this.#string.metatables, this.stringMetatable);
    // What the host keeps it can take apart: a function in a table of options.
    flow.watch(this.escaped, (value) => {
      if (value.kind === 'thing' && value.origin === 'table') flow.edge(value.all, this.escaped);
    });
    this.#bodySite = this.#virtualSite('coroutine bodies');
    this.#runCallers();
    this.#hostGlobals = new Set(this.globals.fields.keys());
  }

  // ---- What the host provides ----

  #fillGlobals(): void {
    const { flow, heap, globals, hosts } = this;
    for (const code of hosts.library('base')) flow.add(heap.field(globals, { name: code.name }), code);
    for (const name of LIBRARY_NAMES) {
      const library = heap.thing('library');
      for (const code of hosts.library(name)) flow.add(heap.field(library, { name: code.name }), code);
      if (name === 'package') this.modules.fillPackage(library);
      flow.add(heap.field(globals, { name }), library);
    }
    flow.add(heap.field(globals, { name: '_G' }), globals);
    this.modules.fillLoaded(globals);
  }

  #foreignFields(name: string | undefined): readonly Value[] {
    if (name !== undefined) return this.hosts.foreign(name);
    return this.hosts.hasIo ? [this.hostClosure] : [];
  }

  // ---- Callers outside the source ----

  #virtualSite(name: string): Site {
    const caller: Virtual = { kind: 'Virtual', name };
    return this.site(new Site(this, caller, undefined, 0));
  }

  #runCallers(): void {
    const { flow, transfer, escaped, bodies } = this;
    const anything: Arguments = { fixed: [], rest: escaped };
    this.call(this.#bodySite, bodies, { fixed: [], rest: transfer }, transfer, 'calls', '');
    this.call(this.#virtualSite('the host'), escaped, anything, escaped, 'calls', '');
    // Entry functions of scripts are globals; what they are given holds data and host objects.
    flow.watch(this.globals.all, (value) => {
      if (value.kind === 'lua') this.#giveParams(value, this.heap.foreign);
    });
    for (const event of OPERATION_EVENTS) this.#runEvent(event);
    this.#runEvent('__tostring');
  }

  /**
   * All handlers of an event, as the host or an operand that is not followed may call them. Tables as handlers of
   * `__index` are the business of the heap.
   */
  #runEvent(event: EventName): void {
    const { flow, heap, escaped } = this;
    const args: Arguments = { fixed: [], rest: escaped };
    const site = this.event(event);
    for (const place of [heap.handlers(heap.metatables, event), heap.handlersOf(this.#string, event)]) {
      flow.watch(place, (handler) => {
        if (handler.kind === 'thing' && isFieldEvent(event)) return;
        this.#enter(site, handler, args, flow.nothing, 'event', event);
      });
    }
  }

  /** The virtual site that calls all handlers of an event. */
  event(name: string): Site {
    let site = this.#events.get(name);
    if (site === undefined) {
      site = this.#virtualSite(name);
      this.#events.set(name, site);
    }
    return site;
  }

  get events(): ReadonlyMap<string, Site> {
    return this.#events;
  }

  // ---- Globals ----

  /** What reading a global may give. */
  global(name: string): Place {
    let asked = this.#globalReads.get(name);
    if (asked === undefined) {
      const place = this.flow.place();
      asked = { place, need: new Need(() => this.heap.readInto(this.environments, { name }, place)) };
      this.#globalReads.set(name, asked);
    }
    const { need, place } = asked;
    if (this.#hostGlobals.has(name)) this.flow.forEverybody(() => this.flow.need(need));
    else this.flow.need(need);
    return place;
  }

  /** Globals that are read, that nobody assigns and that the manifest does not list. */
  *unknownGlobals(): Generator<string> {
    for (const [name, { need }] of this.#globalReads) {
      if (need.owner === undefined || this.assignedGlobals.has(name) || this.#hostGlobals.has(name)) continue;
      yield name;
    }
  }

  /** Such a global comes from the host. */
  provideGlobal(name: string): void {
    this.flow.add(this.heap.field(this.globals, { name }), this.heap.foreign);
  }

  // ---- Code ----

  /** Registers a function; `params` are the places of its parameters. */
  addCode(node: FunctionLike, params: readonly Place[]): LuaCode {
    const { flow } = this;
    const code: LuaCode = { kind: 'lua', node, params, rest: flow.place(), result: flow.place() };
    this.codes.set(node, code);
    flow.own(this.codes, node);
    this.onCode?.(node);
    if (this.#open) this.#giveUnknown(code);
    return code;
  }

  /** From now on there is code that the analysis does not see: it may have stored functions anywhere. */
  openUp(): void {
    if (this.#open) return;
    this.needWhole();
    this.#open = true;
    this.flow.add(this.heap.everywhere, this.unknownCode);
    this.flow.add(this.escaped, this.unknownCode);
    for (const code of this.codes.values()) this.#giveUnknown(code);
  }

  /** What follows depends on the whole program, or on the order in which it is read. */
  needWhole(): void {
    if (this.flow.owner !== EVERYBODY) throw new NotIncremental();
  }

  #giveUnknown(code: LuaCode): void {
    this.#giveParams(code, this.heap.foreign);
    this.#giveParams(code, this.unknownCode);
  }

  #giveParams(code: LuaCode, value: Value): void {
    for (const param of code.params) this.flow.add(param, value);
    this.flow.add(code.rest, value);
  }

  // ---- Calls ----

  site(site: Site): Site {
    this.sites.add(site);
    this.flow.own(this.sites, site);
    this.onSite?.(site);
    return site;
  }

  /** `site` calls whatever arrives at `callee`. */
  call(site: Site, callee: Place, args: Arguments, result: Place, what: Step['what'], name: string): void {
    this.flow.watch(callee, (value) => this.#enter(site, value, args, result, what, name));
  }

  #enter(site: Site, callee: Value, args: Arguments, result: Place, what: Step['what'], name: string): void {
    this.flow.spend(CALL_WORK);
    switch (callee.kind) {
      case 'lua':
        site.reach(callee.node, what, name);
        this.#bind(callee, args);
        this.flow.edge(callee.result, result);
        break;
      case 'host':
        site.enter(callKey(callee, args, result), () => this.#callHost(this, callee, { site, args, result }));
        break;
      case 'opaque':
        this.#enterOpaque(site, callee, args, result, name);
        break;
      case 'thing':
        this.#enterCallable(site, callee, args, result, name);
        break;
    }
  }

  #bind(code: LuaCode, { fixed, rest }: Arguments): void {
    const { flow } = this;
    code.params.forEach((param, index) => {
      flow.edge(fixed[index] ?? rest ?? flow.nothing, param);
    });
    for (const extra of fixed.slice(code.params.length)) flow.edge(extra, code.rest);
    if (rest !== undefined) flow.edge(rest, code.rest);
  }

  enterUnknown(site: Site, name: string): void {
    site.suspend('unknown code', name, { waits: this.hosts.hasIo, yields: true });
  }

  #enterCallable(site: Site, callee: Thing, args: Arguments, result: Place, name: string): void {
    if (this.#open && site.node !== undefined) this.enterUnknown(site, name);
    const withSelf = this.#prepend(callee.self, args);
    this.flow.watch(this.heap.handlersOf(callee, '__call'), (handler) => {
      // Handlers of __call must be functions themselves.
      if (handler.kind !== 'thing') this.#enter(site, handler, withSelf, result, 'event', '__call');
    });
  }

  /**
   * A handler that calls its object again (`__call = print`, `__tostring` of the same table) gets one argument more each
   * time: long lists lose their order and stop growing.
   */
  #prepend(self: Place, args: Arguments): Arguments {
    const { fixed, rest } = args;
    const loose = allArguments(args).find((place) => this.#unordered.has(place));
    if (loose !== undefined) {
      for (const place of [self, ...fixed]) this.flow.edge(place, loose);
      return { fixed: [], rest: loose };
    }
    if (fixed.length < MOST_ORDERED) return { fixed: [self, ...fixed], rest };
    this.needWhole();
    const all = this.flow.place();
    this.#unordered.add(all);
    this.joinInto(args, all);
    this.flow.edge(self, all);
    return { fixed: [], rest: all };
  }

  #enterOpaque(site: Site, callee: Opaque, args: Arguments, result: Place, name: string): void {
    switch (callee.what) {
      case 'unknown code':
        // Its arguments need no following: in an open program every field and parameter may hold unknown code.
        this.enterUnknown(site, name);
        break;
      case 'host closure':
        if (this.hosts.hasIo) site.suspend('waits', name, { waits: true, yields: false });
        if (this.hosts.keepsFunctions) this.escape(args);
        break;
      case 'wrapped':
        this.resume(site, args, name);
        break;
    }
    this.flow.edge(callee.result, result);
  }

  /** The site runs a coroutine up to its next yield. */
  resume(site: Site, args: Arguments, name: string): void {
    site.resume(this.#bodySite.caller as Virtual, name);
    this.joinInto(args, this.transfer);
  }

  /** The host keeps these values. */
  escape(args: Arguments): void {
    this.joinInto(args, this.escaped);
  }

  joinInto(args: Arguments, to: Place): void {
    for (const place of allArguments(args)) this.flow.edge(place, to);
  }

  /** The callee of `object:name()`: strings have methods too, and they are not followed as values. */
  method(object: Place, name: string): Place {
    const result = this.flow.place();
    this.heap.readInto(object, { name }, result);
    this.flow.edge(this.heap.readThing(this.#string, { name }), result);
    return result;
  }

  // ---- Operations ----

  /** Handlers get the operands and their results arrive at `result`; fields are the business of the heap. */
  operation(operation: Operation, result: Place = this.flow.nothing): void {
    const { event, operands } = operation;
    let ofEvent = this.#operations.get(event);
    if (ofEvent === undefined) {
      ofEvent = new Set();
      this.#operations.set(event, ofEvent);
    }
    ofEvent.add(operation);
    this.flow.own(ofEvent, operation);
    if (isFieldEvent(event) || operands === undefined) return;
    const args: Arguments = { fixed: operands, rest: undefined };
    for (const operand of operands) {
      this.flow.watch(operand, (value) => {
        if (value.kind !== 'thing') return;
        this.call(this.event(event), this.heap.handlersOf(value, event), args, result, 'event', event);
      });
    }
  }

  /** When all values have arrived: which operations may call a handler. Adds the sites of those that may. */
  linkOperations(): void {
    const anything = this.#open || this.basicTypesHaveMetatables || this.#stringsHaveHandlers();
    for (const [event, operations] of this.#operations) {
      const handlers = this.#events.get(event);
      if (handlers === undefined || handlers.targets.size === 0) continue;
      for (const { caller, chunk, at, operands, hostCall } of operations) {
        if (!anything && operands?.every((operand) => !hasMetatable(operand))) continue;
        const site = hostCall ?? this.site(new Site(this, caller, chunk, at));
        site.reach(handlers.caller, 'event', event);
      }
    }
  }

  /** A script has put something into the metatable of strings. */
  #stringsHaveHandlers(): boolean {
    const { fields, computed } = this.stringMetatable;
    const changed = [...fields].some(([name, { place }]) => name !== '__index' && !place.isEmpty);
    const indexed = [...(fields.get('__index')?.place.values?.keys() ?? [])].some(({ kind }) => kind !== 'thing');
    return changed || indexed || !computed.isEmpty;
  }
}

function callKey({ owner, name }: HostCode, { fixed, rest }: Arguments, result: Place): string {
  return `${owner}.${name} ${fixed.map(({ id }) => id)} ${rest?.id} ${result.id}`;
}

function isFieldEvent(event: EventName): boolean {
  return event === '__index' || event === '__newindex';
}

function hasMetatable(place: Place): boolean {
  if (place.values === undefined) return false;
  for (const value of place.values.keys()) if (value.kind === 'thing' && !value.metatables.isEmpty) return true;
  return false;
}
