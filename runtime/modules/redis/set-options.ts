/** The last argument of `redis_set`: seconds, or a table of options. */
import {
  type Argument,
  argumentError,
  entries,
  LuaTable,
  type LuaValue,
  numberOf,
  type Slot,
  textOf,
  typeMismatch,
} from '../../host/index.ts';

const LIFETIMES = ['ex', 'px', 'exat', 'pxat'];
const FLAGS = ['nx', 'xx', 'get', 'keepttl'];

/** The words of the command that say the same. */
export function setOptions(name: string): Argument<readonly (string | number)[]> {
  const take = (value: LuaValue, slot: Slot, count: number): readonly (string | number)[] => {
    if (value === undefined) return [];
    if (value instanceof LuaTable) return words(value, slot);
    const seconds = Math.trunc(numberOf(value) ?? typeMismatch('number', value, slot, count));
    return seconds > 0 ? ['EX', seconds] : [];
  };
  return Object.freeze({ name, type: 'number|table', optional: true, variadic: false, take });
}

function words(options: LuaTable, slot: Slot): readonly (string | number)[] {
  const all: (string | number)[] = [];
  for (const [key, value] of entries(options)) {
    const name = textOf(key).toLowerCase();
    if (LIFETIMES.includes(name)) all.push(name.toUpperCase(), lifetime(name, value, slot));
    else if (!FLAGS.includes(name)) argumentError(slot.index, slot.functionName, `unknown option '${name}'`);
    else if (typeof value !== 'boolean') argumentError(slot.index, slot.functionName, `option '${name}' is no boolean`);
    else if (value) all.push(name.toUpperCase());
  }
  return all;
}

function lifetime(name: string, value: LuaValue, slot: Slot): number {
  const number = numberOf(value);
  if (number === undefined) return argumentError(slot.index, slot.functionName, `option '${name}' is no number`);
  return Math.trunc(number);
}
