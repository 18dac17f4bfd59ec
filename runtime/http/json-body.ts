/**
 * Bodies of the JSON endpoints, written directly: a login has been measured to spend more time in a general serialiser
 * than in the scripts of a simple policy. Strings come as bytes and leave as text.
 */
import * as z from 'zod';
import type { AttributeValue } from '../login/attributes.ts';
import { isList, isTable } from '../login/attributes.ts';
import type { BackendName, Login } from '../login/login.ts';
import { toUtf8String } from '../login/text.ts';
import type { Verdict } from '../login/verdict.ts';
import { escapeMarkup } from './answers.ts';

/** The bodies, for the document. */
export const JSON_BODIES = {
  ok: z.object({
    passdb_backend: z.int().min(0).max(4).describe('0 unknown, 1 cache, 2 ldap, 3 lua, 4 memory.'),
    account_field: z.string().nullable().describe('Name of the attribute that is the account.'),
    totp_secret_field: z.string().nullable(),
    webauth_userid_field: z.null(),
    display_name_field: z.null(),
    attributes: z.record(z.string(), z.array(z.unknown())).nullable(),
  }),
  fail: z
    .record(z.string(), z.int())
    .nullable()
    .describe('Hashes of wrong passwords with their counts, when `brute_force.expose_history` is on.'),
  tempfail: z.object({ Error: z.string() }),
} as const;

/** Numbers of the backends in answers. */
const BACKEND_NUMBERS: Readonly<Record<BackendName, number>> = { unknown: 0, cache: 1, ldap: 2, lua: 3, memory: 4 };

/** The body of any verdict. A rejection discloses nothing about earlier passwords unless that is configured. */
export function jsonBody(verdict: Verdict, login: Login): string {
  if (verdict.kind === 'ok') return successBody(login);
  return verdict.kind === 'fail' ? failureBody(login) : `{"Error":${quote(verdict.text)}}`;
}

function failureBody({ wrongPasswords }: Login): string {
  if (wrongPasswords === undefined) return 'null';
  return `{${[...wrongPasswords].map(([password, count]) => `${quote(password)}:${count}`).join(',')}}`;
}

/** The order of the keys is part of it. Existing clients have only ever seen null in two of them. */
function successBody(login: Login): string {
  return (
    `{"passdb_backend":${BACKEND_NUMBERS[login.sourceBackend]},"account_field":${nameOrNull(login.accountField)}` +
    `,"totp_secret_field":${nameOrNull(login.totpSecretField)},"webauth_userid_field":null,"display_name_field":null` +
    `,"attributes":${login.attributes.size === 0 ? 'null' : attributesText(login)}}`
  );
}

function nameOrNull(name: string): string {
  return name === '' ? 'null' : quote(name);
}

/** Names sorted, so that the same result is the same text. */
function attributesText({ attributes }: Login): string {
  let text = '';
  for (const name of [...attributes.keys()].sort()) {
    const values = attributes.get(name) ?? [];
    text += `${text === '' ? '{' : ','}${quote(name)}:${listText(values)}`;
  }
  return `${text}}`;
}

function listText(values: readonly AttributeValue[]): string {
  if (values.length === 1) return `[${valueText(values[0]!)}]`;
  return `[${values.map(valueText).join(',')}]`;
}

/** A value as JSON: tables that are lists become arrays, numbers that JSON does not know become null. */
export function valueText(value: AttributeValue): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || !isTable(value)) return JSON.stringify(value);
  if (isList(value)) return listText([...value.values()]);
  return `{${[...value].map(([key, nested]) => `${quote(String(key))}:${valueText(nested)}`).join(',')}}`;
}

/** Printable ASCII without quote, backslash and markup: needs no escape at all. */
const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/;

function quote(bytes: string): string {
  return PLAIN.test(bytes) ? `"${bytes}"` : escapeMarkup(JSON.stringify(toUtf8String(bytes)));
}
