/**
 * Scripts outside of a login: the init script, the callback and the hooks with paths of their own. Entry
 * `nauthilus_run_hook`; results of init and callback are ignored.
 */
import { ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import { LuaError, type LuaTable, type LuaValue, tableFromEntries } from '../../engine/api.ts';
import { textOf, toHost } from '../../host/convert.ts';
import type { ResponseDraft } from '../../login/response-draft.ts';
import { type HostValue, type RequestSnapshot, ScriptState } from '../../login/script-state.ts';
import { reportFault } from '../faults.ts';
import type { LoadedScript } from '../registry.ts';
import { ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const [{ name: ENTRY }] = ENTRY_FUNCTIONS.callback;

/** Runs the init script, if there is one. A failure is logged and does not stop the start. */
export async function runInit(runtime: ScriptRuntime): Promise<void> {
  const [script] = runtime.registry.init;
  if (script === undefined) return;
  await run(
    { script, scriptClass: 'init', args: [logging(runtime)], state: new ScriptState(undefined, undefined) },
    runtime,
  );
}

/** Runs the callback script for an HTTP request, if there is one; what it asks of the answer. A failure is logged. */
export async function runCallback(
  runtime: ScriptRuntime,
  request: RequestSnapshot,
): Promise<ResponseDraft | undefined> {
  const [script] = runtime.registry.callback;
  if (script === undefined) return undefined;
  const state = new ScriptState(undefined, request);
  const values = await run({ script, scriptClass: 'callback', args: [logging(runtime)], state }, runtime);
  return values === undefined ? undefined : state.response;
}

/** A call of a hook. */
export interface HookCall {
  readonly session: string;
  readonly clientIp: string;
  /** Whom the token of the caller names; empty without one. */
  readonly subject: string;
  readonly request: RequestSnapshot;
}

export interface HookOutcome {
  /** What the script returned; null when that was nothing. */
  readonly value: HostValue;
  readonly response: ResponseDraft | undefined;
}

/**
 * Runs the hook of a route (`GET status`) with what later versions of the reference give it: a table, and the session once
 * more. Undefined after a failure, which is logged.
 */
export async function runHookScript(
  route: string,
  { session, clientIp, subject, request }: HookCall,
  runtime: ScriptRuntime,
): Promise<HookOutcome | undefined> {
  const script = runtime.registry.hooks.get(route);
  if (script === undefined) return undefined;
  const table = logging(runtime, [
    ['session', session],
    ['client_ip', clientIp],
    ['subject', subject],
    ['method', request.method],
    ['path', request.url.replace(/\?.*$/s, '')],
  ]);
  const state = new ScriptState(new Map(), request);
  const values = await run({ script, scriptClass: 'callback', args: [table, session], state }, runtime);
  if (values === undefined) return undefined;
  try {
    return { value: toHost(values[0]), response: state.response };
  } catch (thrown) {
    if (!(thrown instanceof LuaError)) throw thrown;
    reportFault(runtime, undefined, { script: script.path }, { message: textOf(thrown.value) });
    return undefined;
  }
}

interface Run {
  readonly script: LoadedScript;
  readonly scriptClass: 'init' | 'callback';
  readonly args: readonly LuaValue[];
  readonly state: ScriptState;
}

/** What the entry function returned; undefined after a failure, which is logged. */
async function run(
  { script, scriptClass, args, state }: Run,
  runtime: ScriptRuntime,
): Promise<readonly LuaValue[] | undefined> {
  const outcome = await new ScriptUnit(runtime, scriptClass).run(script, ENTRY, args, state);
  if (outcome.ok) return outcome.values;
  reportFault(runtime, undefined, { script: script.path }, outcome.fault);
  return undefined;
}

function logging(
  { settings }: ScriptRuntime,
  more: readonly (readonly [name: string, value: string])[] = [],
): LuaTable {
  return tableFromEntries([['log_format', settings.logFormat], ['log_level', settings.logLevel], ...more]);
}
