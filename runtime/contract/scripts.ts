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
