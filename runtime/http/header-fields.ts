/** Request headers as login fields: which header carries what, as configured. Values are byte strings already. */
import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import { type Config, HEADER_FIELDS, type HeaderField, headerNames } from '../config/index.ts';
import { NO_TLS, type TlsFacts } from '../login/login.ts';
import type { Parameter } from './description.ts';
import { USERNAME_SCHEMA } from './read-query.ts';

interface FieldDescription {
  readonly description: string;
  readonly schema?: z.ZodType;
}

const FIELDS: Readonly<Record<HeaderField, FieldDescription>> = {
  username: { description: 'Who logs in; needed for everything but a list of accounts.', schema: USERNAME_SCHEMA },
  password: { description: 'The password, as bytes.' },
  password_encoded: {
    description: '`1`: the password is URL-safe base64 (RFC 4648 section 5).',
    schema: z.literal('1'),
  },
  protocol: { description: 'What is logged in to: imap, smtp, …' },
  login_attempt: { description: 'Which attempt of the connection this is.', schema: z.int().min(0).max(255) },
  auth_method: { description: 'SASL mechanism.' },
  local_ip: { description: 'Address that the client has connected to.' },
  local_port: { description: 'Port that the client has connected to.' },
  client_ip: { description: 'Address of the client; the peer, or whom a trusted proxy names, without it.' },
  client_port: { description: 'Port of the client.' },
  client_host: { description: 'Name of the client in DNS.' },
  client_id: { description: 'What the client calls itself.' },
  ssl: { description: 'Not empty, `off`, `0` or `false`: the client has connected over TLS.' },
  ssl_session_id: { description: 'TLS session of the client.' },
  ssl_verify: { description: 'What came of the client certificate.' },
  ssl_subject: { description: 'Subject of the client certificate.' },
  ssl_client_cn: { description: 'Common name of the client certificate.' },
  ssl_issuer: { description: 'Issuer of the client certificate.' },
  ssl_client_not_before: { description: 'When the client certificate begins to be valid.' },
  ssl_client_not_after: { description: 'When the client certificate ends to be valid.' },
  ssl_subject_dn: { description: 'Subject, as a distinguished name.' },
  ssl_issuer_dn: { description: 'Issuer, as a distinguished name.' },
  ssl_client_subject_dn: { description: 'Subject of the client certificate, as a distinguished name.' },
  ssl_client_issuer_dn: { description: 'Issuer of the client certificate, as a distinguished name.' },
  ssl_cipher: { description: 'Cipher of the TLS connection.' },
  ssl_protocol: { description: 'Version of TLS.' },
  ssl_serial: { description: 'Serial number of the client certificate.' },
  ssl_fingerprint: { description: 'Fingerprint of the client certificate.' },
};

/** The headers of the fields under a configuration, for the document. */
export function headerParameters(
  { server }: Config,
  wanted: readonly HeaderField[] = HEADER_FIELDS,
): readonly Parameter[] {
  const names = headerNames(server.default_http_request_header);
  return wanted.flatMap((field) => {
    const { description, schema = z.string() } = FIELDS[field];
    return names[field].map((name) => ({ name, in: 'header' as const, description, schema }));
  });
}

/** Reads the headers of requests under one configuration. */
export class HeaderFields {
  /** Names in lower case, as Node has them. */
  readonly #names: ReadonlyMap<HeaderField, readonly string[]>;
  readonly #tlsNames: readonly string[];

  constructor(config: Config) {
    const names = headerNames(config.server.default_http_request_header);
    this.#names = new Map(HEADER_FIELDS.map((field) => [field, names[field].map((name) => name.toLowerCase())]));
    this.#tlsNames = HEADER_FIELDS.filter((field) => field.startsWith('ssl')).flatMap((field) => this.#namesOf(field));
  }

  /** First non-empty header of the field, '' without one. */
  read(headers: IncomingHttpHeaders, field: HeaderField): string {
    for (const name of this.#namesOf(field)) {
      const value = headers[name];
      if (typeof value === 'string' && value !== '') return value;
    }
    return '';
  }

  #namesOf(field: HeaderField): readonly string[] {
    return this.#names.get(field) ?? [];
  }

  /** What the front end says about the client's TLS connection; most requests say nothing. */
  readTls(headers: IncomingHttpHeaders, forwardedTls: boolean): TlsFacts {
    if (!this.#tlsNames.some((name) => headers[name] !== undefined)) {
      return forwardedTls ? { ...NO_TLS, ssl: 'on' } : NO_TLS;
    }
    const read = (field: HeaderField): string => this.read(headers, field);
    return {
      ssl: read('ssl') || (forwardedTls ? 'on' : ''),
      sessionId: read('ssl_session_id'),
      clientVerify: read('ssl_verify'),
      clientDn: read('ssl_subject'),
      clientCn: read('ssl_client_cn'),
      issuer: read('ssl_issuer'),
      clientNotBefore: read('ssl_client_not_before'),
      clientNotAfter: read('ssl_client_not_after'),
      subjectDn: read('ssl_subject_dn'),
      issuerDn: read('ssl_issuer_dn'),
      clientSubjectDn: read('ssl_client_subject_dn'),
      clientIssuerDn: read('ssl_client_issuer_dn'),
      protocol: read('ssl_protocol'),
      cipher: read('ssl_cipher'),
      serial: read('ssl_serial'),
      fingerprint: read('ssl_fingerprint'),
    };
  }
}

const readers = new WeakMap<Config, HeaderFields>();

/** The reader of a configuration; made once. */
export function headerFieldsOf(config: Config): HeaderFields {
  let reader = readers.get(config);
  if (!reader) {
    reader = new HeaderFields(config);
    readers.set(config, reader);
  }
  return reader;
}
