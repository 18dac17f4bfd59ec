/** Action scripts: side effects. Entry `nauthilus_call_action(request)` → result, which only the log shows. */
import { type ActionType, ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import type { LuaTable } from '../../engine/api.ts';
import type { Login } from '../../login/login.ts';
import type { ScriptState } from '../../login/script-state.ts';
import { reportFault, textPairs } from '../faults.ts';
import { resultNumber } from '../flags.ts';
import type { LoadedScript } from '../registry.ts';
import { type RequestView, requestTable } from '../request-table.ts';
import { type ScriptOutcome, ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const [{ name: ENTRY }] = ENTRY_FUNCTIONS.action;
const RESULTS = ['success', 'fail'];

type Pair = readonly [key: string, value: string | number | boolean];

/**
 * Runs all action scripts of one type, whatever becomes of each, and writes the line that says what came of them.
 * Something to wait for only if a script waits; never rejects.
 */
export function runActionScripts(
  type: ActionType,
  login: Login,
  view: RequestView,
  runtime: ScriptRuntime,
): Promise<void> | undefined {
  return runFrom(0, {
    scripts: runtime.registry.actions.get(type) ?? [],
    login,
    runtime,
    unit: new ScriptUnit(runtime, 'action'),
    request: requestTable(login, view, runtime.settings),
    pairs: [],
  });
}

interface Phase {
  readonly scripts: readonly LoadedScript[];
  readonly login: Login;
  readonly runtime: ScriptRuntime;
  readonly unit: ScriptUnit;
  readonly request: LuaTable;
  /** For the line at the end: what each script logged and how it ended. */
  readonly pairs: Pair[];
}

function runFrom(first: number, phase: Phase): Promise<void> | undefined {
  const { scripts, unit, request, login } = phase;
  for (let at = first; at < scripts.length; at++) {
    const script = scripts[at]!;
    const state = login.script.fork();
    const outcome = unit.run(script, ENTRY, [request], state);
    if (outcome instanceof Promise) {
      return outcome.then((late) => {
        note(late, script, state, phase);
        return runFrom(at + 1, phase);
      });
    }
    note(outcome, script, state, phase);
  }
  const { session, password } = login;
  phase.runtime.services.log.hiding(password).info({ session, msg: 'Lua actions finished' }, phase.pairs);
  return undefined;
}

function note(
  outcome: ScriptOutcome,
  script: LoadedScript,
  state: ScriptState,
  { login, runtime, pairs }: Phase,
): void {
  pairs.push(...textPairs(state.logs));
  if (outcome.ok) {
    const result = RESULTS[resultNumber(outcome.values[0])] ?? 'unknown result';
    login.script.explanation?.conclude(result);
    pairs.push([script.path, result]);
  } else {
    reportFault(runtime, login, { script: script.path }, outcome.fault, state.logs);
    pairs.push([script.path, 'unknown result']);
  }
}
