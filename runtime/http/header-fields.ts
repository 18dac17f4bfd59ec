/** Request headers as login fields: which header carries what, as configured. Values are byte strings already. */
import type { IncomingHttpHeaders } from 'node:http';
import { type Config, HEADER_FIELDS, type HeaderField, headerNames } from '../config/index.ts';
import { NO_TLS, type TlsFacts } from '../login/login.ts';

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
