/** The log line of a script that did not come to its end. */
import { toUtf8String } from '../engine/api.ts';
import type { Login } from '../login/login.ts';
import type { CustomLog } from '../login/script-state.ts';
import type { ScriptFault } from './run.ts';
import type { ScriptRuntime } from './script-runtime.ts';

/** `name` or `script` says which one; `logs` are pairs the script had added, where they appear nowhere else. */
export function reportFault(
  runtime: ScriptRuntime,
  login: (Pick<Login, 'session' | 'password'> & Partial<Pick<Login, 'script'>>) | undefined,
  where: { readonly name: string } | { readonly script: string },
  fault: ScriptFault,
  logs: readonly CustomLog[] = [],
): void {
  const { log } = runtime.services;
  const hiding = login === undefined ? log : log.hiding(login.password);
  const trace = login?.script?.request?.trace;
  const session = {
    ...(login === undefined ? {} : { session: login.session }),
    ...(trace === undefined ? {} : { traceparent: trace.traceparent }),
  };
  hiding.error({ ...session, ...where, msg: toUtf8String(fault.message) }, textPairs(logs));
}

/** Pairs of scripts as the log takes them: text instead of byte strings. */
export function textPairs(logs: readonly CustomLog[]): (readonly [string, string | number | boolean])[] {
  return logs.map(([key, value]) => [toUtf8String(key), typeof value === 'string' ? toUtf8String(value) : value]);
}
