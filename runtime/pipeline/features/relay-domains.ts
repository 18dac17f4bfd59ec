/** Refuses user names of domains that are not ours. Names without a domain, or with several `@`, pass. */
import { splitMasterLogin } from '../../login/master-login.ts';
import { fromUtf8 } from '../../login/text.ts';
import type { Feature } from './feature.ts';

export const relayDomainsFeature: Feature = {
  name: 'relay_domains',
  learns: true,
  softWhitelist: 'relay_domains',
  isActive: ({ config }) => config.server.features.includes('relay_domains') && config.relay_domains.static.length > 0,
  run: (login, { config }) => {
    // A master logs in as `user*master`: the domain that counts is the user's.
    const user = splitMasterLogin(login.username, config.server.master_user)?.user ?? login.username;
    const parts = user.split('@');
    const domain = parts[1];
    if (parts.length !== 2 || domain === undefined) return 'pass';
    const known = config.relay_domains.static.some((ours) => fromUtf8(ours).toLowerCase() === domain.toLowerCase());
    if (known) return 'pass';
    login.script.logs.push(['relay_domains', `${domain} not our domain`]);
    return 'trigger';
  },
};
