/** What running scripts takes besides the scripts: settings, services, logs, and how an environment is made. */
import { SCRIPT_CLASSES, type ScriptClass } from '../contract/host.ts';
import type { Environment, Loader } from '../engine/api.ts';
import type { HostCall, ScriptLog } from '../host/call.ts';
import type { ScriptRegistry } from './registry.ts';

type Services = HostCall['services'];

export interface ScriptSettings {
  /** `default` (logfmt) or `json`, as scripts see it. */
  readonly logFormat: 'default' | 'json';
  readonly logLevel: string;
  /** Wall-clock milliseconds per script, waits included. */
  readonly deadlineMs: number;
  /** Bytes one script may hold. */
  readonly memoryBytes: number;
}

/** Makes the environment of a new unit: standard library, modules on demand, and the globals of the class. */
export type MakeEnvironment = (scriptClass: ScriptClass) => Environment;

export interface ScriptRuntimeParts {
  readonly registry: ScriptRegistry;
  readonly settings: ScriptSettings;
  readonly services: Services;
  /** Finds modules for `require` and compiles for `load`. */
  readonly loader: Loader;
  readonly makeEnvironment: MakeEnvironment;
}

export interface ScriptRuntime extends ScriptRuntimeParts {
  /** Where host functions called by scripts of a class write lines. */
  readonly logs: Readonly<Record<ScriptClass, ScriptLog>>;
}

/** One per generation. */
export function createScriptRuntime(parts: ScriptRuntimeParts): ScriptRuntime {
  const logs = Object.fromEntries(
    SCRIPT_CLASSES.map((scriptClass) => [scriptClass, logOf(scriptClass, parts.services)]),
  ) as Record<ScriptClass, ScriptLog>;
  return { ...parts, logs };
}

function logOf(scriptClass: ScriptClass, services: Services): ScriptLog {
  const log = services.log.named(`lua/${scriptClass}`);
  return {
    debug: (fields, msg) => log.debug('lua', { ...fields, msg }),
    info: (fields, msg) => log.info({ ...fields, msg }),
    warn: (fields, msg) => log.warn({ ...fields, msg }),
    error: (fields, msg) => log.error({ ...fields, msg }),
  };
}
