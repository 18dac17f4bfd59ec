/** Macros of LDAP filters: `%s`, `%{user}`, `%L{user}` (server.md 6.4). What they stand for, the backend knows. */

const NAMES = ['user', 'username', 'domain', 'service', 'local_ip', 'local_port', 'remote_ip', 'remote_port'] as const;

export type LdapMacro = (typeof NAMES)[number];

/** Letters before the brace: lower and upper case, reversed, trimmed. */
const MACRO = /%s|%([A-Za-z]*)\{([^{}]*)\}/g;
const MODIFIERS = /^[LURT]*$/;

/** Macros of a filter that nobody knows, as they stand there. */
export function unknownMacros(filter: string): readonly string[] {
  const unknown: string[] = [];
  for (const [macro, modifiers = '', name] of filter.matchAll(MACRO)) {
    if (name !== undefined && (!MODIFIERS.test(modifiers) || !isKnown(name))) unknown.push(macro);
  }
  return unknown;
}

/**
 * Puts values in place of macros, once: what a value contains is no macro. `fill` gets the name and the modifiers
 * (some of `L`, `U`, `R`, `T`) of each; macros that `unknownMacros` complains about stay as they are.
 */
export function expandMacros(filter: string, fill: (name: LdapMacro, modifiers: string) => string): string {
  return filter.replace(MACRO, (macro, modifiers: string | undefined, name: string | undefined) => {
    if (name === undefined) return fill('user', '');
    return isKnown(name) ? fill(name, modifiers ?? '') : macro;
  });
}

function isKnown(name: string): name is LdapMacro {
  return NAMES.some((known) => known === name);
}
