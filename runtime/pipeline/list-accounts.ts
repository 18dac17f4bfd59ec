/** `mode=list-accounts`: all accounts of all backends, no other stage runs. */
import { listScriptAccounts, type Listing as ScriptListing } from '../scripts/classes/backend.ts';
import { LdapError } from '../services/index.ts';
import { listLdapAccounts, usesLdap } from './backends/ldap.ts';
import type { FilterInput } from './backends/ldap-filter.ts';
import type { Generation } from './generation.ts';

/** A request to list all accounts, and what filters of a directory may ask about it. */
export interface Listing extends ScriptListing {
  readonly input: FilterInput;
}

/** Accounts as byte strings, in the order of the backends; one that fails is logged and contributes nothing. */
export async function listAccounts(listing: Listing, generation: Generation): Promise<readonly string[]> {
  const { config, scripts, services } = generation;
  const accounts = new Set<string>();
  for (const backend of config.server.backends) {
    const found = backend === 'lua' ? await listScriptAccounts(listing, scripts) : [];
    const entries = backend === 'ldap' && usesLdap(config) ? await listDirectory(listing, generation) : [];
    for (const account of [...found, ...entries]) accounts.add(account);
  }
  services.log.info({ session: listing.session, mode: 'list-accounts', accounts: accounts.size });
  return [...accounts];
}

async function listDirectory({ session, input }: Listing, generation: Generation): Promise<readonly string[]> {
  try {
    return await listLdapAccounts(input, generation);
  } catch (error) {
    if (!(error instanceof LdapError)) throw error;
    generation.services.log.error({ session, passdb: 'ldap', msg: error.message });
    return [];
  }
}
