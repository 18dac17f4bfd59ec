/** Which file plays which role: the scripts of a configuration, and what the compiler makes of them. */
import type { CompiledChunk } from './abi.ts';
import type { ScriptClass } from './host.ts';

/** When an action script runs. */
export type ActionType = 'brute_force' | 'rbl' | 'tls_encryption' | 'relay_domains' | 'lua' | 'post';

export const ACTION_TYPES: readonly ActionType[] = [
  'brute_force',
  'rbl',
  'tls_encryption',
  'relay_domains',
  'lua',
  'post',
];

/** One configured script, in configured order. */
export interface ConfiguredScript {
  readonly scriptClass: ScriptClass;
  /** Configured name (`lua.features[].name`); the class name where the configuration has none. */
  readonly name: string;
  /** As written in the configuration: it appears in Lua messages as the chunk name. */
  readonly path: string;
  readonly action?: ActionType;
  /** Of a hook: method and path below `/api/v1/custom/`, separated by a blank. */
  readonly route?: string;
}

/** All scripts of a configuration and where their modules are searched (`?` patterns, `;`-separated). */
export interface ScriptSet {
  readonly scripts: readonly ConfiguredScript[];
  readonly packagePath: string;
}

/** The compiled program inside an artifact (or held by `watch`): chunks by configured path and by module name. */
export interface CompiledProgram {
  /** Key: `ConfiguredScript.path`. */
  readonly scripts: ReadonlyMap<string, CompiledChunk>;
  /** Key: file path that the `package.path` search would find, as `require` tries it. */
  readonly modules: ReadonlyMap<string, CompiledChunk>;
}

/** A function that the server calls in scripts of a class, and what it has to return. */
export interface EntryFunction {
  readonly name: string;
  /** A script without it cannot serve; others are called only when they are there. */
  readonly isRequired: boolean;
  /** Of each result its name, and the constants of `nauthilus_builtin` for the numbers 0 and 1, if it is a flag. */
  readonly results: readonly { readonly name: string; readonly constants?: readonly [zero: string, one: string] }[];
}

const HOOK = { name: 'nauthilus_run_hook', isRequired: true, results: [] } as const;

export const ENTRY_FUNCTIONS = {
  init: [HOOK],
  callback: [HOOK],
  feature: [
    {
      name: 'nauthilus_call_feature',
      isRequired: true,
      results: [
        { name: 'trigger', constants: ['FEATURE_TRIGGER_NO', 'FEATURE_TRIGGER_YES'] },
        { name: 'abort', constants: ['FEATURES_ABORT_NO', 'FEATURES_ABORT_YES'] },
        { name: 'result', constants: ['FEATURE_RESULT_OK', 'FEATURE_RESULT_FAIL'] },
      ],
    },
  ],
  backend: [
    {
      name: 'nauthilus_backend_verify_password',
      isRequired: true,
      results: [
        { name: 'result', constants: ['BACKEND_RESULT_OK', 'BACKEND_RESULT_FAIL'] },
        { name: 'backend result' },
      ],
    },
    {
      name: 'nauthilus_backend_list_accounts',
      isRequired: false,
      results: [{ name: 'result', constants: ['BACKEND_RESULT_OK', 'BACKEND_RESULT_FAIL'] }, { name: 'accounts' }],
    },
    {
      name: 'nauthilus_backend_add_totp',
      isRequired: false,
      results: [{ name: 'result', constants: ['BACKEND_RESULT_OK', 'BACKEND_RESULT_FAIL'] }],
    },
  ],
  filter: [
    {
      name: 'nauthilus_call_filter',
      isRequired: true,
      results: [
        { name: 'action', constants: ['FILTER_ACCEPT', 'FILTER_REJECT'] },
        { name: 'result', constants: ['FILTER_RESULT_OK', 'FILTER_RESULT_FAIL'] },
      ],
    },
  ],
  action: [
    {
      name: 'nauthilus_call_action',
      isRequired: true,
      results: [{ name: 'result', constants: ['ACTION_RESULT_OK', 'ACTION_RESULT_FAIL'] }],
    },
  ],
} as const satisfies Readonly<Record<ScriptClass, readonly EntryFunction[]>>;
