/**
 * The directory (`ldap.config`): searches and changes over a pool of connections that are bound as the configured user, and
 * passwords that are tried over another pool.
 */
import type { Secret } from '../../config/index.ts';
import { FilterError, parseFilter } from '../../config/ldap-filter.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics.ts';
import type { LdapConnection, LdapLimits, LdapSettings } from './connection.ts';
import { LdapError } from './errors.ts';
import { createPool, type Pool } from './pool.ts';

export { valuesByName } from './entries.ts';
export { LdapError } from './errors.ts';
export { escapeDnValue, escapeFilterValue } from './escape.ts';

export interface LdapSearch {
  readonly baseDn: string;
  readonly scope: 'base' | 'one' | 'sub';
  /** RFC 4515, as bytes. */
  readonly filter: string;
  readonly attributes: readonly string[];
}

export interface LdapEntry {
  readonly dn: string;
  /** Names as the server writes them; a requested attribute that the entry has not may be there without values. */
  readonly attributes: readonly (readonly [name: string, values: readonly Buffer[]])[];
}

export interface LdapChange {
  readonly operation: 'add' | 'delete' | 'replace';
  readonly attribute: string;
  /** None with `delete` and `replace`: the attribute goes. */
  readonly values: readonly Buffer[];
}

export interface LdapService {
  /** In the order of the answer; no such base is an empty list. Rejects with LdapError. */
  search(search: LdapSearch): Promise<readonly LdapEntry[]>;
  /** Changes one entry: all changes or none. Rejects with LdapError. */
  modify(dn: string, changes: readonly LdapChange[]): Promise<void>;
  /**
   * Is it the password of the entry? Never true for an empty one, with which directories bind as nobody (RFC 4513 section
   * 5.1.2). Rejects with LdapError when the directory says neither yes nor no.
   */
  checkPassword(dn: string, password: Secret): Promise<boolean>;
  /** Opens a connection for searches, unless there is one. Rejects with LdapError when that cannot be done. */
  reach(): Promise<void>;
  /** Waiting connections are closed at once, busy ones with what they do. */
  close(): void;
}

export interface LdapBase {
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly limits?: Partial<LdapServiceLimits> | undefined;
}

interface LdapServiceLimits extends LdapLimits {
  /** Milliseconds until one of the connections is free. */
  readonly wait: number;
}

const LIMITS: LdapServiceLimits = { connect: 5000, operation: 30_000, wait: 30_000 };

/** Connects, and loads the LDAP library, with the first question. */
export function createLdap(settings: LdapSettings, base: LdapBase): LdapService {
  const lookups = openPool('lookup', settings, base);
  const logins = openPool('auth', settings, base);
  return {
    search: async ({ filter, ...rest }) => {
      const plain = { ...rest, filter: readFilter(filter) };
      return lookups.use((connection) => connection.search(plain), true);
    },
    modify: (dn, changes) => lookups.use((connection) => connection.modify(dn, changes), false),
    checkPassword: async (dn, password) =>
      dn !== '' && !password.isEmpty && logins.use((connection) => connection.checkPassword(dn, password), true),
    reach: () => lookups.use(async () => undefined, false),
    close: () => {
      lookups.close();
      logins.close();
    },
  };
}

function openPool(
  pool: 'lookup' | 'auth',
  settings: LdapSettings,
  { clock, metrics, limits }: LdapBase,
): Pool<LdapConnection> {
  const limit = { ...LIMITS, ...limits };
  const labels = { pool };
  const [size, idle] = [settings[`${pool}_pool_size`], settings[`${pool}_idle_pool_size`]];
  // While a reload replaces a pool there are two of them, and the metrics show both.
  const count = (sign: 1 | -1): void => {
    metrics.add('ldap_pool_size', labels, sign * size);
    metrics.add('ldap_idle_pool_size', labels, sign * idle);
  };
  let told = { open: 0, busy: 0 };
  let isClosed = false;
  count(1);
  const connections = createPool<LdapConnection>({
    open: async () => (await import('./connection.ts')).openConnection(settings, limit, pool === 'lookup'),
    size,
    idle,
    waitMs: limit.wait,
    clock,
    report: (open, busy) => {
      metrics.add('ldap_pool_open_connections_total', labels, open - told.open);
      metrics.add('ldap_pool_connections_total', labels, busy - told.busy);
      told = { open, busy };
    },
  });
  return {
    use: connections.use,
    close: () => {
      if (!isClosed) count(-1);
      isClosed = true;
      connections.close();
    },
  };
}

function readFilter(text: string) {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError)
      throw new LdapError(`LDAP Result Code 201 "Filter Compile Error": ${error.message}`);
    throw error;
  }
}
