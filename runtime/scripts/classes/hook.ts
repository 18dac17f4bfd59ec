/** Scripts outside of a login: the init script and the callback. Entry `nauthilus_run_hook(logging)`, results ignored. */
import { tableFromEntries } from '../../engine/api.ts';
import { type RequestSnapshot, ScriptState } from '../../login/script-state.ts';
import { reportFault } from '../faults.ts';
import { ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const ENTRY = 'nauthilus_run_hook';

/** Runs the init script, if there is one. A failure is logged and does not stop the start. */
export function runInit(runtime: ScriptRuntime): Promise<void> {
  return runHook('init', runtime, undefined);
}

/** Runs the callback script for an HTTP request, if there is one. A failure is logged. */
export function runCallback(runtime: ScriptRuntime, request: RequestSnapshot): Promise<void> {
  return runHook('callback', runtime, request);
}

async function runHook(
  scriptClass: 'init' | 'callback',
  runtime: ScriptRuntime,
  request: RequestSnapshot | undefined,
): Promise<void> {
  const script = runtime.registry[scriptClass][0];
  if (script === undefined) return;
  const { logFormat, logLevel } = runtime.settings;
  const logging = tableFromEntries([
    ['log_format', logFormat],
    ['log_level', logLevel],
  ]);
  const state = new ScriptState(undefined, request);
  const outcome = await new ScriptUnit(runtime, scriptClass).run(script, ENTRY, [logging], state);
  if (!outcome.ok) reportFault(runtime, undefined, { script: script.path }, outcome.fault);
}
