/** Pieces of the answers to a login that the endpoints share: status codes, common headers, bodies. */
import type { Attributes, AttributeValue } from '../login/attributes.ts';
import { firstText, isList, isTable } from '../login/attributes.ts';
import type { BackendName, Login } from '../login/login.ts';
import { toUtf8String } from '../login/text.ts';
import { messageOf, type Verdict } from '../login/verdict.ts';
import type { Header } from './answers.ts';

/** HTTP status of a verdict where the protocol uses status codes at all (nginx and the old Dovecot glue do not). */
export function statusOf(verdict: Verdict): number {
  if (verdict.kind === 'ok') return 200;
  return verdict.kind === 'fail' ? 403 : 500;
}

/** `Auth-Status` and the session, on every answer; account and cache state on success. */
export function commonHeaders(verdict: Verdict, login: Login, options: { readonly user: boolean }): Header[] {
  const headers: Header[] = [
    ['Auth-Status', messageOf(verdict, login)],
    ['X-Nauthilus-Session', login.session],
  ];
  if (verdict.kind !== 'ok') return headers;
  const account = firstText(login.attributes, login.accountField);
  if (options.user && account !== '') headers.push(['Auth-User', account]);
  headers.push(['X-Nauthilus-Memory-Cache', login.memoryCache]);
  return headers;
}

/** The same as a text body. */
export function textBody(verdict: Verdict, login: Login): string {
  return toUtf8String(messageOf(verdict, login));
}

/** Names that answer for the server itself; an attribute must not take their place. */
const RESERVED = new Set(['Session', 'Memory-Cache']);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** `X-Nauthilus-<Name>` for every attribute that may leave the server and has a value. */
export function attributeHeaders(login: Login): Header[] {
  const headers: Header[] = [];
  const sent = new Set<string>();
  for (const [name, values] of login.attributes) {
    if (isConfidential(name, login) || values.length === 0) continue;
    const canonical = canonicalName(name);
    if (canonical === undefined || RESERVED.has(canonical) || sent.has(canonical)) continue;
    const value = values.length === 1 ? headerText(values[0]!) : joinValues(name, values);
    if (value === '') continue;
    sent.add(canonical);
    headers.push([`X-Nauthilus-${canonical}`, value]);
  }
  return headers;
}

/** The secret of the second factor is for the server only. */
function isConfidential(name: string, login: Login): boolean {
  return name === login.totpSecretField || name === login.totpRecoveryField || name.startsWith('__nauthilus');
}

/** LDAP distinguished names contain commas, so they are joined with semicolons. */
function joinValues(name: string, values: readonly AttributeValue[]): string {
  return values.map(headerText).join(name === 'dn' ? ';' : ',');
}

function headerText(value: AttributeValue): string {
  if (typeof value === 'string') return value;
  return value !== null && isTable(value) ? JSON.stringify(toJson(value)) : String(value);
}

const canonicalNames = new Map<string, string | undefined>();
const MOST_NAMES = 1000;

/** First letter and every letter after `-` in upper case, the others in lower case; undefined for what is no token. */
function canonicalName(name: string): string | undefined {
  if (canonicalNames.has(name)) return canonicalNames.get(name);
  const canonical = TOKEN.test(name)
    ? name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
    : undefined;
  if (canonicalNames.size < MOST_NAMES) canonicalNames.set(name, canonical);
  return canonical;
}

/** Numbers of the backends in JSON answers. */
const BACKEND_NUMBERS: Readonly<Record<BackendName, number>> = { unknown: 0, cache: 1, ldap: 2, lua: 3, memory: 4 };

/** Body of a successful login at the JSON endpoints; the order of the keys is part of it. */
function successBody(login: Login): object {
  return {
    passdb_backend: BACKEND_NUMBERS[login.sourceBackend],
    account_field: nameOrNull(login.accountField),
    totp_secret_field: nameOrNull(login.totpSecretField),
    // Existing clients have only ever seen null in these two.
    webauth_userid_field: null,
    display_name_field: null,
    attributes: login.attributes.size === 0 ? null : attributesBody(login.attributes),
  };
}

function nameOrNull(name: string): string | null {
  return name === '' ? null : toUtf8String(name);
}

function attributesBody(attributes: Attributes): object {
  const names = [...attributes.keys()].sort();
  return Object.fromEntries(names.map((name) => [toUtf8String(name), (attributes.get(name) ?? []).map(toJson)]));
}

/** A value as JSON: byte strings become text, tables that are lists become arrays. */
function toJson(value: AttributeValue): unknown {
  if (typeof value === 'string') return toUtf8String(value);
  if (value === null || !isTable(value)) return value;
  if (isList(value)) return [...value.values()].map(toJson);
  return Object.fromEntries([...value].map(([key, nested]) => [toUtf8String(String(key)), toJson(nested)]));
}

/** Body of every answer of the JSON endpoints. A rejection discloses nothing about earlier passwords. */
export function jsonBody(verdict: Verdict, login: Login): object | null {
  if (verdict.kind === 'ok') return successBody(login);
  return verdict.kind === 'fail' ? null : { Error: verdict.text };
}
