/** Refuses clients that speak clear text to the front end, outside of the configured networks. */
import { networkListOf } from '../../login/network.ts';
import type { Feature } from './feature.ts';

const NOT_SECURED = new Set(['', 'off', '0', 'false']);

export const tlsEncryptionFeature: Feature = {
  name: 'tls_encryption',
  learns: false,
  isActive: ({ config }) => config.server.features.includes('tls_encryption'),
  run: (login, { config }) => {
    if (!NOT_SECURED.has(login.tls.ssl.toLowerCase())) return 'pass';
    if (networkListOf(config.cleartext_networks).contains(login.client.ip)) {
      login.script.logs.push(['tls_encryption', 'Client is whitelisted']);
      login.script.explanation?.note({ tls: 'none', result: 'the client is whitelisted' });
      return 'pass';
    }
    login.script.logs.push(['tls_encryption', 'Client has no transport security']);
    return 'trigger';
  },
};
