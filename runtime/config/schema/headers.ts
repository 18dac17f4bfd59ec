/** `server.default_http_request_header`: which request headers carry the fields of a login (server.md 2.4). */
import * as z from 'zod';
import { isHttpToken } from '../http-token.ts';

/**
 * Headers tried when the key is absent or empty, in this order. Where two are named, the first is nginx' mail proxy
 * family and the second HAProxy's: both occur in documented set-ups.
 */
const DEFAULT_HEADERS = {
  username: ['Auth-User'],
  password: ['Auth-Pass'],
  password_encoded: ['X-Auth-Password-Encoded'],
  protocol: ['Auth-Protocol'],
  login_attempt: ['Auth-Login-Attempt'],
  auth_method: ['Auth-Method'],
  local_ip: ['X-Local-IP'],
  local_port: ['X-Auth-Port'],
  client_ip: ['Client-IP'],
  client_port: ['X-Client-Port'],
  client_host: ['Client-Host'],
  client_id: ['X-Client-ID'],
  ssl: ['Auth-SSL', 'X-SSL'],
  ssl_session_id: ['X-SSL-Session-ID'],
  ssl_verify: ['Auth-SSL-Verify', 'X-SSL-Client-Verify'],
  ssl_subject: ['Auth-SSL-Subject', 'X-SSL-Client-DN'],
  ssl_client_cn: ['X-SSL-Client-CN'],
  ssl_issuer: ['X-SSL-Issuer'],
  ssl_client_not_before: ['X-SSL-Client-NotBefore'],
  ssl_client_not_after: ['X-SSL-Client-NotAfter'],
  ssl_subject_dn: ['X-SSL-Subject-DN'],
  ssl_issuer_dn: ['Auth-SSL-Issuer', 'X-SSL-Issuer-DN'],
  ssl_client_subject_dn: ['X-SSL-Client-Subject-DN'],
  ssl_client_issuer_dn: ['X-SSL-Client-Issuer-DN'],
  ssl_cipher: ['Auth-SSL-Cipher', 'X-SSL-Cipher'],
  ssl_protocol: ['Auth-SSL-Protocol', 'X-SSL-Protocol'],
  ssl_serial: ['Auth-SSL-Serial'],
  ssl_fingerprint: ['Auth-SSL-Fingerprint'],
} as const;

export type HeaderField = keyof typeof DEFAULT_HEADERS;

/** Header names to try for each field, most important first; never empty. */
type HeaderNames = Readonly<Record<HeaderField, readonly string[]>>;

export const HEADER_FIELDS = Object.keys(DEFAULT_HEADERS) as readonly HeaderField[];

function headerField(field: HeaderField) {
  return z
    .string()
    .default('')
    .refine((value) => value === '' || isHttpToken(value), {
      error: 'must be the name of an HTTP header (RFC 9110 section 5.1)',
    })
    .describe(`Request header with ${field}; without it: ${DEFAULT_HEADERS[field].join(', ')}.`);
}

type HeaderShape = { [K in HeaderField]: ReturnType<typeof headerField> };

export const headersSchema = z.strictObject(
  Object.fromEntries(HEADER_FIELDS.map((field) => [field, headerField(field)])) as HeaderShape,
);

type HeadersConfig = z.output<typeof headersSchema>;

/** The configured name alone, or the default names when none is configured. */
export function headerNames(config: HeadersConfig): HeaderNames {
  const namesOf = (field: HeaderField): readonly string[] => (config[field] ? [config[field]] : DEFAULT_HEADERS[field]);
  return Object.fromEntries(HEADER_FIELDS.map((field) => [field, namesOf(field)])) as Record<
    HeaderField,
    readonly string[]
  >;
}
