/** Declarations as data, for the compiler's analysis, `check`, stubs and reference pages. */
import type { HostFunction, HostManifest, HostModule } from '../contract/host.ts';
import { standardManifest } from '../engine/stdlib/index.ts';
import { backendResultFunctions, backendResultUserdata } from './backend-result.ts';
import { builtinFunctions } from './builtin.ts';
import type { ModuleDefinition } from './define.ts';
import { dynamicLoaderDescription } from './dynamic-loader.ts';

/** A module as data. */
export function describeModule(definition: ModuleDefinition): HostModule {
  return {
    loader: definition.loader,
    requires: [...definition.requires, ...definition.aliases],
    classes: definition.classes,
    functions: definition.described,
    userdata: definition.userdata,
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
