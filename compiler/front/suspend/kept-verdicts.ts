/** Verdicts of a program that changes: only those are made anew that may be others than before. */
import type { AnyCall, Chunk, FunctionLike, GenericFor } from '../ast.ts';
import type { Analysis, CallColour, Verdict } from './analysis.ts';
import type { Model } from './model.ts';
import { CallGraph, type Reach } from './reach.ts';
import type { Caller, Site } from './sites.ts';
import { callColour, suspendingEvents, verdictOf } from './verdicts.ts';

/** What stands in one file. */
interface Content {
  readonly functions: Set<FunctionLike>;
  readonly sites: Site[];
}

export class KeptVerdicts {
  readonly #model: Model;
  readonly #graph = new CallGraph();
  readonly #contents = new Map<Chunk, Content>();
  readonly #homes = new Map<FunctionLike, Chunk>();
  readonly #functions = new Map<FunctionLike, Verdict>();
  readonly #calls = new Map<AnyCall | GenericFor, CallColour>();
  /** Files of which something else may have to be said. */
  #changed = new Set<Chunk>();
  #reach: Reach | undefined;

  constructor(model: Model) {
    this.#model = model;
    for (const site of model.sites) for (const target of site.targets.values()) this.#graph.add(site, target);
    model.onTarget = (site, target, isThere) => {
      if (isThere) this.#graph.add(site, target);
      else this.#graph.remove(target);
      if (site.chunk !== undefined) this.#changed.add(site.chunk);
    };
  }

  /** From now on sites and functions of this file are added; of none any more. */
  expect(chunk: Chunk | undefined): void {
    this.#model.onSite = undefined;
    this.#model.onCode = undefined;
    if (chunk === undefined) return;
    const content: Content = { functions: new Set(), sites: [] };
    this.#contents.set(chunk, content);
    this.#changed.add(chunk);
    this.#model.onSite = (site) => content.sites.push(site);
    this.#model.onCode = (node) => {
      content.functions.add(node);
      this.#homes.set(node, chunk);
    };
  }

  forget(chunk: Chunk): void {
    const { functions, sites } = this.#contents.get(chunk) as Content;
    this.#contents.delete(chunk);
    for (const node of functions) {
      this.#functions.delete(node);
      this.#homes.delete(node);
    }
    for (const { node } of sites) if (node !== undefined) this.#calls.delete(node);
  }

  update(): Pick<Analysis, 'functions' | 'calls' | 'events' | 'changed'> {
    const before = this.#reach;
    const reach = this.#graph.reach();
    this.#reach = reach;
    if (before !== undefined) for (const caller of differences(before, reach)) this.#noteCaller(caller);
    const changed = this.#changed;
    this.#changed = new Set();
    for (const chunk of changed) this.#judge(chunk, reach);
    return {
      functions: this.#functions,
      calls: this.#calls,
      events: new Set(suspendingEvents(this.#model, reach)),
      changed: before === undefined ? undefined : changed,
    };
  }

  #noteCaller(caller: Caller): void {
    const home = caller.kind === 'Virtual' ? undefined : this.#homes.get(caller);
    if (home !== undefined) this.#changed.add(home);
    for (const { chunk } of this.#graph.sitesThatReach(caller)) if (chunk !== undefined) this.#changed.add(chunk);
  }

  #judge(chunk: Chunk, reach: Reach): void {
    const content = this.#contents.get(chunk);
    if (content === undefined) return;
    for (const node of content.functions) {
      // The chain may be another one by the time it is asked for.
      this.#functions.set(
        node,
        verdictOf(node, reach, () => this.#reach?.because(node) ?? []),
      );
    }
    for (const site of content.sites) {
      if (site.node !== undefined) this.#calls.set(site.node, callColour(site, reach));
    }
  }
}

/** Callers that suspend in one of them only, or for another reason. */
function* differences(before: Reach, now: Reach): Generator<Caller> {
  for (const reason of ['waits', 'yields'] as const) {
    for (const caller of before[reason].keys()) if (!now[reason].has(caller)) yield caller;
    for (const caller of now[reason].keys()) if (!before[reason].has(caller)) yield caller;
  }
}
