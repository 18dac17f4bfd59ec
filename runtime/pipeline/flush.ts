/** Forgetting a user altogether: cached logins, wrong passwords, blocks and the account behind the login name. */
import { unblock } from './brute-force/administer.ts';
import { forgetAccount, forgetEverybody } from './forget.ts';
import type { Generation } from './generation.ts';
import { keysOf } from './keys.ts';
import { flatPairs, strings } from './replies.ts';

const FIELDS_AT_ONCE = 1000;

/**
 * Forgets the user of a login name, on all instances; `undefined` when nobody knows the name. Gives the keys, those
 * included that did not exist. Rejects with RedisError.
 */
export async function flushUser(username: string, generation: Generation): Promise<readonly string[] | undefined> {
  const { config, services } = generation;
  const { defaultHandle: redis } = services.redis;
  const keys = keysOf(config);
  const account = await redis.write('HGET', keys.accounts, username);
  if (typeof account !== 'string') return undefined;
  const addresses = strings(await redis.write('SMEMBERS', keys.historyAddresses(account)));
  const unblocked = await Promise.all(addresses.map((address) => unblock(address, '*', generation)));
  const histories = addresses.flatMap((ip) => [keys.history(account, ip), keys.addressHistory(ip)]);
  const removed = [...histories, keys.historyAddresses(account)];
  const names = await namesOf(account, generation);
  const [cached] = await Promise.all([
    forgetAccount(account, generation),
    redis.write('HDEL', keys.accounts, username, ...names),
    redis.write('SREM', keys.blockedAccounts, account),
    removeKeys(removed, generation),
  ]);
  return sorted([...unblocked.flat(), ...removed, ...cached, keys.accounts, keys.blockedAccounts]);
}

/** All login names of an account. */
async function namesOf(account: string, { config, services }: Generation): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor = '0';
  do {
    const { accounts } = keysOf(config);
    const reply = await services.redis.defaultHandle.write('HSCAN', accounts, cursor, 'COUNT', FIELDS_AT_ONCE);
    const [next, fields] = Array.isArray(reply) ? reply : [];
    cursor = typeof next === 'string' ? next : '0';
    for (const [name, owner] of flatPairs(fields ?? null)) if (owner === account) names.push(name);
  } while (cursor !== '0');
  return names;
}

/** Forgets everybody, everywhere. Gives the keys. Rejects with RedisError. */
export async function flushEverybody(generation: Generation): Promise<readonly string[]> {
  const { config, services } = generation;
  const { defaultHandle: redis } = services.redis;
  const found = await Promise.all(keysOf(config).families.map((pattern) => redis.scan(pattern)));
  const removed = sorted(found.flat());
  await removeKeys(removed, generation);
  await forgetEverybody(generation);
  return removed;
}

const KEYS_AT_ONCE = 500;

/** Some keys per command, one command after the other: the server answers logins in between. */
async function removeKeys(keys: readonly string[], { services }: Generation): Promise<void> {
  for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
    await services.redis.defaultHandle.write('UNLINK', ...keys.slice(at, at + KEYS_AT_ONCE));
  }
}

function sorted(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)].sort();
}
