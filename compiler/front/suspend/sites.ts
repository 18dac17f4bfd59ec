/** Where calls happen and whom they may reach: the edges of the call graph, each with the reason a person would give. */
import { type AnyCall, type Chunk, type FunctionLike, type GenericFor, lineAt, type Offset } from '../ast.ts';
import { EVERYBODY, Need, type Owner } from './owner.ts';

/** One link of the chain from a function to the primitive that suspends. */
export interface Step {
  readonly chunk: Chunk;
  readonly at: Offset;
  readonly line: number;
  readonly what:
    | 'waits'
    | 'yields'
    | 'resumes'
    | 'calls'
    | 'calls back'
    | 'iterates'
    | 'event'
    | 'requires'
    | 'unknown code';
  /** Name of the host function, the called function, the module, or the event (`__index`). */
  readonly name: string;
}

/** For whom targets are found (see `Flow`), and who is told of them. */
interface Finder {
  readonly flow: { readonly owner: Owner; need(need: Need): void };
  readonly onTarget: ((site: Site, target: Target, isThere: boolean) => void) | undefined;
}

/** Callers that stand nowhere in the source: all handlers of an event, all coroutine bodies, calls from the host. */
export interface Virtual {
  readonly kind: 'Virtual';
  readonly name: string;
}

export type Caller = FunctionLike | Virtual;

/** Somebody whom a site may reach, or something that suspends by itself (`reaches` undefined). */
export interface Target {
  readonly what: Step['what'];
  readonly name: string;
  readonly reaches: Caller | undefined;
  /** What comes through: a resumed coroutine hands on waits, its yields end at the resumer. */
  readonly waits: boolean;
  readonly yields: boolean;
}

/** A place that calls. */
export class Site {
  readonly caller: Caller;
  /** The call in the tree; undefined for operations and virtual callers. */
  readonly node: AnyCall | GenericFor | undefined;
  readonly chunk: Chunk | undefined;
  readonly at: Offset;
  readonly targets = new Map<Caller | string, Target>();
  readonly #finder: Finder;
  #needs: Map<Caller | string, Need> | undefined;
  #entered: Map<string, Need> | undefined;
  #made: Map<string, unknown> | undefined;

  constructor(finder: Finder, caller: Caller, chunk: Chunk | undefined, at: Offset, node?: AnyCall | GenericFor) {
    this.#finder = finder;
    this.caller = caller;
    this.chunk = chunk;
    this.at = at;
    this.node = node;
  }

  /** Each call once: `pcall(pcall, …)` and its like would never end. */
  enter(call: string, body: () => void): void {
    this.#entered ??= new Map();
    let need = this.#entered.get(call);
    if (need === undefined) {
      need = new Need(body);
      this.#entered.set(call, need);
    }
    this.#finder.flow.need(need);
  }

  /** What host functions make here, once per kind: a site that calls many of them must not make ever more objects. */
  once<T>(kind: string, make: () => T): T {
    this.#made ??= new Map();
    if (!this.#made.has(kind)) this.#made.set(kind, make());
    return this.#made.get(kind) as T;
  }

  /** The site may call this function. */
  reach(callee: Caller, what: Step['what'], name: string): void {
    this.#find(callee, { what, name, reaches: callee, waits: true, yields: true });
  }

  /** The site may resume these coroutines. */
  resume(bodies: Virtual, name: string): void {
    this.#find(bodies, { what: 'resumes', name, reaches: bodies, waits: true, yields: false });
  }

  /** The site suspends by itself. */
  suspend(what: Step['what'], name: string, effect: { readonly waits: boolean; readonly yields: boolean }): void {
    this.#find(`${what} ${name}`, { what, name, reaches: undefined, ...effect });
  }

  #find(key: Caller | string, target: Target): void {
    let need = this.#needs?.get(key);
    if (need === undefined) {
      // Nobody can take it back.
      if (this.targets.has(key)) return;
      if (this.#finder.flow.owner === EVERYBODY) {
        this.targets.set(key, target);
        this.#finder.onTarget?.(this, target, true);
        return;
      }
      need = new Need(
        () => {
          this.targets.set(key, target);
          this.#finder.onTarget?.(this, target, true);
        },
        () => {
          this.targets.delete(key);
          this.#finder.onTarget?.(this, target, false);
        },
      );
      this.#needs ??= new Map();
      this.#needs.set(key, need);
    }
    this.#finder.flow.need(need);
  }

  /** The step a reason chain shows; undefined for virtual callers. */
  step({ what, name }: Target): Step | undefined {
    if (this.chunk === undefined) return undefined;
    return { chunk: this.chunk, at: this.at, line: lineAt(this.chunk, this.at), what, name };
  }
}
