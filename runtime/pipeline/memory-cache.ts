/**
 * Logins that this process has seen succeed a moment ago. The key is a keyed hash, so that no password is held; only
 * checked passwords are stored; what is stored is never changed by anybody.
 */
import { hash, randomBytes } from 'node:crypto';
import type { BackendAnswer, BackendName, Login } from '../login/login.ts';
import type { Clock } from '../services/index.ts';

export interface RememberedLogin {
  readonly answer: BackendAnswer;
  readonly sourceBackend: BackendName;
}

interface Entry extends RememberedLogin {
  /** Monotonic milliseconds. */
  readonly expires: number;
}

/** Entries held at most; the one that was stored first goes first. */
const MOST_ENTRIES = 50_000;

export class MemoryCache {
  readonly #entries = new Map<string, Entry>();
  readonly #key = randomBytes(32).toString('latin1');
  readonly #clock: Clock;
  readonly #limit: number;

  constructor(clock: Clock, limit: number = MOST_ENTRIES) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** The entry for exactly this user, password, service and protocol. */
  find(login: Login): RememberedLogin | undefined {
    const name = this.#nameOf(login);
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    if (this.#clock.monotonic() < entry.expires) return entry;
    this.#entries.delete(name);
    return undefined;
  }

  /** Keeps a backend's answer for `ttlMs`; call it with checked passwords only. */
  remember(login: Login, remembered: RememberedLogin, ttlMs: number): void {
    const name = this.#nameOf(login);
    this.#entries.delete(name);
    if (this.#entries.size >= this.#limit) this.#dropOldest();
    this.#entries.set(name, { ...remembered, expires: this.#clock.monotonic() + ttlMs });
  }

  #dropOldest(): void {
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#entries.delete(oldest.value);
  }

  #nameOf({ username, password, service, protocol }: Login): string {
    return hash('sha256', `${this.#key}\0${username}\0${password.reveal()}\0${service}\0${protocol}`, 'base64');
  }
}

/** May this login be answered from the cache and fill it? Lookups without a password must never open a door. */
export function isCacheable(login: Login): boolean {
  return login.mode === 'auth' && login.useMemoryCache && !login.password.isEmpty;
}
