/** Declarations as data, for the compiler's analysis, `check`, stubs and reference pages. */
import {
  type HostFunction,
  type HostGlobalTable,
  type HostManifest,
  type HostModule,
  SCRIPT_CLASSES,
} from '../contract/host.ts';
import { standardManifest } from '../engine/stdlib/index.ts';
import { backendResultFunctions, backendResultUserdata, describeBackendResult } from './backend-result.ts';
import { builtinFunctions, describeBuiltin } from './builtin.ts';
import { describeChannels } from './channel.ts';
import type { ModuleDefinition } from './define.ts';
import { dynamicLoaderDescription, modulesByName } from './dynamic-loader.ts';

/** A module as data; `names` are all that `require` finds it by. */
export function describeModule(
  definition: ModuleDefinition,
  names: readonly string[] = [...definition.requires, ...definition.aliases],
): HostModule {
  return {
    loader: definition.loader,
    requires: names,
    classes: definition.classes,
    ...definition.describe(),
    doc: definition.doc,
  };
}

/** Functions a script finds in its globals beside the standard library, methods of the backend result included. */
export const hostGlobals: readonly HostFunction[] = [
  dynamicLoaderDescription,
  ...builtinFunctions,
  ...backendResultFunctions,
  ...backendResultUserdata.methods,
];

/** Everything Lua code can call that is not Lua: the standard library, the globals of the classes, the modules. */
export function describeHost(modules: readonly ModuleDefinition[]): HostManifest {
  const found = [...modulesByName(modules)];
  const namesOf = (definition: ModuleDefinition): readonly string[] => {
    const spare = found.filter(([, each]) => each === definition).map(([name]) => name);
    return [...new Set([...definition.requires, ...definition.aliases, ...spare])];
  };
  const described = modules.map((each) => describeModule(each, namesOf(each)));
  return { globals: [...standardManifest, ...hostGlobals], modules: described };
}

/** The global tables of all script classes and `dynamic_loader`, for stubs and reference pages. */
export function describeGlobals(): {
  readonly functions: readonly HostFunction[];
  readonly tables: readonly HostGlobalTable[];
} {
  const tables = SCRIPT_CLASSES.flatMap((each) => [
    describeBuiltin(each),
    describeBackendResult(each),
    describeChannels(each),
  ]);
  return { functions: [dynamicLoaderDescription], tables: tables.filter((each) => each !== undefined) };
}
