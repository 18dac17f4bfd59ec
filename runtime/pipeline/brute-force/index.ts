/**
 * Brute-force protection: failed logins are counted per client network, and a network that has failed too often is blocked
 * for the period of the rule since its last offence. Known users may repeat their own mistakes.
 */
import type { BruteForceHit, Login } from '../../login/login.ts';
import { RedisError } from '../../services/index.ts';
import type { Generation } from '../generation.ts';
import { isSoftWhitelisted } from '../soft-whitelist.ts';
import { addPoints, findLaterHit } from './counters.ts';
import { addToHistory, hasHistory, readHistory, rememberAddress } from './history.ts';
import { exemptionOf } from './rules.ts';

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
  const points = await pointsOf(login, account, generation);
  const counts = !login.isForgiven && (await isSubject(login, generation));
  if (counts) await addPoints(login, points, generation);
  login.script.explanation?.note({
    credentials: 'wrong password',
    result: counts ? 'counted' : 'not counted: forgiven, or under no rule',
    points,
    'tries of it': login.history?.currentRetries ?? 'no history',
  });
}

async function pointsOf(login: Login, account: string, generation: Generation): Promise<number> {
  if (!hasHistory(login, generation)) return 1;
  const known = account || login.knownAccount;
  const [history] = await Promise.all([
    addToHistory(login, known || login.username, generation),
    known ? rememberAddress(login, known, generation) : undefined,
  ]);
  return account === '' ? 1 : history.points;
}

/** For the final line of a successful login: how many wrong passwords there were before it. Never rejects. */
export async function loadHistory(login: Login, account: string, generation: Generation): Promise<void> {
  if (!hasHistory(login, generation)) return;
  try {
    login.history = await readHistory(login, account, generation);
  } catch (error) {
    generation.services.log.debug('brute_force', { session: login.session, msg: String(error) });
  }
}

async function isSubject(login: Login, generation: Generation): Promise<boolean> {
  if (exemptionOf(login, generation.config) !== undefined) return false;
  return !(await isSoftWhitelisted(login, 'brute_force', generation));
}

/**
 * Is the network of a login whose password is right blocked by now? Guesses that run at the same time must not gain from it.
 * Rejects with RedisError.
 */
export async function findLateHit(login: Login, generation: Generation): Promise<BruteForceHit | undefined> {
  if (login.isForgiven || exemptionOf(login, generation.config) !== undefined) return undefined;
  const hit = await findLaterHit(login, generation);
  return hit !== undefined && !(await isSoftWhitelisted(login, 'brute_force', generation)) ? hit : undefined;
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
    services.log.error({ session: login.session, msg: `Without brute-force protection: Redis: ${error.reason}` });
    return undefined;
  }
}
