/** Commands on sets. */
import { argument, atLeast, between, type CommandTable, exactly, fail, toInteger } from './command.ts';
import { scanOptions } from './keys.ts';
import type { Keyspace } from './keyspace.ts';

export const setCommands: CommandTable = {
  SADD: atLeast(2, (ks, [key = '', ...members]) => add(ks, key, members)),
  SREM: atLeast(2, (ks, [key = '', ...members]) => {
    const set = ks.get(key, 'set');
    const removed = members.filter((member) => set?.delete(member)).length;
    ks.prune(key);
    return removed;
  }),
  SISMEMBER: exactly(2, (ks, [key = '', member = '']) => (ks.get(key, 'set')?.has(member) ? 1 : 0)),
  SMISMEMBER: atLeast(2, (ks, [key = '', ...members]) => {
    const set = ks.get(key, 'set');
    return members.map((member) => (set?.has(member) ? 1 : 0));
  }),
  SMEMBERS: exactly(1, (ks, [key = '']) => [...(ks.get(key, 'set') ?? [])]),
  SCARD: exactly(1, (ks, [key = '']) => ks.get(key, 'set')?.size ?? 0),
  SPOP: between(1, 2, (ks, args) => {
    const key = argument(args, 0);
    const picked = pick(ks, key, args[1]);
    const set = ks.get(key, 'set');
    for (const member of Array.isArray(picked) ? picked : [picked]) if (member !== null) set?.delete(member);
    ks.prune(key);
    return picked;
  }),
  SRANDMEMBER: between(1, 2, (ks, args) => pick(ks, argument(args, 0), args[1])),
  SSCAN: atLeast(2, (ks, [key = '', cursor = '', ...words]) => {
    const { match } = scanOptions(words);
    const members = [...(ks.get(key, 'set') ?? [])].filter((member) => match.test(member));
    return ['0', toInteger(cursor, 'ERR invalid cursor') === 0 ? members : []];
  }),
};

function add(ks: Keyspace, key: string, members: readonly string[]): number {
  const set = ks.open(key, 'set');
  const before = set.size;
  for (const member of members) set.add(member);
  return set.size - before;
}

/** One random member without `count`; with it so many different ones, a negative count with repetitions. */
function pick(ks: Keyspace, key: string, count: string | undefined): string | null | string[] {
  const members = [...(ks.get(key, 'set') ?? [])];
  const random = () => members[Math.floor(Math.random() * members.length)];
  if (count === undefined) return random() ?? null;
  const wanted = toInteger(count);
  if (wanted < 0) {
    if (wanted < -10_000) fail('ERR value is out of range');
    return Array.from({ length: -wanted }, random).filter((member) => member !== undefined);
  }
  for (let i = members.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [members[i], members[j]] = [members[j] ?? '', members[i] ?? ''];
  }
  return members.slice(0, wanted);
}
