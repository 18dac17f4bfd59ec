/** Feature scripts. They may be told the account of the login name, so it is looked up first. */
import { runFeatureScripts } from '../../scripts/classes/feature.ts';
import { lookUpAccount } from '../accounts.ts';
import type { Feature } from './feature.ts';

export const luaFeature: Feature = {
  name: 'lua',
  learns: true,
  isActive: ({ config, scripts }) => config.server.features.includes('lua') && scripts.registry.features.length > 0,
  run: (login, generation) => {
    const { scripts } = generation;
    if (login.knownAccount !== undefined) return runFeatureScripts(login, login.knownAccount, scripts);
    return lookUpAccount(login, generation).then((account) => runFeatureScripts(login, account, scripts));
  },
};
