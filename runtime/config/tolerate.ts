/**
 * Spellings of documentation and older versions that are not keys of the schema (server.md 3.8): they are moved to where
 * they belong before the tree meets the schema, each with a warning.
 */
import type { Diagnostic } from '../contract/diagnostic.ts';
import { messages } from './messages.ts';
import { emptyMap, type Raw, type RawEntry, type RawMap } from './source.ts';

/** Changes the tree in place. */
export function tolerate(tree: RawMap): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const warn = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  moveNonce(tree, warn);
  dropOutOfScope(tree, warn);
  rename(section(tree, 'lua'), 'custom_hooks', ['hooks'], 'lua', warn);
  const lua = section(section(tree, 'lua'), 'config');
  rename(lua, 'script_path', ['backend_script_path'], 'lua.config', warn);
  const ldap = section(section(tree, 'ldap'), 'config');
  rename(ldap, 'pool_size', ['lookup_pool_size', 'auth_pool_size'], 'ldap.config', warn);
  rename(ldap, 'idle_pool_size', ['lookup_idle_pool_size', 'auth_idle_pool_size'], 'ldap.config', warn);
  moveMappedAttributes(tree, warn);
  renameHosts(tree, warn);
  const userAccount = take(section(tree, 'brute_force'), 'user_account');
  if (userAccount) {
    const subject = { path: 'brute_force.user_account', origin: userAccount.keyOrigin };
    warn(messages.obsolete(subject, 'accounts are always considered'));
  }
  return diagnostics;
}

type Warn = (diagnostic: Diagnostic) => void;

function moveNonce(tree: RawMap, warn: Warn): void {
  const nonce = take(tree, 'password_nonce');
  if (!nonce) return;
  warn(messages.alias({ path: 'password_nonce', origin: nonce.keyOrigin }, 'server.redis.password_nonce'));
  const redis = ensureSection(ensureSection(tree, 'server', nonce), 'redis', nonce);
  if (!find(redis, 'password_nonce')) redis.entries.set('password_nonce', nonce);
}

/** Top-level keys of older versions that configured the login pages. */
const OUT_OF_SCOPE = ['csrf_secret', 'cookie_store_auth_key', 'cookie_store_encryption_key', 'tag_instance'];

function dropOutOfScope(tree: RawMap, warn: Warn): void {
  for (const key of OUT_OF_SCOPE) {
    const entry = take(tree, key);
    if (entry)
      warn(messages.ignored({ path: key, origin: entry.keyOrigin }, 'login pages are not part of this server'));
  }
}

function rename(map: RawMap | undefined, old: string, names: readonly string[], path: string, warn: Warn): void {
  const entry = take(map, old);
  if (!map || !entry) return;
  const full = names.map((name) => `${path}.${name}`).join(' and ');
  warn(messages.alias({ path: `${path}.${old}`, origin: entry.keyOrigin }, full));
  for (const name of names) if (!find(map, name)) map.entries.set(name, entry);
}

function moveMappedAttributes(tree: RawMap, warn: Warn): void {
  const search = find(section(tree, 'ldap'), 'search')?.value;
  const blocks = search?.kind === 'list' ? search.items : search ? [search] : [];
  blocks.forEach((block, index) => {
    const attribute = block.kind === 'map' ? take(section(block, 'mapping'), 'attribute') : undefined;
    if (block.kind !== 'map' || !attribute) return;
    const path = `ldap.search[${index}]`;
    warn(messages.alias({ path: `${path}.mapping.attribute`, origin: attribute.keyOrigin }, `${path}.attribute`));
    if (!find(block, 'attribute')) block.entries.set('attribute', attribute);
  });
}

/** Monitored servers of later versions have a `host`. */
function renameHosts(tree: RawMap, warn: Warn): void {
  const servers = find(section(tree, 'backend_server_monitoring'), 'backend_servers')?.value;
  if (servers?.kind !== 'list') return;
  servers.items.forEach((server, index) => {
    const path = `backend_server_monitoring.backend_servers[${index}]`;
    if (server.kind === 'map') rename(server, 'host', ['ip'], path, warn);
  });
}

function find(map: RawMap | undefined, key: string): RawEntry | undefined {
  if (!map) return undefined;
  for (const [written, entry] of map.entries) if (written.toLowerCase() === key) return entry;
  return undefined;
}

function take(map: RawMap | undefined, key: string): RawEntry | undefined {
  if (!map) return undefined;
  for (const [written, entry] of map.entries) {
    if (written.toLowerCase() !== key) continue;
    map.entries.delete(written);
    return entry;
  }
  return undefined;
}

function section(map: RawMap | undefined, key: string): RawMap | undefined {
  const value: Raw | undefined = find(map, key)?.value;
  return value?.kind === 'map' ? value : undefined;
}

/** The section, created when it is absent or empty; `cause` lends its place in the file. */
export function ensureSection(map: RawMap, key: string, cause: Pick<RawEntry, 'keyOrigin'>): RawMap {
  const existing = section(map, key);
  if (existing) return existing;
  take(map, key);
  const created = emptyMap(cause.keyOrigin);
  map.entries.set(key, { keyOrigin: cause.keyOrigin, value: created });
  return created;
}
