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
  readonly account: string;
  /** Keyed hash of the password alone. */
  readonly secret: string;
  /** Monotonic milliseconds. */
  readonly expires: number;
}

/** Entries held at most; the one that was stored first goes first. */
const MOST_ENTRIES = 50_000;
/** Accounts of which it is known that they were forgotten. */
const MOST_FORGOTTEN = 10_000;

export class MemoryCache {
  readonly #entries = new Map<string, Entry>();
  /** Names of the entries of each account. */
  readonly #accounts = new Map<string, Set<string>>();
  /** When accounts were forgotten last, so that logins from before do not bring them back. */
  readonly #forgotten = new Map<string, number>();
  #cleared = Number.NEGATIVE_INFINITY;
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
    this.#drop(name);
    return undefined;
  }

  /** Keeps a backend's answer for `ttlMs`; call it with checked passwords only. */
  remember(login: Login, account: string, remembered: RememberedLogin, ttlMs: number): void {
    const name = this.#nameOf(login);
    this.#drop(name);
    if (this.#entries.size >= this.#limit) this.#dropOldest();
    const expires = this.#clock.monotonic() + ttlMs;
    this.#entries.set(name, { ...remembered, account, secret: this.#secretOf(login), expires });
    const names = this.#accounts.get(account);
    if (names === undefined) this.#accounts.set(account, new Set([name]));
    else names.add(name);
  }

  /** Is there an entry of the account for a password other than that of the login? */
  hasOtherPassword(login: Login, account: string): boolean {
    const names = this.#accounts.get(account);
    if (names === undefined) return false;
    const secret = this.#secretOf(login);
    for (const name of names) if (this.#entries.get(name)?.secret !== secret) return true;
    return false;
  }

  /** Removes everything about an account. */
  forget(account: string): void {
    for (const name of this.#accounts.get(account) ?? []) this.#entries.delete(name);
    this.#accounts.delete(account);
    if (this.#forgotten.size >= MOST_FORGOTTEN) this.#forgetWhen();
    this.#forgotten.set(account, this.#clock.monotonic());
  }

  /** Has the account been forgotten since the login began? Then what a backend said to it may be outdated. */
  wasForgotten(login: Login, account: string): boolean {
    return Math.max(this.#cleared, this.#forgotten.get(account) ?? this.#cleared) > login.startedAt;
  }

  clear(): void {
    this.#forgetWhen();
    this.#entries.clear();
    this.#accounts.clear();
  }

  /** Takes every account for forgotten now. */
  #forgetWhen(): void {
    this.#forgotten.clear();
    this.#cleared = this.#clock.monotonic();
  }

  #drop(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    const names = this.#accounts.get(entry.account);
    names?.delete(name);
    if (names?.size === 0) this.#accounts.delete(entry.account);
  }

  #dropOldest(): void {
    const oldest = this.#entries.keys().next();
    if (oldest.done !== true) this.#drop(oldest.value);
  }

  #secretOf({ password }: Login): string {
    return hash('sha256', `${this.#key}\0${password.reveal()}`, 'base64');
  }

  #nameOf({ username, password, service, protocol }: Login): string {
    return hash('sha256', `${this.#key}\0${username}\0${password.reveal()}\0${service}\0${protocol}`, 'base64');
  }
}

/** May this login be answered from the cache and fill it? Lookups without a password must never open a door. */
export function isCacheable(login: Login): boolean {
  return login.mode === 'auth' && login.useMemoryCache && !login.password.isEmpty;
}
