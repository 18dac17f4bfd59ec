/**
 * The mapping from login names to accounts that the stages share with other instances: Redis hash `<prefix>USER`. It
 * tells features, actions and brute-force rules who a login name belongs to before any backend was asked.
 */
import type { Config } from '../config/index.ts';
import type { Login } from '../login/login.ts';
import type { Generation } from './generation.ts';
import { keysOf } from './keys.ts';

/** Does anything in this configuration read the mapping? Otherwise nothing waits for it. */
function readsAccounts({ server }: Config): boolean {
  return (
    server.backends.includes('cache') || server.features.includes('brute_force') || server.features.includes('lua')
  );
}

/** Fills `login.knownAccount`, once per login. Rejects with RedisError. */
export async function lookUpAccount(login: Login, { config, services }: Generation): Promise<string> {
  if (login.knownAccount === undefined) {
    const reply = await services.redis.defaultHandle.read('HGET', keysOf(config).accounts, login.username);
    login.knownAccount = typeof reply === 'string' ? reply : '';
  }
  return login.knownAccount;
}

/**
 * Stores the account a backend has named, unless the mapping says so already. A login never fails because of it: what
 * reads the mapping says for itself what it does without Redis.
 */
export function rememberAccount(login: Login, account: string, generation: Generation): Promise<void> | undefined {
  if (login.knownAccount === account) return undefined;
  const storing = store(login, account, generation);
  return readsAccounts(generation.config) ? storing : undefined;
}

async function store(login: Login, account: string, { config, services }: Generation): Promise<void> {
  try {
    await services.redis.defaultHandle.write('HSET', keysOf(config).accounts, login.username, account);
  } catch (error) {
    services.log.debug('cache', { session: login.session, msg: `The account was not stored: ${String(error)}` });
  }
}
