/** What scripts find in their environment: Lua's libraries, the host modules, the globals of their class. */
import type { ScriptClass } from './contract/host.ts';
import { createEnvironment, type Environment } from './engine/api.ts';
import { librariesWithPath } from './engine/stdlib/index.ts';
import { createScriptHost, namedLikeTheirFiles, type ScriptHost } from './host/script-host.ts';
import modules, { files } from './modules/index.gen.ts';

/** All host modules of this server; one for the process, as modules keep nothing between runs. */
export const scriptHost: ScriptHost = createScriptHost(namedLikeTheirFiles(modules, files));

/** Makes environments whose `require` searches the given patterns. */
export function environmentsFor(packagePath: string): (scriptClass: ScriptClass) => Environment {
  const libraries = librariesWithPath(packagePath);
  return (scriptClass) => {
    const env = createEnvironment(libraries);
    scriptHost.install(env, scriptClass);
    return env;
  };
}
