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

export function reachFrom(sites: readonly Site[]): Reach {
  const waits = spread(sites, 'waits');
  const yields = spread(sites, 'yields');
  const suspends = (caller: Caller): boolean => waits.has(caller) || yields.has(caller);
  return {
    waits,
    yields,
    suspends,
    targetSuspends: (target) => passes(target, 'waits', waits) || passes(target, 'yields', yields),
    because: (caller) => chain(caller, waits.has(caller) ? waits : yields),
  };
}

function passes(target: Target, reason: Reason, marks: Marks): boolean {
  return target[reason] && (target.reaches === undefined || marks.has(target.reaches));
}

/** Breadth first, so that each caller gets the shortest chain. */
function spread(sites: readonly Site[], reason: Reason): Marks {
  const marks = new Map<Caller, Because>();
  const callersOf = new Map<Caller, Because[]>();
  const queue: Caller[] = [];
  const mark = (because: Because): void => {
    const { caller } = because.site;
    if (marks.has(caller)) return;
    marks.set(caller, because);
    queue.push(caller);
  };
  for (const site of sites) {
    for (const target of site.targets.values()) {
      if (!target[reason]) continue;
      if (target.reaches === undefined) mark({ site, target });
      else remember(callersOf, target.reaches, { site, target });
    }
  }
  for (let next = 0; next < queue.length; next++) callersOf.get(queue[next] as Caller)?.forEach(mark);
  return marks;
}

function remember(callersOf: Map<Caller, Because[]>, callee: Caller, because: Because): void {
  const list = callersOf.get(callee);
  if (list === undefined) callersOf.set(callee, [because]);
  else list.push(because);
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
