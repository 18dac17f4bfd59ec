/** Is a user exempt from a check where they are? Configured networks first, then those that scripts have set. */
import type { Config } from '../config/index.ts';
import type { Login } from '../login/login.ts';
import { NetworkList } from '../login/network.ts';
import { fromUtf8 } from '../login/text.ts';
import type { SoftWhitelistFeature } from '../services/index.ts';
import type { Generation } from './generation.ts';

type Lists = ReadonlyMap<string, NetworkList>;

const configured = new WeakMap<Config, Readonly<Record<SoftWhitelistFeature, Lists>>>();

/** Ask only where the check is about to go against the user: Redis is asked too. Rejects with RedisError. */
export async function isSoftWhitelisted(
  login: Login,
  feature: SoftWhitelistFeature,
  { config, services }: Generation,
): Promise<boolean> {
  const { username, client } = login;
  if (username === '' || client.ip === '') return false;
  if (listsOf(config)[feature].get(username)?.contains(client.ip)) return true;
  return new NetworkList(await services.softWhitelist.networks(feature, username)).contains(client.ip);
}

function listsOf(config: Config): Readonly<Record<SoftWhitelistFeature, Lists>> {
  let lists = configured.get(config);
  if (lists === undefined) {
    lists = {
      brute_force: read(config.brute_force.soft_whitelist),
      relay_domains: read(config.relay_domains.soft_whitelist),
      rbl: read(config.realtime_blackhole_lists.soft_whitelist),
    };
    configured.set(config, lists);
  }
  return lists;
}

function read(users: Readonly<Record<string, readonly string[]>>): Lists {
  return new Map(Object.entries(users).map(([user, networks]) => [fromUtf8(user), new NetworkList(networks)]));
}
