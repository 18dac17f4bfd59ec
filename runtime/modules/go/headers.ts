/** What may stand in HTTP headers, and the one that says who is asking. Byte strings. */
import { toBuffer } from '../../host/index.ts';

/** Without line breaks, which would begin another header (RFC 9110 section 5.5). */
export function isHeaderValue(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return !/[\0-\x08\x0a-\x1f\x7f]/.test(text);
}

/** Value of the header Authorization (RFC 7617). */
export function basicCredentials(user: string, password: string): string {
  return `Basic ${toBuffer(`${user}:${password}`).toString('base64')}`;
}
