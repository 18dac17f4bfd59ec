/** Commands on strings. */
import {
  argument,
  atLeast,
  between,
  type CommandTable,
  exactly,
  fail,
  fromFloat,
  NOT_AN_INTEGER,
  pairs,
  SYNTAX_ERROR,
  toFloat,
  toInteger,
} from './command.ts';
import type { Keyspace } from './keyspace.ts';

export const stringCommands: CommandTable = {
  GET: exactly(1, (ks, [key = '']) => ks.get(key, 'string') ?? null),
  SET: atLeast(2, set),
  SETNX: exactly(2, (ks, [key = '', value = '']) => (ks.has(key) ? 0 : store(ks, key, value, 1))),
  SETEX: exactly(3, (ks, [key = '', ttl = '', value = '']) => setFor(ks, key, value, 'setex', 1000 * toInteger(ttl))),
  PSETEX: exactly(3, (ks, [key = '', ttl = '', value = '']) => setFor(ks, key, value, 'psetex', toInteger(ttl))),
  GETSET: exactly(2, (ks, [key = '', value = '']) => store(ks, key, value, ks.get(key, 'string') ?? null)),
  GETDEL: exactly(1, (ks, [key = '']) => {
    const value = ks.get(key, 'string') ?? null;
    ks.delete(key);
    return value;
  }),
  MGET: atLeast(1, (ks, keys) =>
    keys.map((key) => (ks.typeOf(key) === 'string' ? (ks.get(key, 'string') ?? null) : null)),
  ),
  MSET: atLeast(2, (ks, args) => {
    for (const [key, value] of pairs(args, 'mset')) ks.put(key, 'string', value);
    return 'OK';
  }),
  APPEND: exactly(2, (ks, [key = '', value = '']) => {
    const whole = (ks.get(key, 'string') ?? '') + value;
    ks.put(key, 'string', whole, 'keepTtl');
    return whole.length;
  }),
  STRLEN: exactly(1, (ks, [key = '']) => ks.get(key, 'string')?.length ?? 0),
  GETRANGE: exactly(3, (ks, [key = '', start = '', stop = '']) => {
    const from = toInteger(start);
    const to = toInteger(stop);
    const value = ks.get(key, 'string') ?? '';
    const first = Math.max(0, from < 0 ? from + value.length : from);
    return value.slice(first, Math.max(0, to < 0 ? to + value.length : to) + 1);
  }),
  INCR: exactly(1, (ks, [key = '']) => increase(ks, key, 1)),
  DECR: exactly(1, (ks, [key = '']) => increase(ks, key, -1)),
  INCRBY: exactly(2, (ks, [key = '', by = '']) => increase(ks, key, toInteger(by))),
  DECRBY: exactly(2, (ks, [key = '', by = '']) => increase(ks, key, -toInteger(by))),
  INCRBYFLOAT: exactly(2, (ks, [key = '', by = '']) => {
    const before = toFloat(ks.get(key, 'string') ?? '0');
    const sum = before + toFloat(by);
    if (!Number.isFinite(sum)) fail('ERR increment would produce NaN or Infinity');
    ks.put(key, 'string', fromFloat(sum), 'keepTtl');
    return fromFloat(sum);
  }),
  GETEX: between(1, 3, (ks, args) => {
    const key = argument(args, 0);
    const value = ks.get(key, 'string') ?? null;
    const options = readSetOptions(ks, args.slice(1), 'getex', GETEX_WORDS);
    if (options.persist) ks.expireAt(key, undefined);
    if (options.expiresAt !== undefined) ks.expireAt(key, options.expiresAt);
    return value;
  }),
};

function store<T extends string | number | null>(ks: Keyspace, key: string, value: string, reply: T): T {
  ks.put(key, 'string', value);
  return reply;
}

function setFor(ks: Keyspace, key: string, value: string, command: string, ms: number): string {
  if (ms <= 0) fail(`ERR invalid expire time in '${command}' command`);
  ks.put(key, 'string', value);
  ks.expireAt(key, ks.now() + ms);
  return 'OK';
}

function increase(ks: Keyspace, key: string, by: number): number {
  const sum = toInteger(ks.get(key, 'string') ?? '0') + by;
  if (!Number.isSafeInteger(sum)) fail(NOT_AN_INTEGER);
  ks.put(key, 'string', String(sum), 'keepTtl');
  return sum;
}

interface SetOptions {
  expiresAt: number | undefined;
  keepTtl: boolean;
  persist: boolean;
  onlyIf: 'absent' | 'present' | undefined;
  get: boolean;
}

const SET_WORDS = new Set(['NX', 'XX', 'GET', 'KEEPTTL', 'EX', 'PX', 'EXAT', 'PXAT']);
const GETEX_WORDS = new Set(['PERSIST', 'EX', 'PX', 'EXAT', 'PXAT']);

function set(ks: Keyspace, args: readonly string[]): string | null {
  const key = argument(args, 0);
  const options = readSetOptions(ks, args.slice(2), 'set', SET_WORDS);
  const before = options.get ? (ks.get(key, 'string') ?? null) : null;
  const exists = ks.has(key);
  const isRefused = options.onlyIf !== undefined && exists !== (options.onlyIf === 'present');
  if (isRefused) return before;
  ks.put(key, 'string', argument(args, 1), options.keepTtl ? 'keepTtl' : undefined);
  if (options.expiresAt !== undefined) ks.expireAt(key, options.expiresAt);
  return options.get ? before : 'OK';
}

function readSetOptions(
  ks: Keyspace,
  words: readonly string[],
  command: string,
  allowed: ReadonlySet<string>,
): SetOptions {
  const options: SetOptions = { expiresAt: undefined, keepTtl: false, persist: false, onlyIf: undefined, get: false };
  let lifetimes = 0;
  for (let i = 0; i < words.length; i++) {
    const word = argument(words, i).toUpperCase();
    if (!allowed.has(word)) fail(SYNTAX_ERROR);
    if (word === 'NX' || word === 'XX') {
      if (options.onlyIf !== undefined) fail(SYNTAX_ERROR);
      options.onlyIf = word === 'NX' ? 'absent' : 'present';
    } else if (word === 'GET') options.get = true;
    else {
      lifetimes++;
      if (word === 'KEEPTTL') options.keepTtl = true;
      else if (word === 'PERSIST') options.persist = true;
      else options.expiresAt = moment(ks, word, argument(words, ++i), command);
    }
  }
  return lifetimes > 1 ? fail(SYNTAX_ERROR) : options;
}

function moment(ks: Keyspace, word: string, text: string, command: string): number {
  const value = toInteger(text);
  if (value <= 0) fail(`ERR invalid expire time in '${command}' command`);
  const ms = word.startsWith('EX') ? value * 1000 : value;
  return word.endsWith('AT') ? ms : ks.now() + ms;
}
