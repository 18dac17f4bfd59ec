/** Refuses clients that speak clear text to the front end, outside of the configured networks. */
import type { Config } from '../../config/index.ts';
import { NetworkList } from '../../login/network.ts';
import type { Feature } from './feature.ts';

const NOT_SECURED = new Set(['', 'off', '0', 'false']);
const cleartext = new WeakMap<Config, NetworkList>();

export const tlsEncryptionFeature: Feature = {
  name: 'tls_encryption',
  learns: false,
  isActive: ({ config }) => config.server.features.includes('tls_encryption'),
  run: (login, { config }) => {
    if (!NOT_SECURED.has(login.tls.ssl.toLowerCase())) return 'pass';
    if (cleartextNetworks(config).contains(login.client.ip)) {
      login.script.logs.push(['tls_encryption', 'Client is whitelisted']);
      return 'pass';
    }
    login.script.logs.push(['tls_encryption', 'Client has no transport security']);
    return 'trigger';
  },
};

function cleartextNetworks(config: Config): NetworkList {
  let list = cleartext.get(config);
  if (!list) {
    list = new NetworkList(config.cleartext_networks);
    cleartext.set(config, list);
  }
  return list;
}
