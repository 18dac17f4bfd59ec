/**
 * Names of the server's own Redis keys. They are the reference's, so that instances of both can share a Redis. In a
 * cluster, keys that one script touches carry a hash tag (Redis cluster specification, "Hash tags"), since they have to
 * lie on one node.
 */
import { type Config, redisMode } from '../config/index.ts';
import type { Family } from '../login/network.ts';

/** What a rule counts, as far as it is part of the key: changing a number starts a new count. */
interface CountedNetwork {
  readonly period: number;
  readonly cidr: number;
  readonly limit: number;
  readonly family: Family;
  readonly network: string;
}

export interface Keys {
  /** Hash: login name → account. */
  readonly accounts: string;
  /** Hash: blocked network → name of the rule. */
  readonly blockedNetworks: string;
  /** Set of accounts that a block has met. */
  readonly blockedAccounts: string;
  /** Failed logins of a network. */
  counter(counted: CountedNetwork): string;
  /** Hash: hashed wrong password → count, of an account from one address. */
  history(account: string, ip: string): string;
  /** The same for all accounts together. */
  addressHistory(ip: string): string;
  /** Set of addresses from which an account has failed. */
  historyAddresses(account: string): string;
  /** A cached login, JSON. */
  cachedLogin(cacheName: string, account: string): string;
  /** Patterns (as SCAN has them) of all keys that belong to logins and networks. */
  readonly families: readonly string[];
}

const made = new WeakMap<Config, Keys>();

/** The names under one configuration. */
export function keysOf(config: Config): Keys {
  let keys = made.get(config);
  if (!keys) {
    keys = keyNames(config.server.redis.prefix, redisMode(config.server.redis) === 'cluster');
    made.set(config, keys);
  }
  return keys;
}

function keyNames(prefix: string, isCluster: boolean): Keys {
  const rules = isCluster ? `${prefix}{bruteforce}` : prefix;
  const history = (ip: string, account: string): string =>
    isCluster ? `${prefix}PW_HIST:{${ip}}${account}` : `${prefix}PW_HIST${account}:${ip}`;
  return {
    accounts: `${prefix}USER`,
    blockedNetworks: `${rules}BRUTEFORCE`,
    blockedAccounts: `${prefix}BLOCKED_ACCOUNTS`,
    counter: ({ period, cidr, limit, family, network }) => `${rules}bf:${period}:${cidr}:${limit}:${family}:${network}`,
    history: (account, ip) => history(ip, `:${account}`),
    addressHistory: (ip) => history(ip, ''),
    historyAddresses: (account) => `${prefix}PW_HIST_IPS:${account}`,
    cachedLogin: (cacheName, account) => `${prefix}ucp:${cacheName}:${account}`,
    families: [
      ...['USER', 'BLOCKED_ACCOUNTS', 'PW_HIST:*', 'PW_HIST_IPS:*', 'ucp:*'].map((name) => escaped(prefix) + name),
      ...['BRUTEFORCE', 'bf:*'].map((name) => escaped(rules) + name),
    ],
  };
}

/** Text that means itself in a pattern. */
function escaped(text: string): string {
  return text.replace(/[\\*?[\]^-]/g, '\\$&');
}
