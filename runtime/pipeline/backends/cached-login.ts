/**
 * A successful login as it is cached: JSON with the keys of the reference. `password` is the reference's short hash, written
 * so that an instance of it can read our entries; it never authenticates here. `password_hmac` does: HMAC-SHA-256 under the
 * nonce, over account and password.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { type Attributes, type AttributeValue, isList, isTable } from '../../login/attributes.ts';
import type { BackendAnswer, BackendName } from '../../login/login.ts';
import type { HostTable, HostValue } from '../../login/script-state.ts';
import { fromUtf8, toUtf8String } from '../../login/text.ts';

/** Numbers of the backends in entries. */
const BACKENDS = ['unknown', 'cache', 'ldap', 'lua', 'memory'] as const satisfies readonly BackendName[];

const SHORT_HASH_DIGITS = 8;

/** Byte strings, as in a login; the nonce is text. */
export interface Credentials {
  readonly account: string;
  readonly password: string;
  readonly nonce: string;
}

export interface CachedLogin {
  readonly answer: BackendAnswer;
  readonly source: BackendName;
  /** Is this the password that was checked? */
  matches(credentials: Credentials): boolean;
}

/** The entry as a byte string; undefined for attributes that JSON cannot give back as they were. */
export function encodeLogin(answer: BackendAnswer, source: BackendName, credentials: Credentials): string | undefined {
  const attributes: Record<string, unknown> = {};
  for (const [name, values] of answer.attributes) {
    const encoded = values.map(encodeValue);
    if (encoded.includes(undefined) || !isText(name)) return undefined;
    attributes[toUtf8String(name)] = encoded;
  }
  const entry = {
    passdb_backend: BACKENDS.indexOf(source),
    password: shortHash(credentials),
    password_hmac: keyedHash(credentials).toString('hex'),
    account_field: orNull(answer.accountField),
    totp_secret_field: orNull(answer.totpSecretField),
    totp_recovery_field: orNull(answer.totpRecoveryField),
    webauth_userid_field: orNull(answer.uniqueUserIdField),
    display_name_field: orNull(answer.displayNameField),
    attributes,
  };
  return fromUtf8(JSON.stringify(entry));
}

/** The entry of a text from Redis; undefined when it is none, or one that the reference has written. */
export function decodeLogin(bytes: string): CachedLogin | undefined {
  const entry = parseObject(bytes);
  const hmac = entry?.password_hmac;
  if (entry === undefined || typeof hmac !== 'string') return undefined;
  const name = (key: string): string => {
    const value = entry[key];
    return typeof value === 'string' ? fromUtf8(value) : '';
  };
  return {
    source: BACKENDS[Number(entry.passdb_backend)] ?? 'unknown',
    answer: {
      authenticated: false,
      userFound: true,
      accountField: name('account_field'),
      totpSecretField: name('totp_secret_field'),
      totpRecoveryField: name('totp_recovery_field'),
      uniqueUserIdField: name('webauth_userid_field'),
      displayNameField: name('display_name_field'),
      attributes: decodeAttributes(entry.attributes),
    },
    matches: (credentials) => isSame(Buffer.from(hmac, 'hex'), keyedHash(credentials)),
  };
}

function keyedHash({ account, password, nonce }: Credentials): Buffer {
  return createHmac('sha256', nonce).update(`${account}\0${password}`, 'latin1').digest();
}

/** As the reference hashes passwords. */
function shortHash({ password, nonce }: Credentials): string {
  const bytes = Buffer.concat([Buffer.from(`${nonce}\0`), Buffer.from(password, 'latin1')]);
  return hash('sha256', bytes, 'hex').slice(0, SHORT_HASH_DIGITS);
}

function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function orNull(name: string): string | null {
  return name === '' ? null : toUtf8String(name);
}

/** Are the bytes UTF-8, so that they survive being text? */
function isText(bytes: string): boolean {
  return fromUtf8(toUtf8String(bytes)) === bytes;
}

function encodeValue(value: AttributeValue): unknown {
  if (typeof value === 'string') return isText(value) ? toUtf8String(value) : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value === null || !isTable(value)) return value;
  return isList(value) ? encodeList(value) : encodeTable(value);
}

function encodeList(table: HostTable): unknown {
  const items = [...table.values()].map(encodeValue);
  return items.length === 0 || items.includes(undefined) ? undefined : items;
}

function encodeTable(table: HostTable): unknown {
  const entries: [string, unknown][] = [];
  for (const [key, value] of table) {
    const encoded = encodeValue(value);
    if (typeof key !== 'string' || !isText(key) || encoded === undefined) return undefined;
    entries.push([toUtf8String(key), encoded]);
  }
  return Object.fromEntries(entries);
}

function decodeAttributes(value: unknown): Attributes {
  const attributes = new Map<string, readonly AttributeValue[]>();
  if (!isObject(value)) return attributes;
  for (const [name, values] of Object.entries(value)) {
    if (Array.isArray(values)) attributes.set(fromUtf8(name), values.map(decodeValue));
  }
  return attributes;
}

function decodeValue(value: unknown): HostValue {
  if (typeof value === 'string') return fromUtf8(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return new Map(value.map((item, index) => [index + 1, decodeValue(item)]));
  if (!isObject(value)) return null;
  return new Map(Object.entries(value).map(([key, item]) => [fromUtf8(key), decodeValue(item)]));
}

function parseObject(bytes: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(toUtf8String(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
