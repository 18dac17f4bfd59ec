/** `require` and `package`: files of the program, modules of the host, and what scripts put there themselves. */
import type { HostModule } from '../../../runtime/contract/host.ts';
import type { Flow } from './flow.ts';
import type { Heap } from './heap.ts';
import { type HostIndex, LIBRARY_NAMES } from './manifest.ts';
import type { Site, Step } from './sites.ts';
import type { Arguments, LuaCode, Place, SimpleKey, Thing, Value } from './values.ts';

/** What `require` needs of the model. */
export interface ModuleContext {
  readonly flow: Flow<Value>;
  readonly heap: Heap;
  readonly hosts: HostIndex;
  call(site: Site, callee: Place, args: Arguments, result: Place, what: Step['what'], name: string): void;
}

export class ModuleTable {
  /** Tables made by `module`. */
  readonly made: Place;
  readonly #model: ModuleContext;
  /** By the name that finds a file: a place that holds the code of the file. */
  readonly #files = new Map<string, Place>();
  readonly #hostModules = new Map<HostModule, Thing>();
  readonly #loaded: Thing;
  readonly #preload: Thing;
  readonly #loaders: Thing;
  /** What loaders return, for all calls alike: loaders that call `require` again must not make ever new places. */
  readonly #returned: Place;

  constructor(model: ModuleContext) {
    this.#model = model;
    this.made = model.flow.place();
    // Loaded modules of the host are here too, by names we do not list.
    this.#loaded = model.heap.thing('foreign');
    this.#preload = model.heap.thing('library');
    this.#loaders = model.heap.thing('library');
    this.#returned = model.flow.place();
  }

  /** A file of the program that `require` finds under this name; all have to be known before any code is followed. */
  addName(name: string): void {
    this.#files.set(name, this.#model.flow.place());
  }

  /** The code of such a file. */
  addFile(name: string, code: LuaCode): void {
    this.#model.flow.add(this.#files.get(name) as Place, code);
  }

  fillPackage(library: Thing): void {
    const { flow, heap } = this.#model;
    flow.add(heap.field(library, { name: 'loaded' }), this.#loaded);
    flow.add(heap.field(library, { name: 'preload' }), this.#preload);
    flow.add(heap.field(library, { name: 'loaders' }), this.#loaders);
  }

  fillLoaded(globals: Thing): void {
    const { flow, heap } = this.#model;
    for (const name of LIBRARY_NAMES) flow.edge(heap.field(globals, { name }), heap.field(this.#loaded, { name }));
    flow.add(heap.field(this.#loaded, { name: '_G' }), globals);
  }

  /** Follows `require(name)`; without name it may be any module. */
  require(site: Site, name: string | undefined, result: Place): void {
    const { flow, heap } = this.#model;
    const key: SimpleKey = name === undefined ? 'any' : { name };
    const files = [...this.#filesNamed(name)];
    const hostModules = this.#hostModulesNamed(name);
    for (const [file, place] of files) {
      flow.watch(place, (code) => {
        if (code.kind !== 'lua') return;
        site.reach(code.node, 'requires', file);
        flow.edge(code.result, result);
      });
    }
    for (const thing of hostModules) flow.add(result, thing);
    if (files.length + hostModules.length === 0) flow.add(result, heap.foreign);
    // What scripts have put into package.loaded, and tables made by module().
    flow.edge(name === undefined ? this.#loaded.all : heap.field(this.#loaded, { name }), result);
    flow.edge(this.#loaded.computed, result);
    flow.edge(this.made, result);
    this.#runLoaders(site, heap.readThing(this.#preload, key), result);
    this.#runLoaders(site, this.#loaders.all, result);
  }

  /** A loader may return the loader proper. */
  #runLoaders(site: Site, loaders: Place, result: Place): void {
    const args = { fixed: [], rest: undefined };
    this.#model.call(site, loaders, args, this.#returned, 'requires', 'package.loaders');
    this.#model.call(site, this.#returned, args, result, 'requires', 'package.loaders');
    this.#model.flow.edge(this.#returned, result);
  }

  /** A name that we cannot place may be spelt differently: then it is any file. */
  #filesNamed(name: string | undefined): Iterable<readonly [string, Place]> {
    if (name === undefined) return this.#files;
    const place = this.#files.get(name);
    if (place !== undefined) return [[name, place]];
    const isKnown = LIBRARY_NAMES.includes(name) || this.#model.hosts.module(name) !== undefined;
    return isKnown ? [] : this.#files;
  }

  #hostModulesNamed(name: string | undefined): readonly Thing[] {
    const { hosts } = this.#model;
    const module = name === undefined ? undefined : hosts.module(name);
    if (module !== undefined) return [this.#hostModule(module)];
    return name === undefined ? hosts.modules.map((each) => this.#hostModule(each)) : [];
  }

  #hostModule(module: HostModule): Thing {
    let thing = this.#hostModules.get(module);
    if (thing === undefined) {
      thing = this.#model.flow.forEverybody(() => this.#makeHostModule(module));
      this.#hostModules.set(module, thing);
    }
    return thing;
  }

  #makeHostModule(module: HostModule): Thing {
    const { flow, heap, hosts } = this.#model;
    const thing = heap.thing('library');
    const functions = hosts.functionsOf(module);
    for (const code of functions) flow.add(heap.field(thing, { name: code.name }), code);
    // Really it is in a metatable; for the analysis the module can be its own.
    if (functions.some(({ name }) => name === '__call')) heap.setMetatable(thing.self, thing.self);
    // Constants and prepared objects of the module are not in the manifest.
    flow.add(thing.computed, heap.foreign);
    return thing;
  }
}
