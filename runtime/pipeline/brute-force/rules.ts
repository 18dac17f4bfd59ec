/** Which rules a login is under: exemptions, and the networks of the client that the rules count. */
import type { BucketConfig, Config } from '../../config/index.ts';
import type { Login } from '../../login/login.ts';
import { familyOf, isLocalAddress, networkListOf, networkOf } from '../../login/network.ts';
import { type Keys, keysOf } from '../keys.ts';

/** A rule that applies to a client, with the network of the client that it counts. */
export interface AppliedRule {
  readonly rule: BucketConfig;
  readonly network: string;
  /** Key of the counter. */
  readonly counter: string;
}

/** Why a login is not subject to the rules; undefined when it is. */
export type Exemption = 'off' | 'local' | 'whitelisted' | 'protocol';

export function exemptionOf(login: Login, config: Config): Exemption | undefined {
  const { server, brute_force: rules } = config;
  if (login.mode !== 'auth' || !server.features.includes('brute_force') || rules.buckets.length === 0) return 'off';
  if (isLocalAddress(login.client.ip)) return 'local';
  if (networkListOf(rules.ip_whitelist).contains(login.client.ip)) return 'whitelisted';
  return server.brute_force_protocols.includes(login.protocol) ? undefined : 'protocol';
}

/** Rules of the address's family, in configured order. An unreadable address is under no rule. */
export function appliedRules(ip: string, config: Config): readonly AppliedRule[] {
  const family = familyOf(ip);
  if (family === undefined) return [];
  const keys: Keys = keysOf(config);
  const rules = config.brute_force.buckets.filter((rule) => (family === 4 ? rule.ipv4 : rule.ipv6));
  return rules.map((rule) => {
    const { period, cidr, failed_requests: limit } = rule;
    const network = networkOf(ip, cidr);
    return { rule, network, counter: keys.counter({ period, cidr, limit, family, network }) };
  });
}
