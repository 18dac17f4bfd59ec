/**
 * The mapping from login names to accounts that the stages share with other instances: Redis hash `<prefix>USER`. It
 * tells features, actions and brute-force rules who a login name belongs to before any backend was asked.
 */
import type { Config } from '../config/index.ts';
import type { Login } from '../login/login.ts';
import type { Services } from '../services/index.ts';
import type { Generation } from './generation.ts';
import { keysOf } from './keys.ts';

/** Does anything in this configuration read the mapping? Then it is stored at once. */
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
 * Stores the account a backend has named, unless the mapping says so already. A login neither waits for it nor fails because
 * of it: what reads the mapping says for itself what it does without Redis.
 */
export function rememberAccount(login: Login, account: string, generation: Generation): void {
  if (login.knownAccount === account) return;
  const { accounts, config } = generation;
  accounts.add(login.username, account, keysOf(config).accounts);
  if (readsAccounts(config)) accounts.write();
}

/** A store that is slow to answer must not let them pile up. */
const MOST_WAITING = 500;

/**
 * Accounts on their way to Redis: at once when nothing is, and while a command is under way all that come meanwhile with the
 * next one. Under load that is one command for many logins.
 */
export class AccountQueue {
  readonly #services: Services;
  readonly #fields = new Map<string, string>();
  #key = '';
  #isWriting = false;

  constructor(services: Services) {
    this.#services = services;
  }

  add(username: string, account: string, key: string): void {
    if (key !== this.#key) this.write();
    this.#key = key;
    this.#fields.set(username, account);
    if (!this.#isWriting || this.#fields.size >= MOST_WAITING) this.write();
  }

  /** Sends what there is. */
  write(): void {
    if (this.#fields.size === 0) return;
    const fields = [...this.#fields].flat();
    this.#fields.clear();
    this.#isWriting = true;
    void this.#send(fields).then(() => {
      this.#isWriting = false;
      this.write();
    });
  }

  async #send(fields: readonly string[]): Promise<void> {
    const { log, redis } = this.#services;
    try {
      await redis.defaultHandle.write('HSET', this.#key, ...fields);
    } catch (error) {
      log.debug('cache', { msg: `Accounts were not stored: ${String(error)}` });
    }
  }
}
