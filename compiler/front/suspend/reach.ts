/** From everything that suspends backwards to everybody who may reach it, with the shortest chain as reason. */
import type { Caller, Site, Step, Target } from './sites.ts';

type Reason = 'waits' | 'yields';

/** Why a caller suspends: the site inside it, and where the chain goes on. */
interface Because {
  readonly site: Site;
  readonly target: Target;
}

type Marks = ReadonlyMap<Caller, Because>;

export interface Reach {
  readonly waits: Marks;
  readonly yields: Marks;
  suspends(caller: Caller): boolean;
  targetSuspends(target: Target): boolean;
  /** The chain from a caller that suspends to the primitive. */
  because(caller: Caller): readonly Step[];
}

/** Who calls whom. */
export class CallGraph {
  /** Targets that suspend by themselves, and where. */
  readonly #primitives = new Map<Target, Site>();
  readonly #callersOf = new Map<Caller, Map<Target, Site>>();

  add(site: Site, target: Target): void {
    if (target.reaches === undefined) {
      this.#primitives.set(target, site);
      return;
    }
    const callers = this.#callersOf.get(target.reaches);
    if (callers === undefined) this.#callersOf.set(target.reaches, new Map([[target, site]]));
    else callers.set(target, site);
  }

  remove(target: Target): void {
    this.#primitives.delete(target);
    if (target.reaches === undefined) return;
    const callers = this.#callersOf.get(target.reaches);
    callers?.delete(target);
    if (callers?.size === 0) this.#callersOf.delete(target.reaches);
  }

  /** The sites that may call somebody. */
  sitesThatReach(caller: Caller): Iterable<Site> {
    return this.#callersOf.get(caller)?.values() ?? [];
  }

  reach(): Reach {
    const waits = this.#spread('waits');
    const yields = this.#spread('yields');
    const suspends = (caller: Caller): boolean => waits.has(caller) || yields.has(caller);
    return {
      waits,
      yields,
      suspends,
      targetSuspends: (target) => passes(target, 'waits', waits) || passes(target, 'yields', yields),
      because: (caller) => chain(caller, waits.has(caller) ? waits : yields),
    };
  }

  /** Breadth first, so that each caller gets the shortest chain. */
  #spread(reason: Reason): Marks {
    const marks = new Map<Caller, Because>();
    const queue: Caller[] = [];
    const mark = (site: Site, target: Target): void => {
      if (!target[reason] || marks.has(site.caller)) return;
      marks.set(site.caller, { site, target });
      queue.push(site.caller);
    };
    for (const [target, site] of this.#primitives) mark(site, target);
    for (let next = 0; next < queue.length; next++) {
      const callers = this.#callersOf.get(queue[next] as Caller);
      if (callers !== undefined) for (const [target, site] of callers) mark(site, target);
    }
    return marks;
  }
}

export function reachFrom(sites: Iterable<Site>): Reach {
  const graph = new CallGraph();
  for (const site of sites) for (const target of site.targets.values()) graph.add(site, target);
  return graph.reach();
}

function passes(target: Target, reason: Reason, marks: Marks): boolean {
  return target[reason] && (target.reaches === undefined || marks.has(target.reaches));
}

function chain(from: Caller, marks: Marks): readonly Step[] {
  const steps: Step[] = [];
  for (let caller: Caller | undefined = from; caller !== undefined; ) {
    const because = marks.get(caller);
    if (because === undefined) break;
    const step = because.site.step(because.target);
    if (step !== undefined) steps.push(step);
    caller = because.target.reaches;
  }
  return steps;
}
