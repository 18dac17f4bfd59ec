/** Filter scripts: the last word on a login. Entry `nauthilus_call_filter(request)` → action, result. */
import { ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import type { LuaTable } from '../../engine/api.ts';
import type { Login } from '../../login/login.ts';
import type { ScriptState } from '../../login/script-state.ts';
import { noteSkipped } from '../explain.ts';
import { reportFault } from '../faults.ts';
import { isFlagSet } from '../flags.ts';
import { answeredView, requestTable } from '../request-table.ts';
import { type ScriptOutcome, ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const [{ name: ENTRY }] = ENTRY_FUNCTIONS.filter;

export type FilterDecision = 'accept' | 'reject' | 'error';

/**
 * Runs the filter scripts until one rejects or fails. On acceptance everything they asked for is in `login.script`; on
 * rejection only logs and status message; after a failure nothing.
 */
export function runFilterScripts(login: Login, runtime: ScriptRuntime): FilterDecision | Promise<FilterDecision> {
  return runFrom(0, {
    login,
    runtime,
    unit: new ScriptUnit(runtime, 'filter'),
    request: requestTable(login, answeredView(login), runtime.settings),
    collected: login.script.fork(),
  });
}

interface Phase {
  readonly login: Login;
  readonly runtime: ScriptRuntime;
  readonly unit: ScriptUnit;
  readonly request: LuaTable;
  /** What the scripts so far have asked for; the login sees it only when the phase ends well. */
  readonly collected: ScriptState;
}

function runFrom(first: number, phase: Phase): FilterDecision | Promise<FilterDecision> {
  const scripts = phase.runtime.registry.filters;
  for (let at = first; at < scripts.length; at++) {
    const script = scripts[at]!;
    const own = phase.collected.fork();
    const outcome = phase.unit.run(script, ENTRY, [phase.request], own);
    if (outcome instanceof Promise) {
      return outcome.then((late) => decide(late, at, own, phase) ?? runFrom(at + 1, phase));
    }
    const decision = decide(outcome, at, own, phase);
    if (decision !== undefined) return decision;
  }
  phase.login.script.adopt(phase.collected);
  return 'accept';
}

/** Undefined: the next script is to run. */
function decide(
  outcome: ScriptOutcome,
  at: number,
  own: ScriptState,
  { login, runtime, collected }: Phase,
): FilterDecision | undefined {
  const { filters } = runtime.registry;
  const { name } = filters[at]!;
  if (!outcome.ok) {
    reportFault(runtime, login, { name }, outcome.fault);
    noteSkipped(login.script, filters, at, 'failed');
    return 'error';
  }
  collected.adopt(own);
  const rejects = isFlagSet(outcome.values[0]);
  login.script.explanation?.conclude(rejects ? 'rejected' : 'accepted');
  if (!rejects) return undefined;
  noteSkipped(login.script, filters, at, 'rejected');
  login.script.logs.push(...collected.logs);
  login.script.statusMessage = collected.statusMessage;
  login.script.adoptResponse(collected);
  return 'reject';
}
