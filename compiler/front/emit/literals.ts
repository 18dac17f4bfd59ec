/** Constants as JavaScript text: nothing of the input passes unescaped. */

/** A string literal of printable ASCII for a string of char codes 0-255. */
export function stringLiteral(text: string): string {
  return `"${text.replace(/[^ !#-[\]-~]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    case '\n':
      return '\\n';
    default:
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }
}

export function numberLiteral(value: number): string {
  if (Object.is(value, -0)) return '(-0)';
  return value < 0 ? `(${value})` : String(value);
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `.name` or `["odd name"]`. */
export function propertyAccess(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${stringLiteral(name)}]`;
}

/** May the key be a property of a table's string part (runtime/engine/table.ts has the same rule)? */
export function isPropertyName(name: string): boolean {
  return !/^[0-9]/.test(name);
}

/** Any text as part of a JavaScript identifier. */
export function identifierPart(text: string): string {
  return text.replace(/[^A-Za-z0-9_]/g, '_');
}
