/** Values of PostgreSQL from their text form, by the type of their column (its OID). */
import { toBytes, unixTime } from '../text.ts';
import type { SqlValue } from '../types.ts';

const BOOLEAN = 16;
const BYTES = 17;
/** int8, int2, int4, float4, float8. */
const NUMBERS = new Set([20, 21, 23, 700, 701]);
/** date, time, timestamp, timestamptz, timetz. */
const TIMES = new Set([1082, 1083, 1114, 1184, 1266]);
/** Arrays of the types that come with the server. */
const ARRAYS = new Set(
  [
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1014, 1015, 1016, 1021, 1022, 1028, 1040, 1041, 1115, 1182,
    1183,
  ].concat([
    1185, 1187, 1231, 1270, 1561, 1563, 199, 2951, 3643, 3807, 3905, 3907, 3909, 3911, 3913, 3927, 143, 651, 791,
  ]),
);

/** Types without a rule stay text. */
export function fromText(text: string | null, type: number): SqlValue {
  if (text === null) return null;
  if (type === BOOLEAN) return text === 't';
  if (NUMBERS.has(type)) return Number(text.replace(/^(-?)inf/i, '$1Inf'));
  if (TIMES.has(type)) return unixTime(text) ?? toBytes(text);
  if (type === BYTES && text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex').toString('latin1');
  if (ARRAYS.has(type)) return readArray(text) ?? toBytes(text);
  return toBytes(text);
}

const ELEMENT = /"((?:[^"\\]|\\.)*)"|([^",{}\s\\][^",{}\\]*)/y;

/** The elements of a one-dimensional array without NULL, as texts; undefined for any other. */
function readArray(text: string): readonly string[] | undefined {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  const elements: string[] = [];
  const element = new RegExp(ELEMENT);
  element.lastIndex = 1;
  while (element.lastIndex < text.length - 1) {
    const [, quoted, plain] = element.exec(text) ?? [];
    if ((quoted === undefined && plain === undefined) || plain?.toUpperCase() === 'NULL') return undefined;
    elements.push(toBytes(quoted === undefined ? plain! : quoted.replace(/\\(.)/gs, '$1')));
    if (element.lastIndex === text.length - 1) break;
    if (text[element.lastIndex] !== ',') return undefined;
    element.lastIndex += 1;
  }
  return elements;
}
