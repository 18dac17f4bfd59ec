/** Feature scripts: checks before the backends. Entry `nauthilus_call_feature(request)` → trigger, abort, result. */
import { ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import type { LuaTable, LuaValue } from '../../engine/api.ts';
import type { Login } from '../../login/login.ts';
import { noteSkipped } from '../explain.ts';
import { reportFault, textPairs } from '../faults.ts';
import { isFlagSet, resultNumber } from '../flags.ts';
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
      return outcome.then((late) => decide(late, at, phase) ?? runFrom(at + 1, phase));
    }
    const decision = decide(outcome, at, phase);
    if (decision !== undefined) return decision;
  }
  return 'pass';
}

/** Undefined: the next script is to run. */
function decide(outcome: ScriptOutcome, at: number, { login, runtime }: Phase): FeatureDecision | undefined {
  const { features } = runtime.registry;
  const { name } = features[at]!;
  if (!outcome.ok) reportFault(runtime, login, { name }, outcome.fault);
  else debugResult(outcome.values, name, login, runtime);
  const decision = outcome.ok ? readFlags(outcome.values) : 'error';
  login.script.explanation?.conclude(CONCLUSIONS[decision ?? 'pass']);
  if (decision !== undefined) {
    noteSkipped(login.script, features, at, CONCLUSIONS[decision]);
  }
  return decision;
}

const RESULTS = ['success', 'fail'];

function debugResult(
  values: readonly LuaValue[],
  name: string,
  { session, password, script }: Login,
  runtime: ScriptRuntime,
): void {
  const { log } = runtime.services;
  if (!log.isEnabled('debug', 'feature')) return;
  const [trigger, abort, result] = values;
  const number = resultNumber(result);
  const fields = {
    session,
    name,
    msg: 'Lua feature finished',
    triggered: isFlagSet(trigger),
    abort_features: isFlagSet(abort),
    result: RESULTS[number] ?? `unknown(${number})`,
  };
  log.hiding(password).debug('feature', fields, textPairs(script.logs));
}

function readFlags([trigger, abort]: readonly LuaValue[]): FeatureDecision | undefined {
  if (isFlagSet(trigger)) return 'trigger';
  return isFlagSet(abort) ? 'abort' : undefined;
}

const CONCLUSIONS: Readonly<Record<FeatureDecision, string>> = {
  pass: 'passed',
  trigger: 'triggered',
  abort: 'aborted the features behind it',
  error: 'failed',
};
