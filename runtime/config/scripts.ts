/** Which scripts a configuration names, in the order in which they run. */
import { dirname, isAbsolute, join } from 'node:path';
import type { ConfiguredScript, ScriptSet } from '../contract/scripts.ts';
import type { Config } from './schema/index.ts';

/** Where Nauthilus looks for Lua modules before the configured folders. */
const BASE_PACKAGE_PATH = [
  './?.lua',
  '/usr/local/share/lua/5.1/?.lua',
  '/usr/local/share/lua/5.1/?/init.lua',
  '/usr/local/share/nauthilus/lua/?.lua',
  '/usr/share/nauthilus/lua/?.lua',
  '/usr/app/lua-plugins.d/share/?.lua',
].join(';');

/**
 * All scripts of the configuration. A section whose stage is switched off (feature `lua` not listed) still counts: the
 * scripts belong to the artifact, and a reload may switch the stage on.
 */
export function scriptSet(config: Config): ScriptSet {
  const { features, filters, actions, hooks, config: single } = config.lua;
  const one = (scriptClass: 'init' | 'callback' | 'backend', path: string): ConfiguredScript[] =>
    path === '' ? [] : [{ scriptClass, name: scriptClass, path }];
  return {
    scripts: [
      ...one('init', single.init_script_path),
      ...one('callback', single.callback_script_path),
      ...hooks.map(({ http_method, http_location, script_path }) => {
        const route = `${http_method} ${http_location}`;
        return { scriptClass: 'callback' as const, name: route, path: script_path, route };
      }),
      ...features.map(({ name, script_path }) => ({ scriptClass: 'feature' as const, name, path: script_path })),
      ...one('backend', single.backend_script_path),
      ...filters.map(({ name, script_path }) => ({ scriptClass: 'filter' as const, name, path: script_path })),
      ...actions.map(({ type, name, script_path }) => ({
        scriptClass: 'action' as const,
        name,
        path: script_path,
        action: type,
      })),
    ],
    packagePath: single.package_path === '' ? BASE_PACKAGE_PATH : `${BASE_PACKAGE_PATH};${single.package_path}`,
  };
}

/**
 * Files that a configured path may mean, most important first: as written (relative to the working directory), then
 * relative to the configuration file.
 */
export function scriptCandidates(path: string, configFile: string | undefined): readonly string[] {
  if (isAbsolute(path) || configFile === undefined) return [path];
  const beside = join(dirname(configFile), path);
  return beside === join(path) ? [path] : [path, beside];
}
