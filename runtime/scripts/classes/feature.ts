/** Feature scripts: checks before the backends. Entry `nauthilus_call_feature(request)` → trigger, abort, result. */
import { ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import type { LuaTable, LuaValue } from '../../engine/api.ts';
import type { Login } from '../../login/login.ts';
import { reportFault } from '../faults.ts';
import { isFlagSet } from '../flags.ts';
import type { LoadedScript } from '../registry.ts';
import { earlyView, requestTable } from '../request-table.ts';
import { type ScriptOutcome, ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const [{ name: ENTRY }] = ENTRY_FUNCTIONS.feature;

/** What the feature scripts of a login come to; `abort` skips the features that follow. */
export type FeatureDecision = 'pass' | 'trigger' | 'abort' | 'error';

/**
 * Runs all feature scripts, until one triggers or aborts or fails. What they logged and set stays, also after a failure.
 * `account` is what is known of an earlier login, or ''.
 */
export function runFeatureScripts(
  login: Login,
  account: string,
  runtime: ScriptRuntime,
): FeatureDecision | Promise<FeatureDecision> {
  const unit = new ScriptUnit(runtime, 'feature');
  const request = requestTable(login, earlyView(login, account), runtime.settings);
  return runFrom(0, { login, runtime, unit, request });
}

interface Phase {
  readonly login: Login;
  readonly runtime: ScriptRuntime;
  readonly unit: ScriptUnit;
  readonly request: LuaTable;
}

function runFrom(first: number, phase: Phase): FeatureDecision | Promise<FeatureDecision> {
  const scripts = phase.runtime.registry.features;
  for (let at = first; at < scripts.length; at++) {
    const script = scripts[at]!;
    const outcome = phase.unit.run(script, ENTRY, [phase.request], phase.login.script);
    if (outcome instanceof Promise) {
      return outcome.then((late) => decide(late, script, phase) ?? runFrom(at + 1, phase));
    }
    const decision = decide(outcome, script, phase);
    if (decision !== undefined) return decision;
  }
  return 'pass';
}

/** Undefined: the next script is to run. */
function decide(outcome: ScriptOutcome, script: LoadedScript, { login, runtime }: Phase): FeatureDecision | undefined {
  if (!outcome.ok) {
    reportFault(runtime, login, { name: script.name }, outcome.fault);
    return 'error';
  }
  const [trigger, abort]: readonly LuaValue[] = outcome.values;
  if (isFlagSet(trigger)) return 'trigger';
  return isFlagSet(abort) ? 'abort' : undefined;
}
