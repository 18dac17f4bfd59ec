/** Result attributes of a login: name → list of values, and the rules by which filters may change them. */

/** What an attribute value can be once it has left Lua; strings are byte strings. */
export type AttributeValue = string | number | boolean | AttributeMap | readonly AttributeValue[];

export interface AttributeMap {
  readonly [name: string]: AttributeValue;
}

export type Attributes = ReadonlyMap<string, readonly AttributeValue[]>;

export const NO_ATTRIBUTES: Attributes = new Map();

/** First value of an attribute if it is a string, else '': how account, display name and unique id are read. */
export function firstText(attributes: Attributes, name: string): string {
  if (name === '') return '';
  const value = attributes.get(name)?.[0];
  return typeof value === 'string' ? value : '';
}
