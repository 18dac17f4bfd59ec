/**
 * Logins that others decide: a program that checks passwords by itself asks before (`judgeAttempt`) and says afterwards
 * what came of it (`recordOutcome`). The rules, features and filters are those of every login; no backend is asked. The
 * password of such a login is a hash made by that program.
 */
import type { Login } from '../login/login.ts';
import { fail, OK, type Verdict } from '../login/verdict.ts';
import { lookUpAccount, rememberAccount } from './accounts.ts';
import { block, findOffence, isForgivable } from './brute-force/block.ts';
import { countRejection, countWrongPassword, exemptionOf, findLateHit, unlessRedisFails } from './brute-force/index.ts';
import { logExplanation } from './explain.ts';
import type { Generation } from './generation.ts';
import { closeLogin, reportFault } from './run.ts';
import type { StageOutcome } from './stage.ts';
import { endStage } from './stage-time.ts';
import rules from './stages/brute-force.ts';
import features from './stages/features.ts';
import filters from './stages/filters.ts';

/** `ignored`: somebody else's refusal or fault, which says nothing about the password. */
export type Outcome = 'right password' | 'wrong password' | 'ignored';

/**
 * Hexadecimal digits of a hash that nobody hits by guessing. Dovecot sends 3 or 4 unless told otherwise: with so few,
 * guesses would pass a block as repetitions of a known mistake.
 */
const TELLING_DIGITS = 8;

/** May the user behind the login go on? Never rejects: a fault is a temporary failure. */
export async function judgeAttempt(login: Login, generation: Generation): Promise<Verdict> {
  const verdict = await judge(login, generation).catch((error: unknown) =>
    reportFault(error, 'auth-policy', login, generation),
  );
  if (verdict.kind !== 'ok') return closeLogin(verdict, login, generation);
  logExplanation(verdict, login, generation);
  return verdict;
}

async function judge(login: Login, generation: Generation): Promise<Verdict> {
  const judging = { [rules.name]: askRules, [features.name]: features.run, [filters.name]: askFilters };
  let startedAt = generation.services.clock.monotonic();
  for (const [name, ask] of Object.entries(judging)) {
    login.script.explanation?.begin(name);
    const outcome = await ask(login, generation);
    startedAt = endStage(name, outcome, startedAt, login, generation);
    if (outcome !== 'next') return outcome;
  }
  return OK;
}

async function askRules(login: Login, generation: Generation): Promise<StageOutcome> {
  if (exemptionOf(login, generation.config) !== undefined) return 'next';
  const finding = findOffence(login, generation, { mayForgive: isTelling(login) });
  const hit = await unlessRedisFails(finding, login, generation);
  return hit === undefined ? 'next' : block(login, hit, generation);
}

/** What would they say if the password were right? */
async function askFilters(login: Login, generation: Generation): Promise<Verdict> {
  if (generation.scripts.registry.filters.length === 0) return OK;
  const account = (await unlessRedisFails(lookUpAccount(login, generation), login, generation)) || login.username;
  login.authenticated = true;
  login.userFound = true;
  login.accountField = 'account';
  login.attributes = new Map([['account', [account]]]);
  login.wantsPostActions = true;
  const outcome = await filters.run(login, generation);
  login.authenticated = false;
  return outcome === 'next' ? OK : outcome;
}

/** Takes note of what came of a login. Never rejects: a temporary failure means that it was not noted. */
export async function recordOutcome(outcome: Outcome, login: Login, generation: Generation): Promise<Verdict> {
  if (outcome === 'ignored') return OK;
  try {
    if (outcome === 'right password') await noteSuccess(login, generation);
    else await unlessRedisFails(count(login, generation), login, generation);
  } catch (error) {
    return closeLogin(reportFault(error, 'auth-policy', login, generation), login, generation);
  }
  closeLogin(login.authenticated ? OK : fail('credentials'), login, generation);
  return OK;
}

/** Somebody who has logged in is known from now on, so that the same wrong password counts once. */
async function noteSuccess(login: Login, generation: Generation): Promise<void> {
  login.authenticated = true;
  const account = await unlessRedisFails(lookUpAccount(login, generation), login, generation);
  if (account === '') rememberAccount(login, login.username, generation);
}

async function count(login: Login, generation: Generation): Promise<void> {
  if (!generation.config.server.features.includes('brute_force')) return;
  if (login.password.isEmpty) return countRejection(login, generation);
  const account = await lookUpAccount(login, generation);
  if (isTelling(login) && (await findLateHit(login, generation)) !== undefined) {
    login.isForgiven = await isForgivable(login, generation);
  }
  await countWrongPassword(login, account, generation);
}

function isTelling({ password }: Login): boolean {
  return password.reveal().length >= TELLING_DIGITS;
}
