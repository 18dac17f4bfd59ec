/**
 * Networks from which single users are exempt from single checks, as scripts set them: an addition to the reference, in the
 * manner of its later versions. They are kept in Redis (`<prefix>SOFT_WHITELIST:<feature>:<user>`, a set of networks), so
 * that all instances know them and a restart forgets none.
 */
import ipaddr from 'ipaddr.js';
import type { RedisService } from './redis/index.ts';

/** The checks that know soft whitelists. */
export const SOFT_WHITELIST_FEATURES = ['brute_force', 'relay_domains', 'rbl'] as const;
export type SoftWhitelistFeature = (typeof SOFT_WHITELIST_FEATURES)[number];

/** An entry that cannot be; the message is meant for the script. */
export class SoftWhitelistError extends Error {}

/** User names are byte strings, networks in CIDR notation. All methods reject with RedisError. */
export interface SoftWhitelist {
  /** Rejects with SoftWhitelistError for what is no network and beyond the limit of networks. */
  add(feature: SoftWhitelistFeature, user: string, network: string): Promise<void>;
  /** Sorted by their text. */
  networks(feature: SoftWhitelistFeature, user: string): Promise<readonly string[]>;
  /** Was it there? */
  remove(feature: SoftWhitelistFeature, user: string, network: string): Promise<boolean>;
}

/** Networks of one user and feature: a login reads them all. */
const MOST_NETWORKS = 1000;

export function createSoftWhitelist(redis: RedisService, prefix: string): SoftWhitelist {
  const { defaultHandle } = redis;
  const keyOf = (feature: SoftWhitelistFeature, user: string) => `${prefix}SOFT_WHITELIST:${feature}:${user}`;
  return {
    add: async (feature, user, network) => {
      const key = keyOf(feature, user);
      const text = normalNetwork(network);
      if (Number(await defaultHandle.write('SCARD', key)) >= MOST_NETWORKS) {
        throw new SoftWhitelistError(`there are ${MOST_NETWORKS} networks already`);
      }
      await defaultHandle.write('SADD', key, text);
    },
    networks: async (feature, user) => {
      const found = await defaultHandle.read('SMEMBERS', keyOf(feature, user));
      return Array.isArray(found) ? found.map(String).sort() : [];
    },
    remove: async (feature, user, network) =>
      Number(await defaultHandle.write('SREM', keyOf(feature, user), normalNetwork(network))) > 0,
  };
}

/** One spelling per network, without the bits of a host: `192.0.2.7/24` is `192.0.2.0/24`. */
function normalNetwork(text: string): string {
  if (!ipaddr.isValidCIDR(text)) throw new SoftWhitelistError(`not a network in CIDR notation: ${text}`);
  const [address, bits] = ipaddr.parseCIDR(text);
  const whole = `${address.toString()}/${bits}`;
  const first =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(whole).toString()
      : ipaddr.IPv6.networkAddressFromCIDR(whole).toString();
  return `${first}/${bits}`;
}
