/** What the reach of everything that suspends says of functions, calls and events. */
import type { FunctionLike } from '../ast.ts';
import type { CallColour, Verdict } from './analysis.ts';
import type { Model } from './model.ts';
import type { Reach } from './reach.ts';
import type { Site, Step } from './sites.ts';

const PLAIN: Verdict = { colour: 'plain', waits: false, yields: false, because: [] };

/** `because` is asked for when a person asks. */
export function verdictOf(
  node: FunctionLike,
  reach: Reach,
  because: () => readonly Step[] = () => reach.because(node),
): Verdict {
  const waits = reach.waits.has(node);
  const yields = reach.yields.has(node);
  if (!waits && !yields) return PLAIN;
  return {
    colour: 'suspends',
    waits,
    yields,
    get because() {
      return because();
    },
  };
}

export function callColour({ targets }: Site, reach: Reach): CallColour {
  let colour: CallColour = 'plain';
  for (const target of targets.values()) {
    if (!reach.targetSuspends(target)) continue;
    if (target.what === 'waits' || target.what === 'yields') return 'suspends';
    colour = 'maybe';
  }
  return colour;
}

export function suspendingEvents(model: Model, reach: Reach): readonly string[] {
  return [...model.events].flatMap(([name, { caller }]) => (reach.suspends(caller) ? [name] : []));
}
