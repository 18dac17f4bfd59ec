/** Pieces of the answers to a login that the endpoints share: status codes, common headers, bodies. */
import { isHttpToken } from '../config/index.ts';
import type { AttributeValue } from '../login/attributes.ts';
import { firstText, isTable } from '../login/attributes.ts';
import type { Login } from '../login/login.ts';
import { fromUtf8, toUtf8String } from '../login/text.ts';
import { messageOf, type Verdict } from '../login/verdict.ts';
import type { Header } from './answers.ts';
import { BY_STATUS, type LoginHeader } from './describe-login.ts';
import { valueText } from './json-body.ts';

/** HTTP status of a verdict where the protocol uses status codes at all (nginx and the old Dovecot glue do not). */
export function statusOf(verdict: Verdict): number {
  return BY_STATUS[verdict.kind];
}

/** `Auth-Status` and the session, on every answer; account and cache state on success. */
export function commonHeaders(verdict: Verdict, login: Login, options: { readonly user: boolean }): LoginHeader[] {
  const headers: LoginHeader[] = [
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
  return value !== null && isTable(value) ? fromUtf8(valueText(value)) : String(value);
}

const canonicalNames = new Map<string, string | undefined>();
const MOST_NAMES = 1000;

/** First letter and every letter after `-` in upper case, the others in lower case; undefined for what is no token. */
function canonicalName(name: string): string | undefined {
  if (canonicalNames.has(name)) return canonicalNames.get(name);
  const canonical = isHttpToken(name)
    ? name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())
    : undefined;
  if (canonicalNames.size < MOST_NAMES) canonicalNames.set(name, canonical);
  return canonical;
}
