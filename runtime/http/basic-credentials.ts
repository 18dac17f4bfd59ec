/** HTTP basic authentication (RFC 7617): reading credentials, and comparing them with configured ones. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config/index.ts';
import { toUtf8String } from '../login/text.ts';

export interface BasicCredentials {
  readonly username: string;
  readonly password: string;
}

/** User and password of an `Authorization` header as byte strings; undefined when there are none or they are broken. */
export function readBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  const encoded = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? '')?.[1];
  if (encoded === undefined || encoded.length % 4 !== 0) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('latin1');
  const colon = pair.indexOf(':');
  if (colon < 0) return undefined;
  return { username: pair.slice(0, colon), password: pair.slice(colon + 1) };
}

/** Are these the credentials of `server.basic_auth`? Takes the same time whatever differs. */
export function isApiClient(credentials: BasicCredentials, config: Config): boolean {
  const { username, password } = config.server.basic_auth;
  if (username === '' || password.isEmpty) return false;
  const sameUser = sameText(toUtf8String(credentials.username), username);
  const samePassword = sameText(toUtf8String(credentials.password), password.reveal());
  return sameUser && samePassword;
}

/** Takes the same time wherever the two differ. */
export function sameText(left: string, right: string): boolean {
  return timingSafeEqual(createHash('sha256').update(left).digest(), createHash('sha256').update(right).digest());
}
