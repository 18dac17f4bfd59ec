/** `mode=list-accounts`: all accounts of all backends, no other stage runs. */
import { type Listing, listScriptAccounts } from '../scripts/classes/backend.ts';
import type { Generation } from './generation.ts';

/** Accounts as byte strings; a backend that fails is logged and contributes nothing. */
export async function listAccounts(listing: Listing, generation: Generation): Promise<readonly string[]> {
  const { config, scripts, services } = generation;
  const accounts = config.server.backends.includes('lua') ? await listScriptAccounts(listing, scripts) : [];
  services.log.info({ session: listing.session, mode: 'list-accounts', accounts: accounts.length });
  return accounts;
}
