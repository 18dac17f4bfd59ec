/** What a search has found, by attribute. */
import { fromUtf8 } from '../../login/text.ts';
import type { LdapEntry } from './index.ts';

/**
 * Values of all entries together, under the names as they were requested, whatever their case at the server; `dn` has the
 * names of the entries. Attributes without values are absent. Names and values are byte strings.
 */
export function valuesByName(
  found: readonly LdapEntry[],
  requested: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const wanted = new Map(requested.map((name) => [name.toLowerCase(), name]));
  const takesAll = requested.length === 0 || wanted.has('*') || wanted.has('+');
  const lists = new Map<string, string[]>();
  const append = (name: string, values: readonly string[]): void => {
    const list = lists.get(name);
    if (list === undefined) lists.set(name, [...values]);
    else for (const value of values) list.push(value);
  };
  for (const { dn, attributes } of found) {
    append('dn', [fromUtf8(dn)]);
    for (const [name, values] of attributes) {
      const shown = wanted.get(name.toLowerCase()) ?? (takesAll ? name : undefined);
      if (shown === undefined || shown === 'dn' || values.length === 0) continue;
      append(
        fromUtf8(shown),
        values.map((value) => value.toString('latin1')),
      );
    }
  }
  return lists;
}
