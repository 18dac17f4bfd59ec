/**
 * The mapping from login names to accounts that the stages share with other instances: Redis hash `<prefix>USER`. It
 * tells features, actions and brute-force rules who a login name belongs to before any backend was asked.
 */
import type { Config } from '../config/index.ts';
import type { Login } from '../login/login.ts';
import type { Generation } from './generation.ts';

/** Does anything in this configuration read the mapping? Then it is also written. */
export function usesAccounts({ server }: Config): boolean {
  return (
    server.backends.includes('cache') || server.features.includes('brute_force') || server.features.includes('lua')
  );
}

/** Fills `login.knownAccount`, once per login. Rejects with RedisError. */
export async function lookUpAccount(login: Login, { config, services }: Generation): Promise<string> {
  if (login.knownAccount === undefined) {
    const { redis } = services;
    const reply = await redis.defaultHandle.read('HGET', `${config.server.redis.prefix}USER`, login.username);
    login.knownAccount = typeof reply === 'string' ? reply : '';
  }
  return login.knownAccount;
}

/**
 * Stores the account a backend has named, unless the mapping says so already; nothing to wait for when nobody reads it.
 * Rejects with RedisError.
 */
export function rememberAccount(login: Login, account: string, generation: Generation): Promise<void> | undefined {
  if (!usesAccounts(generation.config) || login.knownAccount === account) return undefined;
  return store(login, account, generation);
}

async function store(login: Login, account: string, generation: Generation): Promise<void> {
  if ((await lookUpAccount(login, generation)) === account) return;
  const { prefix } = generation.config.server.redis;
  await generation.services.redis.defaultHandle.write('HSET', `${prefix}USER`, login.username, account);
}
