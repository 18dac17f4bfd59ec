/**
 * Logins that arrive in a body: `json` and `saslauthd`. The content type decides how the body is read, not the endpoint
 * (the reference does the same): JSON, or a form as cyrus saslauthd sends it.
 */
import * as z from 'zod';
import { Secret } from '../config/index.ts';
import type { LoginInput, TlsFacts } from '../login/login.ts';
import { NO_TLS } from '../login/login.ts';
import { normaliseAddress } from '../login/network.ts';
import { fromUtf8 } from '../login/text.ts';
import { refusal } from './answers.ts';
import type { Method, Operation, Parameter } from './description.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';
import { readJsonObject } from './read-json.ts';
import {
  isValidUsername,
  LOOKUP_PARAMETERS,
  QUERY_PARAMETERS,
  type QueryFlags,
  readQuery,
  USERNAME_SCHEMA,
} from './read-query.ts';

/** JSON keys; they are compared without regard to case. All are strings. */
const JSON_KEYS = [
  'username',
  'password',
  'service',
  'method',
  'client_ip',
  'client_port',
  'client_hostname',
  'client_id',
  'local_ip',
  'local_port',
  'ssl',
  'ssl_session_id',
  'ssl_client_verify',
  'ssl_client_dn',
  'ssl_client_cn',
  'ssl_issuer',
  'ssl_client_notbefore',
  'ssl_client_notafter',
  'ssl_subject_dn',
  'ssl_issuer_dn',
  'ssl_client_subject_dn',
  'ssl_client_issuer_dn',
  'ssl_cipher',
  'ssl_protocol',
  'ssl_serial',
  'ssl_fingerprint',
] as const;

/** What differs between the names here and what they mean elsewhere. */
const JSON_NOTES: Partial<Readonly<Record<JsonKey, string>>> = {
  service: 'The protocol: imap, smtp, …',
  method: 'SASL mechanism.',
  client_ip: 'Address of the client; without it no check by address takes place.',
  client_id: 'What the client calls itself: the user agent.',
};

/** The same for the document. */
export const JSON_LOGIN = z.looseObject({
  ...Object.fromEntries(
    JSON_KEYS.map((key) => [
      key,
      z
        .string()
        .nullish()
        .describe(JSON_NOTES[key] ?? ''),
    ]),
  ),
  username: USERNAME_SCHEMA,
});

/** Fields of the form, as the manual of saslauthd has them. */
const FORM_FIELDS = [
  'username',
  'realm',
  'password',
  'protocol',
  'method',
  'user_agent',
  'port',
  'tls',
  'security',
] as const;

/** The same for the document. */
export const FORM_LOGIN = z.looseObject({
  ...Object.fromEntries(FORM_FIELDS.map((name) => [name, z.string().optional()])),
  username: USERNAME_SCHEMA,
});

type JsonKey = (typeof JSON_KEYS)[number];
type BodyFields = Partial<Record<JsonKey, string>>;

const KNOWN_KEYS: ReadonlyMap<string, JsonKey> = new Map(JSON_KEYS.map((key) => [key, key]));

/** What requests carry whose logins are read from bodies. With another method than POST only accounts can be listed. */
export function describeBody(
  method: Method,
  first: 'application/json' | typeof FORM,
): Pick<Operation, 'body' | 'parameters'> {
  if (method !== 'POST') return { parameters: first === FORM ? [] : [LISTING] };
  const parameters = first === FORM ? LOOKUP_PARAMETERS : QUERY_PARAMETERS;
  const bodies = { 'application/json': JSON_LOGIN, [FORM]: FORM_LOGIN };
  return { parameters, body: { required: true, bodies: { [first]: bodies[first], ...bodies } } };
}

const LISTING: Parameter = {
  name: 'mode',
  in: 'query',
  description: 'Without a body accounts can be listed, nothing else.',
  schema: z.literal('list-accounts'),
  required: true,
};

const FORM = 'application/x-www-form-urlencoded';

export interface BodyLoginOptions {
  /** Protocol when the body names none; '' = `default`. */
  readonly protocolFallback: string;
  /** saslauthd lists no accounts and is not subject to features. */
  readonly isSaslauthd: boolean;
}

const MISSING_USERNAME = { errors: [{ field: 'Username', message: 'This field is required' }] };

const NOTHING: BodyFields = Object.freeze({});

/** The login of a body; 400 with a JSON explanation when it cannot be one. */
export function readBodyLogin(request: HttpRequest, options: BodyLoginOptions): LoginInput | HttpAnswer {
  const query = readQuery(request.query);
  const fields = request.method === 'POST' ? readBody(request) : NOTHING;
  if ('status' in fields) return fields;
  if (query.mode !== 'list-accounts' && !isValidUsername(fields.username ?? '')) return refusal('invalid username');
  return loginInput(request, query, options, fields);
}

function readBody(request: HttpRequest): BodyFields | HttpAnswer {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith(FORM)) return readForm(request.body);
  if (!/^application\/json *(;|$)/.test(type)) {
    return refusal('unsupported media type', { error: 'Unsupported media type' });
  }
  const fields = readJson(request.body);
  if (fields === undefined) return refusal('invalid JSON body');
  return fields.username ? fields : refusal('invalid username', MISSING_USERNAME);
}

/** Fields of a JSON object, as byte strings; undefined when it is no object or a field has another type. */
function readJson(body: Buffer): BodyFields | undefined {
  const value = readJsonObject(body);
  if (value === undefined) return undefined;
  const fields: BodyFields = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    const known = KNOWN_KEYS.get(key) ?? KNOWN_KEYS.get(key.toLowerCase());
    if (known === undefined || field === null) continue;
    if (typeof field !== 'string') return undefined;
    fields[known] = fromUtf8(field);
  }
  return fields;
}

/** Fields of cyrus saslauthd's httpform, under the names of the JSON keys. */
function readForm(body: Buffer): BodyFields {
  const form = new Map<string, string>();
  for (const pair of body.toString('latin1').split('&')) {
    const [name = '', value = ''] = splitOnce(pair, '=');
    if (!form.has(name)) form.set(name, decodeFormText(value));
  }
  const field = (name: (typeof FORM_FIELDS)[number]): string => form.get(name) ?? '';
  return {
    username: withRealm(field('username'), field('realm')),
    password: field('password'),
    service: field('protocol'),
    method: field('method'),
    client_id: field('user_agent'),
    local_ip: '127.0.0.1',
    local_port: field('port'),
    ssl: field('tls'),
    ssl_protocol: field('security'),
  };
}

/** Percent encoding to bytes (not to text: a password need not be UTF-8). */
function decodeFormText(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  return spaced.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function withRealm(username: string, realm: string): string {
  return realm === '' || username === '' || username.includes('@') ? username : `${username}@${realm}`;
}

function loginInput(
  request: HttpRequest,
  query: QueryFlags,
  options: BodyLoginOptions,
  fields: BodyFields,
): LoginInput {
  return {
    service: request.path.slice(request.path.lastIndexOf('/') + 1),
    protocol: fields.service || options.protocolFallback || 'default',
    mode: options.isSaslauthd && query.mode === 'list-accounts' ? 'auth' : query.mode,
    username: fields.username ?? '',
    password: new Secret(fields.password ?? ''),
    authMethod: fields.method ?? '',
    loginAttempts: 0,
    client: {
      ip: normaliseAddress(fields.client_ip ?? ''),
      port: fields.client_port ?? '',
      hostname: fields.client_hostname ?? '',
      id: '',
    },
    userAgent: fields.client_id ?? '',
    localIp: fields.local_ip ?? '',
    localPort: fields.local_port ?? '',
    tls: readTls(fields),
    useMemoryCache: query.useMemoryCache,
    useRedisCache: query.useRedisCache,
    runsFeatures: !options.isSaslauthd,
    uriPath: request.path,
  };
}

const TLS_KEYS = JSON_KEYS.filter((key) => key.startsWith('ssl'));

function readTls(fields: BodyFields): TlsFacts {
  if (TLS_KEYS.every((key) => !fields[key])) return NO_TLS;
  return {
    ssl: fields.ssl ?? '',
    sessionId: fields.ssl_session_id ?? '',
    clientVerify: fields.ssl_client_verify ?? '',
    clientDn: fields.ssl_client_dn ?? '',
    clientCn: fields.ssl_client_cn ?? '',
    issuer: fields.ssl_issuer ?? '',
    clientNotBefore: fields.ssl_client_notbefore ?? '',
    clientNotAfter: fields.ssl_client_notafter ?? '',
    subjectDn: fields.ssl_subject_dn ?? '',
    issuerDn: fields.ssl_issuer_dn ?? '',
    clientSubjectDn: fields.ssl_client_subject_dn ?? '',
    clientIssuerDn: fields.ssl_client_issuer_dn ?? '',
    protocol: fields.ssl_protocol ?? '',
    cipher: fields.ssl_cipher ?? '',
    serial: fields.ssl_serial ?? '',
    fingerprint: fields.ssl_fingerprint ?? '',
  };
}
