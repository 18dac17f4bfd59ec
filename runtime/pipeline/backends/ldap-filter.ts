/** Filters of LDAP search blocks with what is asked for put in. */
import { expandMacros, type LdapMacro } from '../../config/index.ts';
import type { LoginInput } from '../../login/login.ts';
import { fromUtf8, toUtf8String } from '../../login/text.ts';
import { escapeFilterValue } from '../../services/index.ts';

/** What the macros of a filter can speak of; byte strings. */
export type FilterInput = Pick<LoginInput, 'protocol' | 'localIp' | 'localPort' | 'client'>;

/** The filter as bytes. No value means anything in it but itself (RFC 4515 section 3). */
export function fillFilter(template: string, username: string, input: FilterInput): string {
  const fill = (name: LdapMacro, modifiers: string): string =>
    escapeFilterValue(modify(valueFor(name, username, input), modifiers));
  return expandMacros(fromUtf8(template), fill);
}

function valueFor(name: LdapMacro, username: string, { protocol, localIp, localPort, client }: FilterInput): string {
  const [local = '', domain, ...more] = username.split('@');
  const isAddress = domain !== undefined && more.length === 0;
  switch (name) {
    case 'user':
      return username;
    case 'username':
      return isAddress ? local : username;
    case 'domain':
      return isAddress ? domain : '';
    case 'service':
      return protocol;
    case 'local_ip':
      return localIp;
    case 'local_port':
      return localPort;
    case 'remote_ip':
      return client.ip;
    case 'remote_port':
      return client.port;
  }
}

/** Trimmed, then in lower or upper case (the first of both letters wins), then reversed. */
function modify(bytes: string, modifiers: string): string {
  if (modifiers === '') return bytes;
  let text = toUtf8String(bytes);
  if (modifiers.includes('T')) text = text.trim();
  const letterCase = /[LU]/.exec(modifiers)?.[0];
  if (letterCase === 'L') text = text.toLowerCase();
  if (letterCase === 'U') text = text.toUpperCase();
  if (modifiers.includes('R')) text = [...text].reverse().join('');
  return fromUtf8(text);
}
