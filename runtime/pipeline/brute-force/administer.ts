/** What administrators ask of the brute-force rules: what is blocked, and unblocking it. */
import { familyOf, NetworkList, normaliseAddress } from '../../login/network.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { flatPairs, strings } from '../replies.ts';
import { appliedRules } from './rules.ts';

/** Blocked networks with the names of their rules. With `addresses`: those that one of them lies in. Rejects with RedisError. */
export async function listNetworks(
  addresses: readonly string[] | undefined,
  generation: Generation,
): Promise<ReadonlyMap<string, string>> {
  const { config, services } = generation;
  const all = flatPairs(await services.redis.defaultHandle.write('HGETALL', keysOf(config).blockedNetworks));
  const wanted = all.filter(([network]) => addresses === undefined || containsOne(network, addresses));
  const alive = await Promise.all(wanted.map(([network, rule]) => isAlive(network, rule, generation)));
  return new Map(wanted.filter((_, index) => alive[index]));
}

function containsOne(network: string, addresses: readonly string[]): boolean {
  const list = new NetworkList([network]);
  return addresses.some((address) => list.contains(normaliseAddress(address)));
}

/** A block ends with the counter of its rule. Rules that only other instances know are taken at their word. */
async function isAlive(network: string, ruleName: string, { config, services }: Generation): Promise<boolean> {
  const [base = ''] = network.split('/');
  const own = appliedRules(base, config).find(({ rule, network: counted }) => {
    return rule.name === ruleName && counted === network;
  });
  return own === undefined || (await services.redis.defaultHandle.write('EXISTS', own.counter)) === 1;
}

/**
 * Accounts that a block has met, with the addresses from which they failed. With `accounts`: only those of them. Rejects
 * with RedisError.
 */
export async function listAccounts(
  accounts: readonly string[] | undefined,
  { config, services }: Generation,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const keys = keysOf(config);
  const { defaultHandle: redis } = services.redis;
  const all = strings(await redis.write('SMEMBERS', keys.blockedAccounts));
  const wanted = all.filter((account) => accounts?.includes(account) ?? true).sort();
  const addresses = await Promise.all(wanted.map((account) => redis.write('SMEMBERS', keys.historyAddresses(account))));
  return new Map(wanted.map((account, index) => [account, strings(addresses[index] ?? null).sort()]));
}

/**
 * Unblocks an address for one rule (`*`: all) and forgets what was counted. Gives the keys that were removed, counters
 * whether they existed or not. Rejects with RedisError.
 */
export async function unblock(address: string, ruleName: string, generation: Generation): Promise<readonly string[]> {
  const { config, services } = generation;
  const { defaultHandle: redis } = services.redis;
  const { blockedNetworks } = keysOf(config);
  const ip = normaliseAddress(address);
  if (familyOf(ip) === undefined) return [];
  const removed = new Set<string>();
  for (const { rule, network, counter } of appliedRules(ip, config)) {
    if (ruleName !== '*' && rule.name !== ruleName) continue;
    const stored = await redis.write('HGET', blockedNetworks, network);
    if (typeof stored === 'string' && (ruleName === '*' || stored === ruleName)) {
      await redis.write('HDEL', blockedNetworks, network);
      removed.add(blockedNetworks);
    }
    await redis.write('DEL', counter);
    removed.add(counter);
  }
  return [...removed];
}
