/**
 * Real-time block lists (RFC 5782, server.md 5.1): all lists are asked at once, and a client whose listings weigh too much
 * is rejected. Lists with a negative weight vouch for a client.
 */
import ipaddr from 'ipaddr.js';
import type { Config } from '../../config/index.ts';
import type { Login } from '../../login/login.ts';
import { networkListOf } from '../../login/network.ts';
import { fromUtf8 } from '../../login/text.ts';
import { DnsError } from '../../services/index.ts';
import type { Generation } from '../generation.ts';
import type { Feature, FeatureOutcome } from './feature.ts';

type BlockList = Config['realtime_blackhole_lists']['lists'][number];

export const blockListsFeature: Feature = {
  name: 'rbl',
  learns: true,
  softWhitelist: 'rbl',
  isActive: ({ config: { server, realtime_blackhole_lists: section } }) =>
    server.features.includes('rbl') && section.lists.length > 0 && section.threshold > 0,
  run: (login, generation) => {
    const { ip_whitelist, lists } = generation.config.realtime_blackhole_lists;
    if (networkListOf(ip_whitelist).contains(login.client.ip)) {
      login.script.logs.push(['rbl', 'Client is whitelisted']);
      login.script.explanation?.note({ list: 'all', result: 'skipped: the client is whitelisted' });
      return 'pass';
    }
    const name = reversedName(login.client.ip);
    if (name === undefined) return 'pass';
    const isIpv4 = ipaddr.IPv4.isValid(login.client.ip);
    return askAll(
      lists.filter((list) => (isIpv4 ? list.ipv4 : list.ipv6)),
      name,
      login,
      generation,
    );
  },
};

async function askAll(
  lists: readonly BlockList[],
  name: string,
  login: Login,
  generation: Generation,
): Promise<FeatureOutcome> {
  const { metrics } = generation.services;
  const done = metrics.time('dns', 'rbl');
  const answers = await Promise.all(lists.map((list) => ask(list, name, login, generation)));
  done();
  let weight = 0;
  for (const [at, list] of lists.entries()) {
    login.script.explanation?.note({ list: list.name, result: answers[at] ?? '', weight: list.weight });
    if (answers[at] !== 'listed') continue;
    login.script.logs.push([`rbl ${fromUtf8(list.name)}`, list.weight]);
    metrics.count('rbl_rejected_total', { rbl: list.name });
    weight += list.weight;
  }
  if (answers.includes('failed')) return 'error';
  return weight >= generation.config.realtime_blackhole_lists.threshold ? 'trigger' : 'pass';
}

/** `failed`: a list without which nothing may be decided gave no answer. */
async function ask(
  list: BlockList,
  name: string,
  login: Login,
  { services }: Generation,
): Promise<'listed' | 'unlisted' | 'failed'> {
  const done = services.metrics.timeList(list.name);
  try {
    const addresses = await services.dns.listings(`${name}.${list.rbl}`);
    return addresses.some((address) => list.return_code.includes(address)) ? 'listed' : 'unlisted';
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    services.log.error({ session: login.session, rbl: list.name, msg: `resolver failed: ${error.message}` });
    return list.allow_failure ? 'unlisted' : 'failed';
  } finally {
    done();
  }
}

/** Octets or nibbles of an address from its end (RFC 5782 sections 2.1 and 2.4); undefined for text that is no address. */
function reversedName(ip: string): string | undefined {
  if (!ipaddr.isValid(ip)) return undefined;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toByteArray().reverse().join('.');
  const nibbles = address.toByteArray().map((byte) => byte.toString(16).padStart(2, '0'));
  return [...nibbles.join('')].reverse().join('.');
}
