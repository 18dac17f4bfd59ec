/** One connection to a directory server, if configured so encrypted. Loads the LDAP library. */
import { readFileSync } from 'node:fs';
import { connect, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import {
  Attribute,
  Change,
  Client,
  InappropriateAuthError,
  InvalidCredentialsError,
  NoSuchObjectError,
  ResultCodeError,
} from 'ldapts';
import type { Config, Secret } from '../../config/index.ts';
import type { FilterNode } from '../../config/ldap-filter.ts';
import { fromUtf8, toUtf8String } from '../../login/text.ts';
import { networkText } from '../network-text.ts';
import { LdapError, LdapSilent, LdapUnreachable } from './errors.ts';
import { toLibraryFilter } from './filter-ber.ts';
import type { LdapChange, LdapEntry } from './index.ts';

export type LdapSettings = NonNullable<NonNullable<Config['ldap']>['config']>;

export interface LdapLimits {
  /** Milliseconds until a connection is open, TLS included. */
  readonly connect: number;
  /** Milliseconds until an operation is answered. */
  readonly operation: number;
}

export interface PlainSearch {
  readonly baseDn: string;
  readonly scope: 'base' | 'one' | 'sub';
  readonly filter: FilterNode;
  readonly attributes: readonly string[];
}

export interface LdapConnection {
  /** False once the connection is gone or silent. */
  readonly isUsable: boolean;
  /** Rejects with LdapError; nothing under `baseDn`, or no such entry, is an empty list. */
  search(search: PlainSearch): Promise<readonly LdapEntry[]>;
  /** Rejects with LdapError. */
  modify(dn: string, changes: readonly LdapChange[]): Promise<void>;
  /** Binds as the entry; rejects with LdapError when that is neither granted nor refused. */
  checkPassword(dn: string, password: Secret): Promise<boolean>;
  close(): void;
}

const KEEP_ALIVE_MS = 30_000;

/**
 * Opens a connection to the first server that answers, bound as the configured user with `isBound`. Rejects with
 * LdapUnreachable, or LdapError when the bind is refused.
 */
export async function openConnection(
  settings: LdapSettings,
  limits: LdapLimits,
  isBound: boolean,
): Promise<LdapConnection> {
  const failures: string[] = [];
  for (const uri of settings.server_uri) {
    try {
      return await openAt(new URL(uri), settings, limits, isBound);
    } catch (error) {
      if (!(error instanceof LdapUnreachable)) throw error;
      failures.push(error.message);
    }
  }
  throw new LdapUnreachable(failures.join('; '));
}

async function openAt(url: URL, settings: LdapSettings, limits: LdapLimits, isBound: boolean): Promise<LdapConnection> {
  const tls = tlsOptions(url.hostname, settings);
  let socket: Socket | undefined;
  // The library would connect again by itself, and go on without bind and TLS: one connection, one life.
  const once = <F extends (...args: never[]) => Socket>(open: F): F => {
    const guarded = (...args: Parameters<F>): Socket => {
      if (socket !== undefined) throw new LdapUnreachable('connection closed');
      socket = open(...args);
      // Idle connections: firewalls forget them, and a dead peer is found before somebody waits for it.
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      return socket;
    };
    return guarded as F;
  };
  const isEncrypted = url.protocol === 'ldaps:';
  const client = new Client({
    url: url.href,
    connectTimeout: limits.connect,
    timeout: limits.operation,
    strictDN: false,
    ...(isEncrypted
      ? { tlsOptions: tls, createSecureConnection: once(connectTls) }
      : { createConnection: once(connect) }),
  });
  const connection = new Connection(client, hostOf(url), () => socket);
  try {
    if (!isEncrypted && settings.starttls) await connection.encrypt(tls);
    await (isBound ? connection.bindAs(settings) : connection.greet());
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function hostOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'ldaps:' ? '636' : '389')}`;
}

function tlsOptions(hostname: string, settings: LdapSettings): ConnectionOptions {
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: !settings.tls_skip_verify,
    ca: readPem(settings.tls_ca_cert),
    cert: readPem(settings.tls_client_cert),
    key: readPem(settings.tls_client_key),
  };
}

function readPem(path: string): Buffer | undefined {
  if (path === '') return undefined;
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new LdapUnreachable(`${path} is not readable: ${reason}`);
  }
}

class Connection implements LdapConnection {
  private readonly client: Client;
  private readonly target: string;
  private readonly socket: () => Socket | undefined;
  private isBroken = false;

  constructor(client: Client, target: string, socket: () => Socket | undefined) {
    this.client = client;
    this.target = target;
    this.socket = socket;
  }

  get isUsable(): boolean {
    // After STARTTLS the library does not notice that the connection has gone.
    return !this.isBroken && this.client.isConnected && this.socket()?.readyState === 'open';
  }

  encrypt(tls: ConnectionOptions): Promise<void> {
    return this.ask(() => this.client.startTLS(tls));
  }

  async bindAs({ sasl_external, bind_dn, bind_pw }: LdapSettings): Promise<void> {
    if (sasl_external) await this.ask(() => this.client.bind('EXTERNAL'));
    else await this.ask(() => this.client.bind(bind_dn, bind_dn === '' ? '' : bind_pw.reveal()));
  }

  /** The library connects with the first operation; what the server says about its root does not matter. */
  async greet(): Promise<void> {
    await this.ask(() => this.client.search('', { scope: 'base', attributes: ['1.1'] })).catch((error: unknown) => {
      if (error instanceof LdapUnreachable || !(error instanceof LdapError)) throw error;
    });
  }

  search({ baseDn, scope, filter, attributes }: PlainSearch): Promise<readonly LdapEntry[]> {
    return this.ask(async () => {
      const names = [...attributes];
      try {
        const { searchEntries } = await this.client.search(baseDn, {
          scope,
          filter: toLibraryFilter(filter),
          attributes: names,
          explicitBufferAttributes: names,
          derefAliases: 'never',
        });
        return searchEntries.map(({ dn, ...own }) => ({
          dn,
          attributes: Object.entries(own).map(([name, value]) => [name, bytesOf(value)] as const),
        }));
      } catch (error) {
        if (error instanceof NoSuchObjectError) return [];
        throw error;
      }
    });
  }

  modify(dn: string, changes: readonly LdapChange[]): Promise<void> {
    const list = changes.map(
      ({ operation, attribute, values }) =>
        new Change({ operation, modification: new Attribute({ type: attribute, values: [...values] }) }),
    );
    return this.ask(() => this.client.modify(dn, list));
  }

  async checkPassword(dn: string, password: Secret): Promise<boolean> {
    const bytes = password.reveal();
    const text = toUtf8String(bytes);
    // Passwords are UTF-8 (RFC 4513 section 5.1.3), and anything else would reach the server as another password.
    if (text === '' || fromUtf8(text) !== bytes) return false;
    return this.ask(async () => {
      try {
        await this.client.bind(dn, text);
        return true;
      } catch (error) {
        // The second one: an entry that has no password at all.
        if (error instanceof InvalidCredentialsError || error instanceof InappropriateAuthError) return false;
        throw error;
      }
    });
  }

  close(): void {
    this.isBroken = true;
    // Not the library's unbind: it waits for an answer that there never is.
    this.socket()?.destroy();
  }

  /** An operation; what is no answer of the server makes the connection useless. */
  private async ask<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      if (error instanceof ResultCodeError) throw new LdapError(resultText(error));
      this.isBroken = true;
      if (error instanceof LdapError) throw error;
      throw unreachable(error, this.target);
    }
  }
}

function unreachable(error: unknown, target: string): LdapUnreachable {
  const cause = error instanceof Error ? withReason(error) : new Error(String(error));
  const text = networkText(cause, target);
  return text.endsWith('i/o timeout') ? new LdapSilent(text) : new LdapUnreachable(text);
}

/** Two addresses of a host that both failed: the first one's reason. */
function withReason(error: Error): Error {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first instanceof Error ? first : error;
}

/** `LDAP Result Code 50 "Insufficient Access": text`. */
function resultText(error: ResultCodeError): string {
  const name = error.name.replace(/Error$/, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
  const detail = error.message.replace(/\s*Code: 0x[0-9a-f]+$/i, '').trim();
  return `LDAP Result Code ${error.code} ${JSON.stringify(name)}: ${detail}`;
}

type LibraryValue = Buffer | Buffer[] | string[] | string;

function bytesOf(value: LibraryValue): readonly Buffer[] {
  return (Array.isArray(value) ? value : [value]).map((each) =>
    typeof each === 'string' ? Buffer.from(each, 'utf8') : each,
  );
}
