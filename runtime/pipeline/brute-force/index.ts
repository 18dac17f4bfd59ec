/**
 * Brute-force protection: failed logins are counted per client network, and a network that has failed too often is blocked
 * for the period of the rule since its last offence. Known users may repeat their own mistakes.
 */
import type { BruteForceHit, Login } from '../../login/login.ts';
import { toUtf8String } from '../../login/text.ts';
import { RedisError } from '../../services/index.ts';
import { lookUpAccount } from '../accounts.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { isSoftWhitelisted } from '../soft-whitelist.ts';
import { addPoints } from './counters.ts';
import { addToHistory, hasHistory, isKnownMistake, readHistory, rememberAddress } from './history.ts';
import { exemptionOf } from './rules.ts';

export { findHit, release } from './counters.ts';
export { exemptionOf } from './rules.ts';

/** A rejection by a feature counts like a wrong password, without being one. Rejects with RedisError. */
export async function countRejection(login: Login, generation: Generation): Promise<void> {
  if (await isSubject(login, generation)) await addPoints(login, 1, generation);
}

/**
 * A wrong password, as the backends say: history and counters. The same wrong password of the same user counts once, and
 * that of a user nobody knows every time; `account` is '' for those. Rejects with RedisError.
 */
export async function countWrongPassword(login: Login, account: string, generation: Generation): Promise<void> {
  if (!hasHistory(login, generation)) return;
  const adding = addToHistory(login, account || login.knownAccount || login.username, generation);
  const known = account || login.knownAccount;
  const [history] = await Promise.all([adding, known ? rememberAddress(login, known, generation) : undefined]);
  if (login.isForgiven || !(await isSubject(login, generation))) return;
  await addPoints(login, account === '' ? 1 : history.points, generation);
}

async function isSubject(login: Login, generation: Generation): Promise<boolean> {
  if (exemptionOf(login, generation.config) !== undefined) return false;
  return !(await isSoftWhitelisted(login, 'brute_force', generation));
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

/** Stores a block, for the whole period of its rule, with everything a rejected password leaves. Rejects with RedisError. */
export async function storeBlock(login: Login, hit: BruteForceHit, generation: Generation): Promise<void> {
  const account = await lookUpAccount(login, generation);
  const { defaultHandle: redis } = generation.services.redis;
  login.bruteForce = hit;
  await Promise.all([
    addPoints(login, 1, generation),
    hasHistory(login, generation) ? addToHistory(login, account || login.username, generation) : undefined,
    account === '' ? undefined : redis.write('SADD', keysOf(generation.config).blockedAccounts, account),
  ]);
}

/**
 * What becomes of a login when Redis cannot be asked: a temporary failure, unless the configuration says that it shall go
 * on unprotected (`brute_force.when_redis_fails`).
 */
export async function unlessRedisFails<Result>(
  action: Promise<Result>,
  login: Login,
  { config, services }: Generation,
): Promise<Result | undefined> {
  try {
    return await action;
  } catch (error) {
    if (!(error instanceof RedisError) || config.brute_force.when_redis_fails === 'tempfail') throw error;
    services.log.error({ session: login.session, msg: `Without brute-force protection: Redis: ${error.message}` });
    return undefined;
  }
}
