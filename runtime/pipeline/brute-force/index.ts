/**
 * Brute-force protection: failed logins are counted per client network, and a network that has failed too often is blocked
 * for the period of the rule since its last offence. Known users may repeat their own mistakes.
 */
import type { BruteForceHit, Login } from '../../login/login.ts';
import { type RedisReply, RedisError } from '../../services/index.ts';
import { lookUpAccount } from '../accounts.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { addPoints } from './counters.ts';
import { addToHistory, hasHistory, isKnownMistake, readHistory, rememberAddress } from './history.ts';
import { exemptionOf } from './rules.ts';

export { findHit, release } from './counters.ts';
export { exemptionOf } from './rules.ts';

/** A login that is rejected by a feature counts like a wrong password, without being one. Rejects with RedisError. */
export async function countRejection(login: Login, generation: Generation): Promise<void> {
  if (exemptionOf(login, generation.config) === undefined) await addPoints(login, 1, generation);
}

/**
 * A wrong password, as the backends say: history and counters. The same wrong password of the same user counts once.
 * Rejects with RedisError.
 */
export async function countWrongPassword(login: Login, account: string, generation: Generation): Promise<void> {
  if (!hasHistory(login, generation)) return;
  const isSubject = exemptionOf(login, generation.config) === undefined;
  const writes: Promise<unknown>[] = [addToHistory(login, account || login.username, generation)];
  if (account !== '') writes.push(rememberAddress(login, account, generation));
  const isForgiven = login.isForgiven;
  const points = addToHistory(login, account || login.username, generation);
  if (account !== '') await rememberAddress(login, account, generation);
  const { points: own } = await points;
  if (isSubject) await addPoints(login, account === '' ? 1 : isForgiven ? 0 : own, generation);
}
