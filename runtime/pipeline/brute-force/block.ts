/** Blocking a login: when its network has failed too often, and nothing excuses it. */
import type { BruteForceHit, Login } from '../../login/login.ts';
import { toUtf8String } from '../../login/text.ts';
import { fail, type Verdict } from '../../login/verdict.ts';
import { lookUpAccount } from '../accounts.ts';
import { runActions } from '../actions.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { isSoftWhitelisted } from '../soft-whitelist.ts';
import { addPoints, findHit, noteCounters } from './counters.ts';
import { addToHistory, hasHistory, isKnownMistake, readHistory } from './history.ts';
import { unlessRedisFails } from './index.ts';

/**
 * A hit of a rule that nothing excuses. Without `mayForgive` not even a known user's own mistake does. Rejects with RedisError.
 */
export async function findOffence(
  login: Login,
  generation: Generation,
  { mayForgive }: { readonly mayForgive: boolean } = { mayForgive: true },
): Promise<BruteForceHit | undefined> {
  const hit = await findHit(login, generation);
  const { explanation } = login.script;
  if (explanation !== undefined) await noteCounters(explanation, hit, login, generation);
  if (hit === undefined) return undefined;
  if (await isSoftWhitelisted(login, 'brute_force', generation)) {
    login.script.logs.push(['brute_force', 'Client is whitelisted for this user']);
    explanation?.note({ rules: 'all', result: 'the client is whitelisted for this user' });
    return undefined;
  }
  const { metrics } = generation.services;
  metrics.count('bruteforce_rejected_total', { bucket: hit.bucket });
  if (!mayForgive || !(await isForgivable(login, generation))) return hit;
  login.isForgiven = true;
  explanation?.note({ rules: 'all', result: 'forgiven: the user repeats a mistake of before' });
  metrics.count('brutefore_hits_total', { bucket: hit.bucket });
  return undefined;
}

/**
 * May a login pass although its network is blocked? A known user may who sends a wrong password that has been sent before:
 * it is no attack, and nobody learns anything from the answer. Rejects with RedisError.
 */
export async function isForgivable(login: Login, generation: Generation): Promise<boolean> {
  const account = await lookUpAccount(login, generation);
  if (account === '' || !hasHistory(login, generation)) return false;
  const history = await readHistory(login, account, generation);
  if (!isKnownMistake(history)) return false;
  generation.services.log.info({
    session: login.session,
    brute_force: 'Repeating wrong password',
    username: toUtf8String(login.username),
    client_ip: login.client.ip,
    counter: history.currentRetries,
  });
  return true;
}

/** Ends the login: counters, histories, actions. Rejects with RedisError unless the configuration goes on without Redis. */
export async function block(login: Login, hit: BruteForceHit, generation: Generation): Promise<Verdict> {
  login.feature = 'brute_force';
  login.bruteForce = hit;
  noteHit(login, hit, generation);
  await unlessRedisFails(store(login, generation), login, generation);
  await runActions('brute_force', login, generation);
  login.wantsPostActions = true;
  return fail('brute-force');
}

/** The block itself, for the whole period of its rule, and everything a rejected password leaves. */
async function store(login: Login, generation: Generation): Promise<void> {
  const account = await lookUpAccount(login, generation);
  const { defaultHandle: redis } = generation.services.redis;
  await Promise.all([
    addPoints(login, 1, generation),
    hasHistory(login, generation) ? addToHistory(login, account || login.username, generation) : undefined,
    account === '' ? undefined : redis.write('SADD', keysOf(generation.config).blockedAccounts, account),
  ]);
}

function noteHit(login: Login, hit: BruteForceHit, { services }: Generation): void {
  services.log.info({
    session: login.session,
    brute_force: hit.repeating ? 'Brute force attack detected (cached result)' : 'Brute force attack detected',
    username: toUtf8String(login.username),
    client_ip: login.client.ip,
    rule_network: hit.network,
    rule: hit.bucket,
  });
}
