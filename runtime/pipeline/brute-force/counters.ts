/**
 * The counters of the rules: failed logins per client network. Every question and every change is one script on the Redis
 * server over all rules of the client, so that logins at the same time cannot get past a limit together: a login that
 * passes is `pending` until its result is known, and the next one waits while the pending ones could fill a rule.
 */
import type { BruteForceHit, Login } from '../../login/login.ts';
import { type RedisReply, serverScript } from '../../services/index.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { type AppliedRule, appliedRules } from './rules.ts';

/** Longer than any login takes that will still be answered; then its place is free again, e.g. after a crash. */
const PENDING_LIFETIME_MS = 15_000;
/** A login waits at most so long for others of its network; then it goes on, rather than fail for a slow backend. */
const LONGEST_WAIT_MS = 3000;
const SHORTEST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 100;

/**
 * KEYS: blocked networks, then counter and pending set of each rule. ARGV: session, life time in ms, then name, network and
 * limit of each rule. Gives `{'hit', rule, count, repeated}`, `{'wait'}` or `{'pass'}`. A stored block holds as long as
 * the counter of the rule that caused it.
 */
const CHECK = serverScript(`
local rules = {}
for i = 1, (#KEYS - 1) / 2 do
  rules[i] = { counter = KEYS[2 * i], pending = KEYS[2 * i + 1], name = ARGV[3 * i], network = ARGV[3 * i + 1],
    limit = tonumber(ARGV[3 * i + 2]) }
  rules[i].count = tonumber(redis.call('GET', rules[i].counter) or nil)
end
for i, rule in ipairs(rules) do
  local name = redis.call('HGET', KEYS[1], rule.network)
  if name and name ~= '' then
    local cause, isOurs = rule, false
    for _, other in ipairs(rules) do
      if other.name == name and other.network == rule.network then cause, isOurs = other, true end
    end
    if cause.count then return { 'hit', i, 0, 1 } end
    if isOurs then redis.call('HDEL', KEYS[1], rule.network) end
  end
end
for i, rule in ipairs(rules) do
  if (rule.count or 0) >= rule.limit then return { 'hit', i, rule.count, 0 } end
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
for _, rule in ipairs(rules) do
  redis.call('ZREMRANGEBYSCORE', rule.pending, '-inf', now)
  if (rule.count or 0) + redis.call('ZCARD', rule.pending) >= rule.limit then return { 'wait' } end
end
for _, rule in ipairs(rules) do
  redis.call('ZADD', rule.pending, now + tonumber(ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', rule.pending, ARGV[2])
end
return { 'pass' }
`);

/**
 * KEYS as in CHECK. ARGV: session, points, number of the blocking rule (0: none), then name, network and period in seconds
 * of each rule. After a block only rules with at least its period are touched, and its own rule only starts its period anew.
 */
const COUNT = serverScript(`
local blocking = tonumber(ARGV[3])
local least = blocking > 0 and tonumber(ARGV[3 * blocking + 3]) or 0
for i = 1, (#KEYS - 1) / 2 do
  local counter, period = KEYS[2 * i], tonumber(ARGV[3 * i + 3])
  redis.call('ZREM', KEYS[2 * i + 1], ARGV[1])
  if period >= least and tonumber(ARGV[2]) > 0 then
    if i ~= blocking then redis.call('INCRBY', counter, ARGV[2]) end
    redis.call('EXPIRE', counter, math.ceil(period))
  end
end
if blocking > 0 then redis.call('HSETNX', KEYS[1], ARGV[3 * blocking + 2], ARGV[3 * blocking + 1]) end
return 1
`);

function scriptKeys(applied: readonly AppliedRule[], { config }: Generation): readonly string[] {
  return [keysOf(config).blockedNetworks, ...applied.flatMap(({ counter, pending }) => [counter, pending])];
}

/**
 * Is the client's network blocked, or would one more failure be too many? A login that passes is pending until
 * `countFailure` or `release`. Rejects with RedisError.
 */
export async function findHit(login: Login, generation: Generation): Promise<BruteForceHit | undefined> {
  const applied = appliedRules(login.client.ip, generation.config);
  if (applied.length === 0) return undefined;
  const { clock } = generation.services;
  const end = clock.monotonic() + LONGEST_WAIT_MS;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const answer = readAnswer(await check(login, applied, generation));
    if (answer.kind === 'hit') return describeHit(answer, applied);
    if (answer.kind === 'pass') {
      login.isPending = true;
      return undefined;
    }
    if (clock.monotonic() > end) return undefined;
    await clock.sleep(pause);
  }
}

function check(login: Login, applied: readonly AppliedRule[], generation: Generation): Promise<RedisReply> {
  const described = applied.flatMap(({ rule, network }) => [rule.name, network, rule.failed_requests]);
  return generation.services.redis.defaultHandle.run(CHECK, scriptKeys(applied, generation), [
    login.session,
    PENDING_LIFETIME_MS,
    ...described,
  ]);
}

type Answer =
  | { readonly kind: 'pass' | 'wait' }
  | { readonly kind: 'hit'; readonly rule: number; readonly count: number; readonly repeating: boolean };

function readAnswer(reply: RedisReply): Answer {
  const [kind, rule, count, repeated] = Array.isArray(reply) ? reply : [];
  if (kind === 'hit') return { kind, rule: Number(rule) - 1, count: Number(count), repeating: Number(repeated) === 1 };
  return { kind: kind === 'wait' ? kind : 'pass' };
}

function describeHit(answer: Answer & { kind: 'hit' }, applied: readonly AppliedRule[]): BruteForceHit | undefined {
  const hit = applied[answer.rule];
  if (hit === undefined) return undefined;
  return { bucket: hit.rule.name, network: hit.network, counter: answer.count, repeating: answer.repeating };
}

/**
 * Counts a failed login with `points` in every rule of the client; 0 points only say that it is no longer pending. With
 * `login.bruteForce` it stores the block. Rejects with RedisError.
 */
export async function addPoints(login: Login, points: number, generation: Generation): Promise<void> {
  const applied = appliedRules(login.client.ip, generation.config);
  if (applied.length === 0) return;
  login.isPending = false;
  const blocking = applied.findIndex(({ rule }) => rule.name === login.bruteForce?.bucket) + 1;
  const described = applied.flatMap(({ rule, network }) => [rule.name, network, rule.period]);
  const args = [login.session, points, blocking, ...described];
  await generation.services.redis.defaultHandle.run(COUNT, scriptKeys(applied, generation), args);
}

/** A login has ended without a failed password: it is no longer pending. Waits for nothing. */
export function release(login: Login, generation: Generation): void {
  addPoints(login, 0, generation).catch((error: unknown) => {
    generation.services.log.debug('brute_force', { session: login.session, msg: String(error) });
  });
}
