/**
 * What block lists say about addresses (RFC 5782): A records, which each server that asks is expected to keep as long as
 * they live. Queries for one name at the same time are one query.
 */
import type { Clock } from '../clock.ts';

export interface AddressRecord {
  readonly address: string;
  /** Seconds. */
  readonly ttl: number;
}

/** Asks the name server; no records when there is no such name. */
export type AskAddresses = (name: string) => Promise<readonly AddressRecord[]>;

interface Answer {
  readonly addresses: readonly string[];
  /** Monotonic milliseconds. */
  readonly expires: number;
}

/** The resolver does not tell how long "there is none" holds (RFC 2308); block lists mostly say a few minutes. */
const NEGATIVE_TTL_S = 60;
const LONGEST_TTL_S = 3600;
/** Answers held at most; the one that was stored first goes first. */
const MOST_ANSWERS = 20_000;

export class Listings {
  readonly #ask: AskAddresses;
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #answers = new Map<string, Answer>();
  readonly #asked = new Map<string, Promise<readonly string[]>>();

  constructor(ask: AskAddresses, clock: Clock, limit: number = MOST_ANSWERS) {
    this.#ask = ask;
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Addresses that the list has under a name; empty: not listed. Rejects as the query does, and keeps no failure. */
  async find(name: string): Promise<readonly string[]> {
    const known = this.#answers.get(name);
    if (known !== undefined && this.#clock.monotonic() < known.expires) return known.addresses;
    const running = this.#asked.get(name);
    if (running !== undefined) return running;
    const asking = this.#query(name).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asking);
    return asking;
  }

  async #query(name: string): Promise<readonly string[]> {
    const records = await this.#ask(name);
    const addresses = records.map(({ address }) => address);
    const ttl = records.length === 0 ? NEGATIVE_TTL_S : Math.min(LONGEST_TTL_S, ...records.map((each) => each.ttl));
    this.#answers.delete(name);
    const oldest = this.#answers.size >= this.#limit ? this.#answers.keys().next() : undefined;
    if (oldest?.done === false) this.#answers.delete(oldest.value);
    this.#answers.set(name, { addresses, expires: this.#clock.monotonic() + ttl * 1000 });
    return addresses;
  }
}
