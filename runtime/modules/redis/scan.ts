/** Cursor and reply of SCAN. */
import { type Argument, type LuaValue, numberOf, type Slot, tableFromEntries, typeMismatch } from '../../host/index.ts';
import { type Convert, fromReply } from './values.ts';

/** 0 at first, then what the part before it gave; nil is 0. */
export const scanCursor: Argument<string> = Object.freeze({
  name: 'cursor',
  type: 'integer',
  optional: true,
  variadic: false,
  take: (value: LuaValue, slot: Slot, count: number) => {
    const cursor = value === undefined ? 0 : numberOf(value);
    const isCursor = Number.isSafeInteger(cursor) && Number(cursor) >= 0;
    return isCursor ? String(cursor) : typeMismatch('cursor', value, slot, count);
  },
});

/** `{ cursor, keys }`. */
export const fromScan: Convert = (reply) => {
  const [cursor, keys] = Array.isArray(reply) ? reply : [];
  return tableFromEntries([
    ['cursor', Number(cursor)],
    ['keys', fromReply(keys ?? [])],
  ]);
};
