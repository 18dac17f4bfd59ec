/** Values between Lua and Redis (scalars as Redis texts, replies as Lua values). */
import { LuaTable, type LuaValue, rawSet, tableFromArray, typeName } from '../../host/index.ts';
import { RedisError, type RedisReply } from '../../services/index.ts';

/** A value that Redis cannot store; the text is the second result of the command. */
export class UnusableValue extends Error {}

/** The error text of a missing key. */
export const NIL_REPLY = 'redis: nil';

/** A reply as one Lua value. Throws RedisError or UnusableValue where the script gets nil and a text. */
export type Convert = (reply: RedisReply) => LuaValue;

/** For commands with a variable number of arguments that got a wrong one. */
export function invalidCount(): never {
  throw new UnusableValue('Invalid number of arguments');
}

/** Text, number without exponent, 1 or 0 for booleans, an empty text for nil. Throws `UnusableValue`. */
export function redisValue(value: LuaValue): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      return plainDecimal(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'undefined':
      return '';
    default:
      throw new UnusableValue(`unable to convert Lua value of type ${typeName(value)}`);
  }
}

/** The shortest digits that read back as the same number, never with an exponent. */
function plainDecimal(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : `${value > 0 ? '+' : '-'}Inf`;
  if (Object.is(value, -0)) return '-0';
  const match = /^(-?)([0-9])(?:\.([0-9]+))?e([+-][0-9]+)$/.exec(String(value));
  if (match === null) return String(value);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const digits = whole + fraction;
  const exponent = Number(power);
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}

/** A reply as one Lua value; nil replies inside lists are left out. A nil reply throws RedisError `redis: nil`. */
export function fromReply(reply: RedisReply): LuaValue {
  if (reply === null) throw new RedisError(NIL_REPLY);
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  return tableFromArray(reply.filter((each) => each !== null).map(fromReply));
}

/** 1 is true. */
export const asYes: Convert = (reply) => reply === 1;

/** A number, also one that Redis sends as text; a nil reply throws like `fromReply`. */
export const asNumber: Convert = (reply) => (reply === null ? fromReply(null) : numberOf(String(reply)));

/** A flat list of names and values as a table. */
export const fromHash: Convert = (reply) => {
  const fields = new LuaTable();
  if (!Array.isArray(reply)) return fields;
  for (let at = 0; at + 1 < reply.length; at += 2) rawSet(fields, String(reply[at]), String(reply[at + 1]));
  return fields;
};

/** Values by the names that were asked for; what is missing is left out. */
export function byName(names: readonly string[]): Convert {
  return (reply) => {
    const values = new LuaTable();
    if (!Array.isArray(reply)) return values;
    for (const [at, name] of names.entries()) if (reply[at] !== null) rawSet(values, name, String(reply[at]));
    return values;
  };
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const FALSE = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);
const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/** Read a string reply as a type that the script names; an empty string is nil. */
export function typedReply(type = 'string'): Convert {
  return (reply) => {
    if (reply === null) throw new RedisError(NIL_REPLY);
    const text = String(reply);
    return text === '' ? undefined : typedText(text, type);
  };
}

function typedText(text: string, type: string): LuaValue {
  switch (type) {
    case 'string':
      return text;
    case 'number':
      return numberOf(text);
    case 'bool':
      return booleanOf(text);
    case 'nil':
      return undefined;
    default:
      throw new UnusableValue(`unable to convert string command of type ${type}`);
  }
}

function numberOf(text: string): number {
  const special = SPECIAL_NUMBERS[text.toLowerCase()];
  if (special !== undefined) return special;
  if (!NUMBER.test(text)) throw new UnusableValue(`strconv.ParseFloat: parsing "${text}": invalid syntax`);
  return Number(text);
}

function booleanOf(text: string): boolean {
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw new UnusableValue(`strconv.ParseBool: parsing "${text}": invalid syntax`);
}
