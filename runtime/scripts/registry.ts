/** The compiled scripts of a program by the role they play, checked against the configuration. */
import { ABI_VERSION, type CompiledChunk } from '../contract/abi.ts';
import type { ScriptClass } from '../contract/host.ts';
import {
  ACTION_TYPES,
  type ActionType,
  type CompiledProgram,
  type ConfiguredScript,
  type ScriptSet,
} from '../contract/scripts.ts';

export type { ActionType } from '../contract/scripts.ts';

export interface LoadedScript {
  readonly name: string;
  /** What metrics and explanations call it; of an action with its type: `post:statistics`. */
  readonly label: string;
  /** As configured; Lua messages call the chunk so. */
  readonly path: string;
  readonly chunk: CompiledChunk;
}

export interface ScriptRegistry {
  readonly init: readonly LoadedScript[];
  readonly callback: readonly LoadedScript[];
  /** By `ConfiguredScript.route`. */
  readonly hooks: ReadonlyMap<string, LoadedScript>;
  readonly features: readonly LoadedScript[];
  readonly backend: readonly LoadedScript[];
  readonly filters: readonly LoadedScript[];
  readonly actions: ReadonlyMap<ActionType, readonly LoadedScript[]>;
  /** Is any action configured at all? */
  readonly hasActions: boolean;
  /** What `require` finds: chunks by the file path it would try. */
  readonly modules: ReadonlyMap<string, CompiledChunk>;
  readonly packagePath: string;
}

/** Throws an Error that names every configured script that the program does not contain or that is of another version. */
export function createRegistry(program: CompiledProgram, set: ScriptSet): ScriptRegistry {
  const problems = set.scripts.flatMap(({ path }) => problemsOf(path, program.scripts.get(path)));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const select = (wanted: (script: ConfiguredScript) => boolean): readonly LoadedScript[] =>
    set.scripts.filter(wanted).map((script) => loaded(script, program.scripts.get(script.path)!));
  const ofClass = (scriptClass: ScriptClass) => select((script) => script.scriptClass === scriptClass);
  return {
    init: ofClass('init'),
    callback: select(({ scriptClass, route }) => scriptClass === 'callback' && route === undefined),
    hooks: new Map(select(({ route }) => route !== undefined).map((script) => [script.name, script])),
    features: ofClass('feature'),
    backend: ofClass('backend'),
    filters: ofClass('filter'),
    actions: new Map(ACTION_TYPES.map((type) => [type, select((script) => script.action === type)])),
    hasActions: ofClass('action').length > 0,
    modules: program.modules,
    packagePath: set.packagePath,
  };
}

function loaded({ name, path, action }: ConfiguredScript, chunk: CompiledChunk): LoadedScript {
  return { name, label: action === undefined ? name : `${action}:${name || path}`, path, chunk };
}

function problemsOf(path: string, chunk: CompiledChunk | undefined): readonly string[] {
  if (chunk === undefined) {
    return [`the script ${path} is not part of this build: run "nauthilus build" with this configuration`];
  }
  return chunk.abi === ABI_VERSION ? [] : [`the script ${path} was compiled for another version: build again`];
}
