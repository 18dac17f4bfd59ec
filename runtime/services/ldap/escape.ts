/** Escaping in filters and distinguished names. Texts are bytes, one per character. */

const hex = (character: string): string => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** A value for a filter: nothing in it means anything (RFC 4515 section 3). */
export function escapeFilterValue(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL and line breaks have to be escaped
  return value.replace(/[\u0000\r\n*()\\\u0080-\u00ff]/g, hex);
}

/** A value for a distinguished name: nothing in it means anything (RFC 4514 section 2.4). */
export function escapeDnValue(value: string): string {
  const escaped = value
    .replace(/[\\"+,;<>=]/g, '\\$&')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters have to be escaped
    .replace(/[\u0000-\u001f\u007f]/g, hex);
  const safeEnd = value.length > 1 && value.endsWith(' ') ? `${escaped.slice(0, -1)}\\ ` : escaped;
  return safeEnd.replace(/^[# ]/, '\\$&');
}
