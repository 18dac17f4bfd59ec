/** Name spaces of cached logins: search blocks of the backends choose them by protocol. */
import type { Config } from '../../config/index.ts';
import type { BackendName } from '../../login/login.ts';
import { fromUtf8 } from '../../login/text.ts';
import { blockFor } from './search-block.ts';

/** Name of entries of protocols that no search block names. */
const DEFAULT_NAME = '__default__';

/** Where the logins of a protocol may be, in the order of the backends; never empty. */
export function cacheNames(protocol: string, config: Config): readonly string[] {
  const names = new Set<string>();
  for (const backend of config.server.backends) {
    const name = configuredName(backend, protocol, config);
    if (name !== '') names.add(name);
  }
  return names.size === 0 ? [DEFAULT_NAME] : [...names];
}

/** Where a login is stored that a backend has answered. */
export function cacheNameFor(backend: BackendName, protocol: string, config: Config): string {
  return configuredName(backend, protocol, config) || DEFAULT_NAME;
}

/** Every name that is in use, for flushing. */
export function allCacheNames({ ldap, lua }: Config): readonly string[] {
  const names = [...(ldap?.search ?? []), ...lua.search].map(({ cache_name: name }) => fromUtf8(name));
  return [...new Set([DEFAULT_NAME, ...names.filter((name) => name !== '')])];
}

function configuredName(backend: BackendName, protocol: string, { ldap, lua }: Config): string {
  const blocks = backend === 'ldap' ? (ldap?.search ?? []) : backend === 'lua' ? lua.search : [];
  return fromUtf8(blockFor(protocol, blocks)?.cache_name ?? '');
}
