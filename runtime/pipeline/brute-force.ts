/**
 * Brute-force rules: failed logins are counted per client network, and a network that has failed too often is blocked
 * for the period of the rule since its last offence. Keys and values are those of the reference, so that instances of
 * both can share a Redis.
 */
import type { BucketConfig, Config } from '../config/index.ts';
import type { BruteForceHit, Login } from '../login/login.ts';
import { familyOf, isLocalAddress, NetworkList, networkOf } from '../login/network.ts';
import type { RedisReply } from '../services/index.ts';
import type { Generation } from './generation.ts';
import { isSoftWhitelisted } from './soft-whitelist.ts';

/** A rule that applies to a client, with the network of the client that it counts. */
interface Applied {
  readonly rule: BucketConfig;
  readonly network: string;
  readonly key: string;
}

const whitelists = new WeakMap<Config, NetworkList>();

/** Why a login is not subject to the rules; undefined when it is. */
export type Exemption = 'off' | 'local' | 'whitelisted' | 'protocol';

export function exemptionOf(login: Login, config: Config): Exemption | undefined {
  const { server, brute_force: rules } = config;
  if (login.mode !== 'auth' || !server.features.includes('brute_force') || rules.buckets.length === 0) return 'off';
  if (isLocalAddress(login.client.ip)) return 'local';
  if (whitelistOf(config).contains(login.client.ip)) return 'whitelisted';
  return server.brute_force_protocols.includes(login.protocol) ? undefined : 'protocol';
}

function whitelistOf(config: Config): NetworkList {
  let list = whitelists.get(config);
  if (!list) {
    list = new NetworkList(config.brute_force.ip_whitelist);
    whitelists.set(config, list);
  }
  return list;
}

/** Is the client's network blocked, or would one more failure be too many? Rejects with RedisError. */
export async function findHit(login: Login, generation: Generation): Promise<BruteForceHit | undefined> {
  const applied = appliedRules(login, generation.config);
  if (applied.length === 0) return undefined;
  const [blocked, counters] = await readState(applied, generation);
  return earlierHit(applied, blocked, counters) ?? newHit(applied, counters);
}

/** Rules of the client's address family, in configured order. An unreadable address is under no rule. */
function appliedRules(login: Login, config: Config): readonly Applied[] {
  const { ip } = login.client;
  const family = familyOf(ip);
  if (family === undefined) return [];
  const { prefix } = config.server.redis;
  const rules = config.brute_force.buckets.filter((rule) => (family === 4 ? rule.ipv4 : rule.ipv6));
  return rules.map((rule) => {
    const network = networkOf(ip, rule.cidr);
    const key = `${prefix}bf:${rule.period}:${rule.cidr}:${rule.failed_requests}:${family}:${network}`;
    return { rule, network, key };
  });
}

type Counters = ReadonlyMap<string, number | undefined>;

/** Names of the rules that block the networks, and the counters; counters are read where they are written. */
async function readState(
  applied: readonly Applied[],
  { config, services }: Generation,
): Promise<[blocked: readonly RedisReply[], counters: Counters]> {
  const handle = services.redis.defaultHandle;
  const [blocked, ...replies] = await Promise.all([
    handle.read('HMGET', `${config.server.redis.prefix}BRUTEFORCE`, ...applied.map(({ network }) => network)),
    ...applied.map(({ key }) => handle.write('GET', key)),
  ]);
  const counters = new Map(applied.map(({ key }, at) => [key, asCount(replies[at])]));
  return [Array.isArray(blocked) ? blocked : [], counters];
}

function asCount(reply: RedisReply | undefined): number | undefined {
  const count = Number(reply ?? Number.NaN);
  return Number.isNaN(count) ? undefined : count;
}

/** The stored entry never expires by itself: it counts only while the counter of its rule is alive. */
function earlierHit(
  applied: readonly Applied[],
  blocked: readonly RedisReply[],
  counters: Counters,
): BruteForceHit | undefined {
  for (const [at, own] of applied.entries()) {
    const storedName = blocked[at];
    if (typeof storedName !== 'string' || storedName === '') continue;
    const blocker = applied.find(({ rule, network }) => rule.name === storedName && network === own.network) ?? own;
    if (counters.get(blocker.key) === undefined) continue;
    return { bucket: own.rule.name, network: own.network, counter: 0, repeating: true };
  }
  return undefined;
}

function newHit(applied: readonly Applied[], counters: Counters): BruteForceHit | undefined {
  for (const { rule, network, key } of applied) {
    const counter = counters.get(key) ?? 0;
    if (counter + 1 > rule.failed_requests) return { bucket: rule.name, network, counter, repeating: false };
  }
  return undefined;
}

/** Stores a block, so that it holds for the whole period, and names the account for the list of blocked ones. */
export async function storeBlock(login: Login, hit: BruteForceHit, { config, services }: Generation): Promise<void> {
  const { prefix } = config.server.redis;
  const handle = services.redis.defaultHandle;
  const writes: Promise<RedisReply>[] = [];
  if (!hit.repeating) writes.push(handle.write('HSET', `${prefix}BRUTEFORCE`, hit.network, hit.bucket));
  if (login.knownAccount) writes.push(handle.write('SADD', `${prefix}BLOCKED_ACCOUNTS`, login.knownAccount));
  await Promise.all(writes);
}

/**
 * Counts a failed login in every rule of the client. After a block only rules with at least the blocking one's period
 * are touched, and the blocking one only starts its period anew. Rejects with RedisError.
 */
export async function countFailure(login: Login, generation: Generation): Promise<void> {
  const { config, services } = generation;
  if (exemptionOf(login, config) !== undefined) return;
  if (await isSoftWhitelisted(login, 'brute_force', generation)) return;
  const applied = appliedRules(login, config);
  const blocking = applied.find(({ rule }) => rule.name === login.bruteForce?.bucket)?.rule;
  const handle = services.redis.defaultHandle;
  const writes = applied
    .filter(({ rule }) => blocking === undefined || rule.period >= blocking.period)
    .flatMap(({ rule, key }) => {
      const renew = () => handle.write('EXPIRE', key, Math.ceil(rule.period));
      return rule === blocking ? [renew()] : [handle.write('INCR', key), renew()];
    });
  await Promise.all(writes);
}
