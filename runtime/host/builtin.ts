/** The global `nauthilus_builtin`: what each script class may say about the login, and the constants it answers with. */
import type { HostFunction, HostGlobalTable, ScriptClass } from '../contract/host.ts';
import { defineLibrary, type Library, type LuaValue, noResults } from '../engine/api.ts';
import type { CustomLog } from '../login/script-state.ts';
import { type Declarations, describeFunctions, sync } from './define.ts';
import { lax, str } from './signature.ts';

const customLogAdd: Declarations = {
  custom_log_add: sync(
    {
      doc: 'Add a pair to the final log line; a value that is no boolean, number or string shows as UNSUPPORTED.',
      args: [str('key'), lax('value')],
    },
    ({ state }, key, value) => {
      state.logs.push([key, loggable(value)]);
      return noResults();
    },
  ),
};

const statusMessageSet: Declarations = {
  status_message_set: sync(
    { doc: 'Set the text that a rejected client gets; the last call wins.', args: [str('text')] },
    ({ state }, text) => {
      state.statusMessage = text;
      return noResults();
    },
  ),
};

function loggable(value: LuaValue): CustomLog[1] {
  const isScalar = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
  return isScalar ? value : 'UNSUPPORTED';
}

interface Builtin {
  readonly functions: Declarations;
  readonly constants: Readonly<Record<string, number>>;
}

/** Flags are numbers, as the documentation has them; the classes read returned flags tolerantly. */
const BUILTINS: Readonly<Partial<Record<ScriptClass, Builtin>>> = {
  feature: {
    functions: { ...customLogAdd, ...statusMessageSet },
    constants: {
      FEATURE_TRIGGER_NO: 0,
      FEATURE_TRIGGER_YES: 1,
      FEATURES_ABORT_NO: 0,
      FEATURES_ABORT_YES: 1,
      FEATURE_RESULT_OK: 0,
      FEATURE_RESULT_FAIL: 1,
    },
  },
  backend: {
    functions: { ...customLogAdd, ...statusMessageSet },
    constants: { BACKEND_RESULT_OK: 0, BACKEND_RESULT_FAIL: 1 },
  },
  filter: {
    functions: { ...customLogAdd, ...statusMessageSet },
    constants: {
      FILTER_ACCEPT: 0,
      FILTER_REJECT: 1,
      FILTER_ACTION_ACCEPT: 0,
      FILTER_ACTION_REJECT: 1,
      FILTER_RESULT_OK: 0,
      FILTER_RESULT_FAIL: 1,
    },
  },
  action: {
    functions: customLogAdd,
    constants: { ACTION_RESULT_OK: 0, ACTION_RESULT_FAIL: 1 },
  },
};

const DOC = 'What a script says about the login beside its results, and the constants for its results.';

/** Name of the global. */
export const BUILTIN_TABLE = 'nauthilus_builtin';

/** The table of a class as a library; undefined for the classes that have none (init, callback). */
export function builtinLibrary(scriptClass: ScriptClass): Library | undefined {
  const builtin = BUILTINS[scriptClass];
  if (builtin === undefined) return undefined;
  const functions = Object.entries(builtin.functions).map(([name, each]) => [name, each.define(name)] as const);
  return defineLibrary(BUILTIN_TABLE, Object.fromEntries(functions), { values: builtin.constants });
}

/** The table of a class as data; undefined for the classes that have none. */
export function describeBuiltin(scriptClass: ScriptClass): HostGlobalTable | undefined {
  const builtin = BUILTINS[scriptClass];
  if (builtin === undefined) return undefined;
  const { constants } = builtin;
  const functions = describeFunctions(builtin.functions);
  return { name: BUILTIN_TABLE, aliases: [], scriptClass, functions, constants, userdata: [], doc: DOC };
}

/** The functions of all classes. */
export const builtinFunctions: readonly HostFunction[] = describeFunctions({ ...customLogAdd, ...statusMessageSet });
