/**
 * The backend `ldap`: finds the user with the search block of the protocol, and tries the password with a bind as the first
 * entry that was found. Only a refused bind is a wrong password; whatever else goes wrong is no answer.
 */
import type { Config } from '../../config/index.ts';
import type { Attributes, AttributeValue } from '../../login/attributes.ts';
import type { BackendAnswer, Login } from '../../login/login.ts';
import { splitMasterLogin } from '../../login/master-login.ts';
import { fromUtf8 } from '../../login/text.ts';
import type { Registration } from '../../scripts/classes/backend.ts';
import { LdapError, type Services, valuesByName } from '../../services/index.ts';
import type { Generation } from '../generation.ts';
import { type FilterInput, fillFilter } from './ldap-filter.ts';
import { blockFor } from './search-block.ts';

/** There is no answer, and why. */
export interface BackendFailure {
  readonly problem: string;
}

type Directory = NonNullable<Services['ldap']>;
type Block = NonNullable<Config['ldap']>['search'][number];

/** An entry of the directory, or several of them that a filter has found together. */
interface Found {
  /** Of the first entry. */
  readonly dn: string;
  /** Of all of them. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Does the backend take part in logins at all? Otherwise its pool is for scripts. */
export function usesLdap({ server, ldap }: Config): boolean {
  return server.backends.includes('ldap') && ldap?.config?.pool_only === false;
}

/** Is there a search block for the protocol? */
export function servesProtocol(protocol: string, { ldap }: Config): boolean {
  return blockFor(protocol, ldap?.search ?? []) !== undefined;
}

/** Asks the directory; `unknown` for users that it has not, and for protocols without a search block. Never rejects. */
export async function askLdap(
  login: Login,
  generation: Generation,
): Promise<BackendAnswer | BackendFailure | 'unknown'> {
  const block = blockFor(login.protocol, generation.config.ldap?.search ?? []);
  if (block === undefined) return 'unknown';
  try {
    return await decide(login, block, generation);
  } catch (error) {
    if (error instanceof LdapError) return { problem: error.message };
    throw error;
  }
}

async function decide(login: Login, block: Block, generation: Generation): Promise<BackendAnswer | 'unknown'> {
  const { server } = generation.config;
  const names = splitMasterLogin(login.username, server.master_user);
  const user = await findUser(names?.user ?? login.username, block, login, generation);
  if (user === undefined) return 'unknown';
  if (login.mode === 'no-auth') return answer(user.attributes, block, false);
  const master = names && (await findUser(names.master, block, login, generation));
  if (names !== undefined && master === undefined) return 'unknown';
  const isRight = await tryPassword((master ?? user).dn, login, generation);
  const attributes = master === undefined ? user.attributes : withTotpOf(master, user, block);
  return answer(attributes, block, isRight);
}

/** Values of the entries that the block's filter finds for a name. Rejects with LdapError. */
async function findUser(
  username: string,
  block: Block,
  login: Login,
  { services }: Generation,
): Promise<Found | undefined> {
  const filter = fillFilter(block.filter.user, username, login);
  const done = services.metrics.time('backend', 'ldap_backend_lookup_request_total');
  const found = await search(filter, block, block.attribute, services).finally(done);
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.length > 1) {
    const msg = `The LDAP filter finds ${found.length} entries, the first one's password counts`;
    services.log.warn({ session: login.session, passdb: 'ldap', msg });
  }
  return { dn: first.dn, attributes: valuesByName(found, block.attribute) };
}

function search(filter: string, { base_dn: baseDn, scope }: Block, attributes: readonly string[], services: Services) {
  return directoryOf(services).search({ baseDn, scope, filter, attributes });
}

async function tryPassword(dn: string, { password }: Login, { services }: Generation): Promise<boolean> {
  const done = services.metrics.time('backend', 'ldap_backend_auth_request_total');
  return directoryOf(services).checkPassword(dn, password).finally(done);
}

/** Always there: server.ts refuses to reload a configuration that adds the backend. */
function directoryOf({ ldap }: Services): Directory {
  if (ldap === undefined) throw new LdapError('there are no connections to a directory');
  return ldap;
}

/** The second factor is that of whoever has given the password. */
function withTotpOf(master: Found, user: Found, { mapping }: Block): Attributes {
  const own = attributeNamed(mapping.totp_secret_field, user.attributes);
  const attributes = new Map(user.attributes);
  attributes.delete(own);
  const masters = attributeNamed(mapping.totp_secret_field, master.attributes);
  const secret = master.attributes.get(masters);
  if (secret !== undefined) attributes.set(masters, secret);
  return attributes;
}

function answer(
  attributes: ReadonlyMap<string, readonly AttributeValue[]>,
  { mapping }: Block,
  authenticated: boolean,
): BackendAnswer {
  const field = (name: string): string => attributeNamed(name, attributes) || fromUtf8(name);
  const accountField = attributeNamed(mapping.account_field, attributes);
  return {
    authenticated,
    userFound: true,
    accountField,
    totpSecretField: field(mapping.totp_secret_field),
    totpRecoveryField: field(mapping.totp_recovery_field),
    uniqueUserIdField: field(mapping.unique_user_id_field),
    displayNameField: mapping.display_name_field === '' ? accountField : field(mapping.display_name_field),
    attributes,
  };
}

/** The name under which a configured attribute is there; '' when it is not. */
function attributeNamed(configured: string, attributes: ReadonlyMap<string, unknown>): string {
  const wanted = fromUtf8(configured).toLowerCase();
  return [...attributes.keys()].find((each) => each.toLowerCase() === wanted) ?? '';
}

/** All accounts that the block of the protocol finds. Rejects with LdapError, also when no block can list. */
export async function listLdapAccounts(input: FilterInput, generation: Generation): Promise<readonly string[]> {
  const { config, services } = generation;
  const block = blockFor(input.protocol, config.ldap?.search ?? []);
  if (block === undefined) throw new LdapError('Missing search::protocol section and no default');
  if (block.filter.list_accounts === '') throw new LdapError('Missing LDAP list_accounts filter');
  const done = services.metrics.time('account', 'ldap_account_request_total');
  const requested = [block.mapping.account_field];
  const filter = fillFilter(block.filter.list_accounts, '', input);
  const found = await search(filter, block, requested, services).finally(done);
  return valuesByName(found, requested).get(fromUtf8(block.mapping.account_field)) ?? [];
}

/** Stores the secret of a second factor with the user. Rejects with LdapError. */
export async function storeLdapTotp(
  { username, protocol, secret }: Pick<Registration, 'username' | 'protocol' | 'secret'>,
  { config, services }: Generation,
): Promise<'stored' | 'unknown user'> {
  const block = blockFor(protocol, config.ldap?.search ?? []);
  if (block === undefined) return 'unknown user';
  const filter = fillFilter(block.filter.user, username, { ...NOBODY, protocol });
  const [entry, ...others] = await search(filter, block, ['1.1'], services);
  if (entry === undefined) return 'unknown user';
  if (others.length > 0) throw new LdapError('the LDAP filter finds several entries');
  const attribute = block.mapping.totp_secret_field;
  if (attribute === '') throw new LdapError('Missing LDAP TOTP secret field');
  const values = [Buffer.from(secret.reveal(), 'latin1')];
  await directoryOf(services).modify(entry.dn, [{ operation: 'replace', attribute, values }]);
  return 'stored';
}

/** Speaks of nobody: what a filter is asked with where there is no client. */
const NOBODY: FilterInput = {
  protocol: 'x',
  localIp: 'x',
  localPort: 'x',
  client: { ip: 'x', port: 'x', hostname: '', id: '' },
};
