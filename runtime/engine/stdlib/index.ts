/** The whole standard library: for environments, and as data for the manifest. */
import type { HostFunction } from '../../contract/host.ts';
import type { Library } from '../api.ts';
import { baseFunctions, baseLibrary } from './base.ts';
import { coroutineFunctions, coroutineLibrary } from './coroutine.ts';
import { debugFunctions, debugLibrary } from './debug.ts';
import { ioFunctions, ioLibrary } from './io.ts';
import { mathFunctions, mathLibrary } from './math.ts';
import { osFunctions, osLibrary } from './os.ts';
import { packageFunctions, packageLibrary } from './package.ts';
import { stringFunctions, stringLibrary } from './string.ts';
import { tableFunctions, tableLibrary } from './table.ts';

/** Where PUC Lua would look beside the script. */
export const DEFAULT_PACKAGE_PATH = './?.lua;./?/init.lua';

/** All libraries; keep the list, `createEnvironment` prepares itself once for each. */
export function librariesWithPath(packagePath: string): readonly Library[] {
  return [
    baseLibrary,
    packageLibrary(packagePath),
    stringLibrary,
    tableLibrary,
    mathLibrary,
    osLibrary,
    ioLibrary,
    coroutineLibrary,
    debugLibrary,
  ];
}

/** All libraries with the default search path. */
export const standardLibraries: readonly Library[] = librariesWithPath(DEFAULT_PACKAGE_PATH);

/** Every function of the standard library, by its last name. */
export const standardManifest: readonly HostFunction[] = [
  ...baseFunctions,
  ...packageFunctions,
  ...stringFunctions,
  ...tableFunctions,
  ...mathFunctions,
  ...osFunctions,
  ...ioFunctions,
  ...coroutineFunctions,
  ...debugFunctions,
];
