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
import type { ModuleDefinition } from './define.ts';
import { dynamicLoaderDescription } from './dynamic-loader.ts';

/** A module as data. */
export function describeModule(definition: ModuleDefinition): HostModule {
  return {
    loader: definition.loader,
    requires: [...definition.requires, ...definition.aliases],
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
  return { globals: [...standardManifest, ...hostGlobals], modules: modules.map(describeModule) };
}

/** The global tables of all script classes and `dynamic_loader`, for stubs and reference pages. */
export function describeGlobals(): {
  readonly functions: readonly HostFunction[];
  readonly tables: readonly HostGlobalTable[];
} {
  const tables = SCRIPT_CLASSES.flatMap((each) => [describeBuiltin(each), describeBackendResult(each)]);
  return { functions: [dynamicLoaderDescription], tables: tables.filter((each) => each !== undefined) };
}
