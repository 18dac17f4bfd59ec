/** Requests of the policy protocol: a JSON object whose fields the client's configuration chooses, `login` being the least. */
import * as z from 'zod';
import { Secret } from '../config/index.ts';
import { type LoginInput, NO_TLS } from '../login/login.ts';
import { normaliseAddress } from '../login/network.ts';
import { toUtf8String } from '../login/text.ts';
import type { Outcome } from '../pipeline/auth-policy.ts';
import type { HttpRequest } from './endpoint.ts';
import { type JsonFields, objectField, readJsonObject, textField } from './read-json.ts';

export interface PolicyRequest {
  readonly input: LoginInput;
  /** Undefined when the request does not say how the login ended. */
  readonly outcome: Outcome | undefined;
  /** What the client calls the session, as text. */
  readonly session: string;
}

/** Mechanisms (RFC 4616, and LOGIN) with which the client has a password that it can hash. */
const WITH_PASSWORD = new Set(['', 'PLAIN', 'LOGIN']);
/** Failures (`fail_type` of Dovecot 2.4) for which no wrong password is to blame. */
const NOT_WRONG = new Set(['internal', 'policy', 'expired', 'disabled']);

/** Undefined when it is no such request. */
export function readPolicyRequest({ body, path }: HttpRequest): PolicyRequest | undefined {
  const fields = readJsonObject(body);
  const texts = fields && readTexts(fields);
  if (fields === undefined || texts === undefined || texts.login === '') return undefined;
  const mechanism = mechanismOf(fields);
  const input: LoginInput = {
    service: path.slice(path.lastIndexOf('/') + 1),
    protocol: texts.protocol || 'default',
    mode: 'auth',
    username: texts.login,
    // Other mechanisms prove something that is different each time, and the hash is that of no password.
    password: new Secret(WITH_PASSWORD.has(mechanism.toUpperCase()) ? texts.pwhash : ''),
    authMethod: mechanism,
    loginAttempts: 0,
    client: { ip: normaliseAddress(texts.remote), port: '', hostname: '', id: texts.device_id },
    userAgent: '',
    localIp: '',
    localPort: '',
    tls: isOn(fields.tls) ? { ...NO_TLS, ssl: 'on' } : NO_TLS,
    useMemoryCache: false,
    useRedisCache: false,
    runsFeatures: true,
    uriPath: path,
  };
  return { input, outcome: outcomeOf(fields, texts.fail_type), session: toUtf8String(texts.session_id) };
}

const TEXTS = ['login', 'pwhash', 'remote', 'protocol', 'device_id', 'session_id', 'fail_type'] as const;

/** The same for the document. Clients may be configured to send more. */
export const POLICY_REQUEST = z.looseObject({
  ...Object.fromEntries(TEXTS.map((name) => [name, z.string().nullish()])),
  login: z.string().min(1).describe('Who logs in.'),
  pwhash: z.string().nullish().describe('Hash of the password, as the client makes it.'),
  remote: z.string().nullish().describe('Address of the client.'),
  success: z.boolean().optional().describe('`report`: was the password right?'),
  policy_reject: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
  tls: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
  attrs: z.looseObject({ mech: z.string().optional().describe('SASL mechanism.') }).optional(),
});

function readTexts(fields: JsonFields): Readonly<Record<(typeof TEXTS)[number], string>> | undefined {
  const found = { login: '', pwhash: '', remote: '', protocol: '', device_id: '', session_id: '', fail_type: '' };
  for (const name of TEXTS) {
    const text = textField(fields, name);
    if (text === undefined) return undefined;
    found[name] = text;
  }
  return found;
}

/** `attrs/mech=%{mech}` in Dovecot's configuration. */
function mechanismOf(fields: JsonFields): string {
  const attributes = objectField(fields, 'attrs');
  return (attributes && textField(attributes, 'mech')) ?? '';
}

function outcomeOf({ success, policy_reject: isPolicy }: JsonFields, failType: string): Outcome | undefined {
  if (typeof success !== 'boolean') return undefined;
  if (success) return 'right password';
  return isOn(isPolicy) || NOT_WRONG.has(failType) ? 'ignored' : 'wrong password';
}

/** Attributes of Dovecot's own configuration are always strings. */
function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}
