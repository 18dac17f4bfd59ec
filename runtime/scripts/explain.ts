/** What an explanation says about scripts: that they ran, for how long, and what they asked for. Names, never values. */
import { toUtf8String } from '../engine/api.ts';
import { type Explanation, shortMs } from '../login/explanation.ts';
import type { ScriptState } from '../login/script-state.ts';
import type { LoadedScript } from './registry.ts';
import type { ScriptOutcome } from './run.ts';

/** What a state had collected when a script began. */
export interface Marks {
  readonly statusMessage: string | undefined;
  readonly server: ScriptState['selectedServer'];
  readonly response: ScriptState['response'];
  readonly logs: number;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

export function marksOf(state: ScriptState): Marks {
  return {
    statusMessage: state.statusMessage,
    server: state.selectedServer,
    response: state.response,
    logs: state.logs.length,
    added: new Set(state.addedAttributes.keys()),
    removed: new Set(state.removedAttributes),
  };
}

/** A script that has ended; its class concludes what that means. */
export function noteScript(
  explanation: Explanation,
  { label }: LoadedScript,
  { scriptClass, ms, outcome }: { scriptClass: string; ms: number; outcome: ScriptOutcome },
  { before, state }: { before: Marks; state: ScriptState },
): void {
  const asked = askedFor(before, state);
  const adds = [...state.addedAttributes.keys()].filter((name) => !before.added.has(name)).map(toUtf8String);
  const removes = [...state.removedAttributes].filter((name) => !before.removed.has(name)).map(toUtf8String);
  explanation.note({
    script: label,
    class: scriptClass,
    ms: shortMs(ms),
    result: outcome.ok ? 'ended' : 'fault',
    ...(outcome.ok ? {} : { at: placeOf(outcome.fault.message) }),
    ...(asked.length > 0 ? { sets: asked } : {}),
    ...(adds.length > 0 ? { adds } : {}),
    ...(removes.length > 0 ? { removes } : {}),
  });
}

/** What an explanation calls the text that a rejected client reads, among the things that a script sets. */
export const STATUS_MESSAGE = 'status message';

function askedFor(before: Marks, state: ScriptState): readonly string[] {
  const asked: string[] = [];
  if (state.statusMessage !== before.statusMessage) asked.push(STATUS_MESSAGE);
  if (state.selectedServer !== before.server) asked.push('mail server');
  if (state.response !== before.response) asked.push('HTTP answer');
  if (state.logs.length > before.logs) asked.push('pairs of the log line');
  return asked;
}

/** File and line; the line of level error of the same session has the whole text, in which a script may say anything. */
function placeOf(message: string): string {
  const [, place] = /^([^\n:]{1,200}:\d+):/.exec(message) ?? [];
  return place === undefined ? 'see the error line' : toUtf8String(place);
}

/** The scripts of a class behind the one that came to an end with them; `why` says to which. */
export function noteSkipped(
  { explanation }: ScriptState,
  scripts: readonly LoadedScript[],
  at: number,
  why: string,
): void {
  if (explanation === undefined) return;
  for (const { label } of scripts.slice(at + 1)) {
    explanation.note({ script: label, result: `skipped: ${scripts[at]!.label} ${why}` });
  }
}
