/**
 * The counters of the rules: failed logins per client network. Every question and every change is one script on the Redis
 * server over all rules of the client. Logins at the same time cannot get past a limit together: each is asked for before
 * the backends and, when they accept it, once more, so that it counts how many have failed by the time it ends.
 */
import type { Explanation } from '../../login/explanation.ts';
import type { BruteForceHit, Login } from '../../login/login.ts';
import { type RedisReply, serverScript } from '../../services/index.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { type AppliedRule, appliedRules } from './rules.ts';

/**
 * KEYS: blocked networks, then the counter of each rule. ARGV: name, network and limit of each rule. Gives
 * `{rule, count, repeated}` of the first rule that is full, or `{}`. A stored block holds as long as the counter of the rule
 * that caused it.
 */
const CHECK = serverScript(`
local rules = {}
for i = 1, #KEYS - 1 do
  rules[i] = { name = ARGV[3 * i - 2], network = ARGV[3 * i - 1], limit = tonumber(ARGV[3 * i]),
    count = tonumber(redis.call('GET', KEYS[i + 1])) }
end
for i, rule in ipairs(rules) do
  local name = redis.call('HGET', KEYS[1], rule.network)
  if name and name ~= '' then
    local cause, isOurs = rule, false
    for _, other in ipairs(rules) do
      if other.name == name and other.network == rule.network then cause, isOurs = other, true end
    end
    if cause.count then return { i, 0, 1 } end
    if isOurs then redis.call('HDEL', KEYS[1], rule.network) end
  end
end
for i, rule in ipairs(rules) do
  if (rule.count or 0) >= rule.limit then return { i, rule.count, 0 } end
end
return {}
`);

/**
 * KEYS as in CHECK. ARGV: points, number of the blocking rule (0: none), then name, network, limit and period in seconds of
 * each rule. A rule that others have filled meanwhile blocks as well. After a block only rules with at least its period are
 * touched, and its own rule only starts its period anew.
 */
const COUNT = serverScript(`
local blocking = tonumber(ARGV[2])
local function period(i) return math.ceil(tonumber(ARGV[4 * i + 2])) end
for i = 1, #KEYS - 1 do
  local count = tonumber(redis.call('GET', KEYS[i + 1])) or 0
  if blocking == 0 and count >= tonumber(ARGV[4 * i + 1]) then blocking = i end
end
for i = 1, #KEYS - 1 do
  if blocking == 0 or period(i) >= period(blocking) then
    if i ~= blocking then redis.call('INCRBY', KEYS[i + 1], ARGV[1]) end
    redis.call('EXPIRE', KEYS[i + 1], period(i))
  end
end
if blocking > 0 then redis.call('HSETNX', KEYS[1], ARGV[4 * blocking], ARGV[4 * blocking - 1]) end
return 1
`);

function scriptKeys(applied: readonly AppliedRule[], { config }: Generation): readonly string[] {
  return [keysOf(config).blockedNetworks, ...applied.map(({ counter }) => counter)];
}

/** Is the client's network blocked, or would one more failure be too many? Rejects with RedisError. */
export async function findHit(login: Login, generation: Generation): Promise<BruteForceHit | undefined> {
  const applied = appliedRules(login.client.ip, generation.config);
  if (applied.length === 0) return undefined;
  const described = applied.flatMap(({ rule, network }) => [rule.name, network, rule.failed_requests]);
  const { defaultHandle: redis } = generation.services.redis;
  return readHit(await redis.run(CHECK, scriptKeys(applied, generation), described), applied);
}

function readHit(reply: RedisReply, applied: readonly AppliedRule[]): BruteForceHit | undefined {
  const [rule, count, repeated] = Array.isArray(reply) ? reply : [];
  const hit = applied[Number(rule) - 1];
  if (hit === undefined) return undefined;
  return { bucket: hit.rule.name, network: hit.network, counter: Number(count), repeating: Number(repeated) === 1 };
}

/** The same from the counters alone, for a login that has passed `findHit`: what has been counted since. Rejects with RedisError. */
export async function findLaterHit(login: Login, { config, services }: Generation): Promise<BruteForceHit | undefined> {
  const applied = appliedRules(login.client.ip, config);
  if (applied.length === 0) return undefined;
  const reply = await services.redis.defaultHandle.write('MGET', ...applied.map(({ counter }) => counter));
  const counts = Array.isArray(reply) ? reply.map(Number) : [];
  const full = applied.findIndex(({ rule }, at) => (counts[at] ?? 0) >= rule.failed_requests);
  const hit = applied[full];
  if (hit === undefined) return undefined;
  return { bucket: hit.rule.name, network: hit.network, counter: counts[full] ?? 0, repeating: false };
}

/**
 * What stands in the counters, for an explanation: one more question to Redis. Never rejects, since an explained login has to
 * end like any other.
 */
export async function noteCounters(
  explanation: Explanation,
  hit: BruteForceHit | undefined,
  login: Login,
  { config, services }: Generation,
): Promise<void> {
  const applied = appliedRules(login.client.ip, config);
  if (applied.length === 0) {
    explanation.note({ rules: 'all', result: 'skipped: none is for the address of the client' });
    return;
  }
  const asking = services.redis.defaultHandle.read('MGET', ...applied.map(({ counter }) => counter));
  const counts = await asking.catch(() => null);
  for (const [at, { rule, network }] of applied.entries()) {
    const isHit = hit?.bucket === rule.name && hit.network === network;
    explanation.note({
      rule: rule.name,
      network,
      counter: Array.isArray(counts) ? Number(counts[at] ?? 0) : 'not known',
      limit: rule.failed_requests,
      result: isHit ? (hit.repeating ? 'blocks, as before' : 'blocks from now on') : 'passed',
    });
  }
}

/** Counts a failed login with `points` in every rule of the client; with `login.bruteForce` it stores the block. Rejects with RedisError. */
export async function addPoints(login: Login, points: number, generation: Generation): Promise<void> {
  const applied = appliedRules(login.client.ip, generation.config);
  if (applied.length === 0 || points === 0) return;
  const blocking = applied.findIndex(({ rule }) => rule.name === login.bruteForce?.bucket) + 1;
  const described = applied.flatMap(({ rule, network }) => [rule.name, network, rule.failed_requests, rule.period]);
  const { defaultHandle: redis } = generation.services.redis;
  await redis.run(COUNT, scriptKeys(applied, generation), [points, blocking, ...described]);
}
