/** What plain YAML 1.1 scalars mean, as yaml.v2 resolves them. All texts are byte strings. */

export type ScalarKind = 'null' | 'bool' | 'int' | 'float' | 'timestamp' | 'str';

export interface Resolved {
  readonly kind: ScalarKind;
  /** Undefined for null, for timestamps, and for integers between 2^63 and 2^64, which the reference drops. */
  readonly value: boolean | number | string | undefined;
}

const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const NULL = new Set(['', '~', 'null', 'Null', 'NULL']);
const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, Number.NEGATIVE_INFINITY] as const),
]);

const INTEGER = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)?$/;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

export function resolvePlain(text: string): Resolved {
  if (NULL.has(text)) return { kind: 'null', value: undefined };
  if (TRUE.has(text)) return { kind: 'bool', value: true };
  if (FALSE.has(text)) return { kind: 'bool', value: false };
  const special = SPECIAL_FLOATS.get(text);
  if (special !== undefined) return { kind: 'float', value: special };
  if (!/^[0-9.+-]/.test(text)) return { kind: 'str', value: text };
  if (TIMESTAMP.test(text)) return { kind: 'timestamp', value: text };
  return resolveNumber(text.replaceAll('_', '')) ?? { kind: 'str', value: text };
}

function resolveNumber(text: string): Resolved | undefined {
  const match = INTEGER.exec(text);
  if (match !== null) return resolveInteger(match[1] === '-', match[2]!);
  return FLOAT.test(text) ? { kind: 'float', value: Number(text) } : undefined;
}

const INT64_LIMIT = 1n << 63n;
const UINT64_LIMIT = 1n << 64n;

function resolveInteger(isNegative: boolean, digits: string): Resolved {
  const isOctal = /^0[0-7]+$/.test(digits);
  const size = BigInt(isOctal ? `0o${digits.slice(1)}` : digits.toLowerCase());
  if (size < INT64_LIMIT || (isNegative && size === INT64_LIMIT)) {
    return { kind: 'int', value: isNegative ? -Number(size) + 0 : Number(size) };
  }
  if (!isNegative && size < UINT64_LIMIT) return { kind: 'int', value: undefined };
  return { kind: 'float', value: isNegative ? -Number(size) : Number(size) };
}

/** Would the plain text be read as the same text? */
export function readsAsText(text: string): boolean {
  return resolvePlain(text).kind === 'str' && !SEXAGESIMAL.test(text);
}
