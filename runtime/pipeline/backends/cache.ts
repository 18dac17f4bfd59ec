/**
 * The backend `cache`: successful logins in Redis, for all instances. It only ever says yes to a password that a real
 * backend has checked; for every other one the next backend is asked. Without Redis it knows nobody.
 */
import type { Config } from '../../config/index.ts';
import type { BackendAnswer, BackendName, Login } from '../../login/login.ts';
import { splitMasterLogin } from '../../login/master-login.ts';
import { RedisError, type RedisReply } from '../../services/index.ts';
import { lookUpAccount } from '../accounts.ts';
import type { Generation } from '../generation.ts';
import { keysOf } from '../keys.ts';
import { cacheNameFor, cacheNames } from './cache-names.ts';
import { type CachedLogin, type Credentials, decodeLogin, encodeLogin } from './cached-login.ts';

/** A cached answer, with the backend that gave it once. */
export type CacheAnswer = BackendAnswer & { readonly source: BackendName };

/** Is the cache asked and filled for this login? Masters are checked each time. */
export function usesCache(login: Login, { server }: Config): boolean {
  return (
    server.backends.includes('cache') && login.useRedisCache && !splitMasterLogin(login.username, server.master_user)
  );
}

/** Looks the login up. Never rejects. */
export async function askCache(login: Login, generation: Generation): Promise<CacheAnswer | 'unknown'> {
  const done = generation.services.metrics.time('backend', 'cache_backend_request_total');
  try {
    return await find(login, generation);
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    generation.services.log.debug('cache', {
      session: login.session,
      msg: `The cache gave no answer: ${error.reason}`,
    });
    return 'unknown';
  } finally {
    done();
  }
}

async function find(login: Login, generation: Generation): Promise<CacheAnswer | 'unknown'> {
  const account = await lookUpAccount(login, generation);
  if (account === '') return 'unknown';
  const { config, services } = generation;
  const keys = cacheNames(login.protocol, config).map((name) => keysOf(config).cachedLogin(name, account));
  const replies = await Promise.all(keys.map((key) => services.redis.defaultHandle.read('GET', key)));
  const cached = firstLogin(replies);
  if (cached === undefined) return 'unknown';
  const answer = { ...cached.answer, source: cached.source };
  if (login.mode === 'no-auth') return answer;
  if (!login.password.isEmpty && cached.matches(credentialsOf(login, account, config))) {
    return { ...answer, authenticated: true };
  }
  login.hasOtherPasswordCached = true;
  return 'unknown';
}

function firstLogin(replies: readonly RedisReply[]): CachedLogin | undefined {
  for (const reply of replies) {
    const cached = typeof reply === 'string' ? decodeLogin(reply) : undefined;
    if (cached !== undefined) return cached;
  }
  return undefined;
}

/** Stores an answer of a real backend that stands behind the cache, as the backend gave it. Waits for nothing. */
export function fillCache(login: Login, account: string, answer: BackendAnswer, generation: Generation): void {
  const { config, services } = generation;
  const { backends, redis } = config.server;
  if (login.mode !== 'auth' || login.password.isEmpty || !usesCache(login, config)) return;
  if (!isBehindCache(login.usedBackend, backends)) return;
  const entry = encodeLogin(answer, login.sourceBackend, credentialsOf(login, account, config));
  if (entry === undefined) return;
  const key = keysOf(config).cachedLogin(cacheNameFor(login.usedBackend, login.protocol, config), account);
  services.redis.defaultHandle
    .write('SET', key, entry, 'EX', redis.positive_cache_ttl)
    .catch((error: unknown) => complain(login, error, generation));
}

function complain(login: Login, error: unknown, { services }: Generation): void {
  services.log.debug('cache', { session: login.session, msg: `The login was not cached: ${String(error)}` });
}

function isBehindCache(backend: BackendName, backends: readonly BackendName[]): boolean {
  return backend !== 'cache' && backends.indexOf('cache') < backends.indexOf(backend);
}

function credentialsOf(login: Login, account: string, { server }: Config): Credentials {
  return { account, password: login.password.reveal(), nonce: server.redis.password_nonce.reveal() };
}
