/** Commands on hashes. */
import {
  argument,
  atLeast,
  type CommandTable,
  exactly,
  fail,
  fromFloat,
  pairs,
  toFloat,
  toInteger,
} from './command.ts';
import { scanOptions } from './keys.ts';
import type { Keyspace } from './keyspace.ts';

export const hashCommands: CommandTable = {
  HGET: exactly(2, (ks, [key = '', field = '']) => ks.get(key, 'hash')?.get(field) ?? null),
  HSET: atLeast(3, (ks, args) => setFields(ks, args, 'hset')),
  HMSET: atLeast(3, (ks, args) => {
    setFields(ks, args, 'hmset');
    return 'OK';
  }),
  HSETNX: exactly(3, (ks, [key = '', field = '', value = '']) => {
    if (ks.get(key, 'hash')?.has(field)) return 0;
    ks.open(key, 'hash').set(field, value);
    return 1;
  }),
  HMGET: atLeast(2, (ks, [key = '', ...fields]) => {
    const hash = ks.get(key, 'hash');
    return fields.map((field) => hash?.get(field) ?? null);
  }),
  HGETALL: exactly(1, (ks, [key = '']) => [...(ks.get(key, 'hash') ?? [])].flat()),
  HKEYS: exactly(1, (ks, [key = '']) => [...(ks.get(key, 'hash')?.keys() ?? [])]),
  HVALS: exactly(1, (ks, [key = '']) => [...(ks.get(key, 'hash')?.values() ?? [])]),
  HLEN: exactly(1, (ks, [key = '']) => ks.get(key, 'hash')?.size ?? 0),
  HSTRLEN: exactly(2, (ks, [key = '', field = '']) => ks.get(key, 'hash')?.get(field)?.length ?? 0),
  HEXISTS: exactly(2, (ks, [key = '', field = '']) => (ks.get(key, 'hash')?.has(field) ? 1 : 0)),
  HDEL: atLeast(2, (ks, [key = '', ...fields]) => {
    const hash = ks.get(key, 'hash');
    const removed = fields.filter((field) => hash?.delete(field)).length;
    ks.prune(key);
    return removed;
  }),
  HINCRBY: exactly(3, (ks, [key = '', field = '', by = '']) => {
    const step = toInteger(by);
    const before = ks.get(key, 'hash')?.get(field) ?? '0';
    const sum = toInteger(before, 'ERR hash value is not an integer') + step;
    if (!Number.isSafeInteger(sum)) fail('ERR increment or decrement would overflow');
    ks.open(key, 'hash').set(field, String(sum));
    return sum;
  }),
  HINCRBYFLOAT: exactly(3, (ks, [key = '', field = '', by = '']) => {
    const step = toFloat(by);
    const before = ks.get(key, 'hash')?.get(field) ?? '0';
    const sum = toFloat(before, 'ERR hash value is not a float') + step;
    if (!Number.isFinite(sum)) fail('ERR increment would produce NaN or Infinity');
    ks.open(key, 'hash').set(field, fromFloat(sum));
    return fromFloat(sum);
  }),
  HSCAN: atLeast(2, (ks, [key = '', cursor = '', ...words]) => {
    const { match } = scanOptions(words);
    const fields = [...(ks.get(key, 'hash') ?? [])].filter(([field]) => match.test(field));
    return ['0', toInteger(cursor, 'ERR invalid cursor') === 0 ? fields.flat() : []];
  }),
};

function setFields(ks: Keyspace, args: readonly string[], command: string): number {
  const fields = pairs(args.slice(1), command);
  const hash = ks.open(argument(args, 0), 'hash');
  const before = hash.size;
  for (const [field, value] of fields) hash.set(field, value);
  return hash.size - before;
}
