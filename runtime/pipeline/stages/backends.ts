/** Asks the password backends in their configured order until one knows the user. */
import type { Config, BackendName as ConfiguredBackend } from '../../config/index.ts';
import { firstText, NO_ATTRIBUTES } from '../../login/attributes.ts';
import { type Explanation, shortMs } from '../../login/explanation.ts';
import type { BackendAnswer, BruteForceHit, Login } from '../../login/login.ts';
import { splitMasterLogin } from '../../login/master-login.ts';
import { toUtf8String } from '../../login/text.ts';
import { fail, NO_USERNAME, tempfail } from '../../login/verdict.ts';
import { type BackendDecision, runBackendScript } from '../../scripts/classes/backend.ts';
import { rememberAccount } from '../accounts.ts';
import { askCache, type CacheAnswer, fillCache, usesCache } from '../backends/cache.ts';
import { askLdap, type BackendFailure, servesProtocol, usesLdap } from '../backends/ldap.ts';
import { block } from '../brute-force/block.ts';
import { countWrongPassword, findLateHit, loadHistory, unlessRedisFails } from '../brute-force/index.ts';
import { forgetAccount } from '../forget.ts';
import type { Generation } from '../generation.ts';
import { isCacheable } from '../memory-cache.ts';
import { defineStage, type StageOutcome } from '../stage.ts';
import { copyAnswer, takeAnswer } from '../take-answer.ts';

export default defineStage({
  name: 'backends',
  order: 40,
  modes: ['auth', 'no-auth'],
  run: (login, generation) => {
    if (login.username === '') return tempfail(NO_USERNAME);
    if (login.mode === 'auth' && login.password.isEmpty) {
      login.script.explanation?.note({ credentials: 'empty password' });
      return fail('credentials');
    }
    if (login.memoryCache === 'Hit') {
      login.script.explanation?.note({ backends: 'all', result: 'skipped: the memory cache knows the login' });
      return toFilters(login);
    }
    return askFrom(0, undefined, login, generation);
  },
});

/** A backend that says "right password, but I do not know the user": taken only if no other backend knows better. */
type Unclaimed = BackendAnswer | undefined;

function askFrom(
  first: number,
  unclaimed: Unclaimed,
  login: Login,
  generation: Generation,
): StageOutcome | Promise<StageOutcome> {
  const { backends } = generation.config.server;
  let waiting = unclaimed;
  for (let at = first; at < backends.length; at++) {
    const backend = backends[at]!;
    const decision =
      login.script.explanation === undefined
        ? ask(backend, login, generation)
        : askExplained(backend, login, login.script.explanation, generation);
    if (decision instanceof Promise) {
      return decision.then((late) =>
        isFailure(late) || isFound(late)
          ? settle(late, backend, login, generation)
          : askFrom(at + 1, claim(late) ?? waiting, login, generation),
      );
    }
    if (isFailure(decision) || isFound(decision)) return settle(decision, backend, login, generation);
    waiting = claim(decision) ?? waiting;
  }
  if (waiting !== undefined) return settle(waiting, 'lua', login, generation);
  return isServed(login, generation.config)
    ? settle('unknown', 'lua', login, generation)
    : notServed(login, generation);
}

/** Is any backend configured for the protocol? A script is for all of them. */
function isServed({ protocol }: Login, config: Config): boolean {
  return config.server.backends.includes('lua') || !usesLdap(config) || servesProtocol(protocol, config);
}

function notServed({ session }: Login, { services }: Generation): StageOutcome {
  services.log.error({ session, passdb: 'all', msg: 'configuration errors in all Database sections' });
  return tempfail();
}

/** What a backend, or the memory of one, says. */
type Decision = BackendDecision | CacheAnswer | BackendFailure;

function ask(backend: ConfiguredBackend, login: Login, generation: Generation): Decision | Promise<Decision> {
  switch (backend) {
    case 'cache':
      return usesCache(login, generation.config) ? askCache(login, generation) : 'unknown';
    case 'lua':
      return runBackendScript(login, generation.scripts);
    case 'ldap':
      return usesLdap(generation.config) ? askLdap(login, generation) : 'unknown';
  }
}

/** Asks, and takes note of the answer. */
function askExplained(
  backend: ConfiguredBackend,
  login: Login,
  explanation: Explanation,
  generation: Generation,
): Decision | Promise<Decision> {
  const { clock } = generation.services;
  const startedAt = clock.monotonic();
  const note = (decision: Decision): Decision => {
    const attributes = isAnswer(decision) ? [...decision.attributes.keys()].map(toUtf8String) : [];
    explanation.note({
      backend,
      ms: shortMs(clock.monotonic() - startedAt),
      result: answerText(decision, backend, login, generation),
      ...(attributes.length > 0 ? { attributes } : {}),
    });
    return decision;
  };
  const decision = ask(backend, login, generation);
  return decision instanceof Promise ? decision.then(note) : note(decision);
}

function answerText(decision: Decision, backend: ConfiguredBackend, login: Login, { config }: Generation): string {
  if (isFailure(decision)) return 'no answer';
  if (isAnswer(decision)) {
    const user = decision.userFound ? 'knows the user' : 'does not know the user';
    if (login.mode !== 'auth') return user;
    return `${user}, ${decision.authenticated ? 'right' : 'wrong'} password`;
  }
  if (backend === 'cache' && !usesCache(login, config)) return 'not asked: cache=0, or a master';
  if (backend === 'cache' && login.hasOtherPasswordCached) return 'has another password of the user';
  return 'does not know the user';
}

function isFound(decision: Decision): decision is BackendAnswer {
  return isAnswer(decision) && decision.userFound;
}

function isAnswer(decision: Decision): decision is BackendAnswer {
  return typeof decision === 'object' && !('problem' in decision);
}

function isFailure(decision: Decision): decision is BackendFailure | 'error' {
  return decision === 'error' || (typeof decision === 'object' && 'problem' in decision);
}

function claim(decision: Decision): Unclaimed {
  return isAnswer(decision) && decision.authenticated ? decision : undefined;
}

/** What the answer means: account, caches, counters. */
function settle(
  decision: Decision,
  backend: ConfiguredBackend,
  login: Login,
  generation: Generation,
): StageOutcome | Promise<StageOutcome> {
  if (isFailure(decision)) {
    const problem = decision === 'error' ? 'the backend gave no answer' : decision.problem;
    return backendFailed(problem, backend, login, generation);
  }
  if (decision !== 'unknown') {
    takeAnswer(login, decision, { used: backend, source: 'source' in decision ? decision.source : backend });
  }
  if (login.mode === 'no-auth' && login.userFound) login.authenticated = true;
  if (!login.userFound) return settlePassword(login, '', generation);
  const account = firstText(login.attributes, login.accountField);
  // An entry of a directory may lack the attribute (no field): such a user has no account, and may log in.
  if (account !== '') rememberAccount(login, account, generation);
  else if (login.accountField !== '') return backendFailed('no account found', backend, login, generation);
  const judging = judgeOnceMore(login, account, generation);
  if (judging === undefined) return settlePassword(login, account, generation);
  return judging.then((hit) => {
    const result = hit === undefined ? 'passed' : 'blocked meanwhile';
    login.script.explanation?.note({ rules: 'once more, since the password is right', result });
    return hit === undefined ? settlePassword(login, account, generation) : refuse(login, hit, generation);
  });
}

/** What the brute-force rules say about a right password; undefined when they do not apply. */
function judgeOnceMore(
  login: Login,
  account: string,
  generation: Generation,
): Promise<BruteForceHit | undefined> | undefined {
  const isProtected = generation.config.server.features.includes('brute_force');
  if (!login.authenticated || login.mode !== 'auth' || !isProtected) return undefined;
  const finding = unlessRedisFails(findLateHit(login, generation), login, generation);
  if (account === '' || !usesCache(login, generation.config)) return finding;
  return Promise.all([finding, loadHistory(login, account, generation)]).then(([hit]) => hit);
}

/** Others have filled a rule meanwhile: as if no backend had been asked. */
function refuse(login: Login, hit: BruteForceHit, generation: Generation): Promise<StageOutcome> {
  login.authenticated = false;
  login.userFound = false;
  login.attributes = NO_ATTRIBUTES;
  return block(login, hit, generation);
}

function backendFailed(msg: string, passdb: string, login: Login, { services }: Generation): StageOutcome {
  login.script.explanation?.note({ backend: passdb, result: 'failed: see the error line' });
  services.log.error({ session: login.session, passdb, msg });
  return tempfail();
}

/** Only results of real password checks are remembered or counted; filters come later and change neither. */
function settlePassword(login: Login, account: string, generation: Generation): StageOutcome | Promise<StageOutcome> {
  if (login.authenticated) {
    rememberLogin(login, account, generation);
    return toFilters(login);
  }
  if (login.mode !== 'auth' || !generation.config.server.features.includes('brute_force')) return toFilters(login);
  const counting = countWrongPassword(login, account, generation);
  return unlessRedisFails(counting, login, generation).then(() => toFilters(login));
}

/**
 * Caches an answer as the backend gave it. A password that differs from a remembered one has been changed: then everything
 * that is remembered of the account goes first, everywhere.
 */
function rememberLogin(login: Login, account: string, generation: Generation): void {
  const { memory, config, services } = generation;
  if (login.mode !== 'auth' || splitMasterLogin(login.username, config.server.master_user) !== undefined) return;
  if (memory.wasForgotten(login, account)) {
    login.script.explanation?.note({ caches: 'not filled', result: 'the user was flushed meanwhile' });
    return;
  }
  const answer = copyAnswer(login);
  login.script.explanation?.note({
    caches: 'filled',
    memory: isCacheable(login),
    redis: account !== '' && usesCache(login, config),
  });
  if (account !== '' && (login.hasOtherPasswordCached || memory.hasOtherPassword(login, account))) {
    forgetAccount(account, generation).catch((error: unknown) => {
      services.log.debug('cache', { session: login.session, msg: `An old password is still cached: ${String(error)}` });
    });
  }
  if (isCacheable(login)) {
    const ttl = config.environment.local_cache_auth_ttl * 1000;
    memory.remember(login, account, { answer, sourceBackend: login.sourceBackend }, ttl);
  }
  if (account !== '') fillCache(login, account, answer, generation);
}

function toFilters(login: Login): StageOutcome {
  login.wantsPostActions = true;
  return 'next';
}
