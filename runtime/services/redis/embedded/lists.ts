/** Commands on lists. */
import { argument, atLeast, between, type CommandTable, exactly, fail, range, toInteger } from './command.ts';
import type { Keyspace } from './keyspace.ts';

export const listCommands: CommandTable = {
  LPUSH: atLeast(2, (ks, [key = '', ...values]) => ks.open(key, 'list').unshift(...values.toReversed())),
  RPUSH: atLeast(2, (ks, [key = '', ...values]) => ks.open(key, 'list').push(...values)),
  LPUSHX: atLeast(2, (ks, [key = '', ...values]) => ks.get(key, 'list')?.unshift(...values.toReversed()) ?? 0),
  RPUSHX: atLeast(2, (ks, [key = '', ...values]) => ks.get(key, 'list')?.push(...values) ?? 0),
  LPOP: between(1, 2, (ks, args) => pop(ks, args, (list, count) => list.splice(0, count))),
  RPOP: between(1, 2, (ks, args) =>
    pop(ks, args, (list, count) => list.splice(Math.max(0, list.length - count), count).reverse()),
  ),
  LLEN: exactly(1, (ks, [key = '']) => ks.get(key, 'list')?.length ?? 0),
  LINDEX: exactly(2, (ks, [key = '', index = '']) => {
    const list = ks.get(key, 'list');
    return list?.at(toInteger(index)) ?? null;
  }),
  LRANGE: exactly(3, (ks, [key = '', start = '', stop = '']) => {
    const select = range(start, stop);
    return select(ks.get(key, 'list') ?? []);
  }),
  LTRIM: exactly(3, (ks, [key = '', start = '', stop = '']) => {
    const select = range(start, stop);
    const list = ks.get(key, 'list') ?? [];
    list.splice(0, list.length, ...select(list));
    ks.prune(key);
    return 'OK';
  }),
  LSET: exactly(3, (ks, [key = '', index = '', value = '']) => {
    const list = ks.get(key, 'list') ?? fail('ERR no such key');
    const position = toInteger(index);
    const from = position < 0 ? position + list.length : position;
    if (from < 0 || from >= list.length) fail('ERR index out of range');
    list[from] = value;
    return 'OK';
  }),
  LREM: exactly(3, (ks, [key = '', count = '', value = '']) => remove(ks, key, toInteger(count), value)),
  RPOPLPUSH: exactly(2, (ks, [from = '', to = '']) => {
    ks.get(to, 'list');
    const value = ks.get(from, 'list')?.pop();
    if (value === undefined) return null;
    ks.open(to, 'list').unshift(value);
    ks.prune(from);
    return value;
  }),
};

function pop(
  ks: Keyspace,
  args: readonly string[],
  take: (list: string[], count: number) => string[],
): string | null | readonly string[] {
  const key = argument(args, 0);
  const count = args[1] === undefined ? 1 : toInteger(args[1], 'ERR value is out of range, must be positive');
  if (count < 0) fail('ERR value is out of range, must be positive');
  const list = ks.get(key, 'list');
  if (list === undefined) return null;
  const taken = take(list, count);
  ks.prune(key);
  return args[1] === undefined ? (taken[0] ?? null) : taken;
}

/** Removes `count` equal elements from the front, from the back when negative, all when 0. */
function remove(ks: Keyspace, key: string, count: number, value: string): number {
  const list = ks.get(key, 'list');
  if (list === undefined) return 0;
  const positions = list.flatMap((item, index) => (item === value ? [index] : []));
  const doomed = new Set(count === 0 ? positions : count > 0 ? positions.slice(0, count) : positions.slice(count));
  const kept = list.filter((_, index) => !doomed.has(index));
  list.splice(0, list.length, ...kept);
  ks.prune(key);
  return doomed.size;
}
