/** Filter scripts: the last word on a login. Entry `nauthilus_call_filter(request)` → action, result. */
import { ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import type { LuaTable, LuaValue } from '../../engine/api.ts';
import type { Login } from '../../login/login.ts';
import type { ScriptState } from '../../login/script-state.ts';
import { noteSkipped } from '../explain.ts';
import { reportFault, textPairs } from '../faults.ts';
import { isFlagSet, resultNumber } from '../flags.ts';
import { answeredView, requestTable } from '../request-table.ts';
import { type ScriptOutcome, ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const [{ name: ENTRY }] = ENTRY_FUNCTIONS.filter;

/** `abstain`: none of them returned anything, so what the backend said holds. */
export type FilterDecision = 'accept' | 'abstain' | 'reject' | 'error';

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
    hasAccepted: false,
  });
}

interface Phase {
  readonly login: Login;
  readonly runtime: ScriptRuntime;
  readonly unit: ScriptUnit;
  readonly request: LuaTable;
  /** What the scripts so far have asked for; the login sees it only when the phase ends well. */
  readonly collected: ScriptState;
  /** Has one of them said that the login is to be accepted? Returning nothing says no such thing. */
  hasAccepted: boolean;
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
  return conclude(phase);
}

/** Undefined: the next script is to run. */
function decide(outcome: ScriptOutcome, at: number, own: ScriptState, phase: Phase): FilterDecision | undefined {
  const { login, runtime, collected } = phase;
  const { filters } = runtime.registry;
  const { name } = filters[at]!;
  if (!outcome.ok) {
    reportFault(runtime, login, { name }, outcome.fault);
    noteSkipped(login.script, filters, at, 'failed');
    return 'error';
  }
  collected.adopt(own);
  const [action] = outcome.values;
  const rejects = isFlagSet(action);
  debugResult(outcome.values, name, own, phase);
  login.script.explanation?.conclude(rejects ? 'rejected' : action === undefined ? 'returned nothing' : 'accepted');
  if (!rejects) {
    phase.hasAccepted ||= action !== undefined;
    return undefined;
  }
  noteSkipped(login.script, filters, at, 'rejected');
  keepSayings(login, collected);
  return 'reject';
}

/** What it has logged is shown only with a result that is not 0, as in the reference. */
function debugResult(
  [action, result]: readonly LuaValue[],
  name: string,
  own: ScriptState,
  { login, runtime }: Phase,
): void {
  const { log } = runtime.services;
  if (!log.isEnabled('debug', 'filter')) return;
  const failed = resultNumber(result) !== 0;
  const fields = {
    session: login.session,
    name,
    msg: 'Lua filter finished',
    action: isFlagSet(action),
    result: failed ? 'fail' : 'ok',
  };
  log.hiding(login.password).debug('filter', fields, failed ? textPairs(own.logs) : []);
}

/** None has rejected: a wrong password passes only if one of them says so. */
function conclude({ login, collected, hasAccepted }: Phase): FilterDecision {
  if (!hasAccepted && !login.authenticated) {
    keepSayings(login, collected);
    return 'abstain';
  }
  login.script.adopt(collected);
  return hasAccepted ? 'accept' : 'abstain';
}

/** Of a refused login only what is said about it stays. */
function keepSayings({ script }: Login, collected: ScriptState): void {
  script.logs.push(...collected.logs);
  script.statusMessage = collected.statusMessage;
  script.adoptResponse(collected);
}
