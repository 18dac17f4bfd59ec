/**
 * The backend script. Entries `nauthilus_backend_verify_password(request)` → result, backend_result,
 * `nauthilus_backend_list_accounts(request)` → result, table and `nauthilus_backend_add_totp(request)` → result.
 */

import type { Secret } from '../../config/index.ts';
import { ENTRY_FUNCTIONS } from '../../contract/scripts.ts';
import { entries, LuaTable, type LuaValue, tableFromEntries } from '../../engine/api.ts';
import { type BackendResult, backendResultOf } from '../../host/backend-result.ts';
import { attributesFrom } from '../../login/attributes.ts';
import type { BackendAnswer, Login } from '../../login/login.ts';
import { type RequestSnapshot, ScriptState } from '../../login/script-state.ts';
import { reportFault } from '../faults.ts';
import { resultNumber } from '../flags.ts';
import type { LoadedScript } from '../registry.ts';
import { earlyView, requestTable } from '../request-table.ts';
import { type ScriptOutcome, ScriptUnit } from '../run.ts';
import type { ScriptRuntime } from '../script-runtime.ts';

const [{ name: VERIFY }, { name: LIST }, { name: ADD_TOTP }] = ENTRY_FUNCTIONS.backend;

/** `unknown`: no such user here. `error`: no answer; the log says why. */
export type BackendDecision = BackendAnswer | 'unknown' | 'error';

/** Asks the script. What it logs stays in any case, a status message only when it has answered. */
export function runBackendScript(login: Login, runtime: ScriptRuntime): BackendDecision | Promise<BackendDecision> {
  const script = runtime.registry.backend[0];
  if (script === undefined) return 'unknown';
  const earlierMessage = login.script.statusMessage;
  const request = requestTable(login, earlyView(login, ''), runtime.settings);
  const done = runtime.services.metrics.time('backend', 'lua_backend_request_total');
  const outcome = new ScriptUnit(runtime, 'backend').run(script, VERIFY, [request], login.script);
  const finish = (ended: ScriptOutcome): BackendDecision => {
    done();
    const decision = decide(ended, script, login, runtime);
    login.script.explanation?.conclude(concluded(ended, decision));
    if (decision === 'error') login.script.statusMessage = earlierMessage;
    return decision;
  };
  return outcome instanceof Promise ? outcome.then(finish) : finish(outcome);
}

function concluded({ ok }: ScriptOutcome, decision: BackendDecision): string {
  if (decision === 'error') return ok ? 'wrong return value' : 'fault';
  return decision === 'unknown' ? 'no account field' : 'answered';
}

function decide(outcome: ScriptOutcome, script: LoadedScript, login: Login, runtime: ScriptRuntime): BackendDecision {
  const complain = (message: string): 'error' => {
    reportFault(runtime, login, { script: script.path }, { message }, login.script.logs);
    return 'error';
  };
  if (!outcome.ok) return complain(outcome.fault.message);
  const [result, object] = outcome.values;
  if (resultNumber(result) !== 0) return complain('script_execution_failed: Lua script finished with an error');
  const answer = backendResultOf(object);
  if (answer === undefined) return complain('wrong_user_data_result: Lua script returned a wrong user data object');
  return answerOf(answer);
}

/** Without an account field everything else in the result is ignored. */
function answerOf(result: BackendResult): BackendDecision {
  if (result.accountField === '') return 'unknown';
  return {
    authenticated: result.authenticated,
    userFound: result.userFound,
    accountField: result.accountField,
    totpSecretField: result.totpSecretField,
    totpRecoveryField: result.totpRecoveryField,
    uniqueUserIdField: result.uniqueUserIdField,
    displayNameField: result.displayNameField,
    attributes: attributesFrom(result.attributes),
  };
}

/** A request to list all accounts. */
export interface Listing {
  readonly session: string;
  readonly request: RequestSnapshot;
}

/** All accounts of the script, each once; none when it fails. Logs of this function are dropped, there is no context. */
export async function listScriptAccounts(
  { session, request }: Listing,
  runtime: ScriptRuntime,
): Promise<readonly string[]> {
  const script = runtime.registry.backend[0];
  if (script === undefined) return [];
  const table = tableFromEntries([
    ['debug', runtime.settings.logLevel === 'debug'],
    ['session', session],
  ]);
  const state = new ScriptState(undefined, request);
  const done = runtime.services.metrics.time('account', 'lua_account_request_total');
  const outcome = await new ScriptUnit(runtime, 'backend').run(script, LIST, [table], state);
  done();
  const message = problemOf(outcome);
  if (message === undefined) return outcome.ok ? stringsOf(outcome.values[1]) : [];
  reportFault(runtime, undefined, { script: script.path }, { message });
  return [];
}

function problemOf(outcome: ScriptOutcome): string | undefined {
  if (!outcome.ok) return outcome.fault.message;
  if (resultNumber(outcome.values[0]) !== 0) return 'script_execution_failed: Lua script finished with an error';
  return outcome.values[1] instanceof LuaTable ? undefined : 'the list of accounts is not a table';
}

function stringsOf(list: LuaValue): readonly string[] {
  const accounts = new Set<string>();
  if (list instanceof LuaTable) {
    for (const [, value] of entries(list)) if (typeof value === 'string') accounts.add(value);
  }
  return [...accounts];
}

/** A secret of a second factor that is to be stored. Byte strings. */
export interface Registration {
  readonly session: string;
  readonly username: string;
  readonly protocol: string;
  readonly secret: Secret;
  readonly request: RequestSnapshot;
}

/** Hands the secret to the script, which knows its users; logs of this function are dropped, there is no context. */
export async function addScriptTotp(
  { session, username, secret, request }: Registration,
  runtime: ScriptRuntime,
): Promise<'stored' | 'not stored'> {
  const script = runtime.registry.backend[0];
  if (script === undefined) return 'not stored';
  const table = tableFromEntries([
    ['debug', runtime.settings.logLevel === 'debug'],
    ['session', session],
    ['username', username],
    ['totp_secret', secret.reveal()],
  ]);
  const state = new ScriptState(undefined, request);
  const outcome = await new ScriptUnit(runtime, 'backend').run(script, ADD_TOTP, [table], state);
  if (outcome.ok && resultNumber(outcome.values[0]) === 0) return 'stored';
  const message = outcome.ok ? 'script_execution_failed: Lua script finished with an error' : outcome.fault.message;
  reportFault(runtime, { session, password: secret }, { script: script.path }, { message });
  return 'not stored';
}
