/** Commands on keys whatever their type, and on the store as a whole. */
import {
  argument,
  atLeast,
  between,
  type CommandTable,
  exactly,
  fail,
  globPattern,
  SYNTAX_ERROR,
  toInteger,
} from './command.ts';
import type { Keyspace } from './keyspace.ts';

export const keyCommands: CommandTable = {
  DEL: atLeast(1, (ks, keys) => keys.filter((key) => ks.delete(key)).length),
  UNLINK: atLeast(1, (ks, keys) => keys.filter((key) => ks.delete(key)).length),
  EXISTS: atLeast(1, (ks, keys) => keys.filter((key) => ks.has(key)).length),
  TYPE: exactly(1, (ks, [key = '']) => typeName(ks, key)),
  EXPIRE: between(2, 3, (ks, args) => expire(ks, args, 'expire', (value) => ks.now() + 1000 * value)),
  PEXPIRE: between(2, 3, (ks, args) => expire(ks, args, 'pexpire', (value) => ks.now() + value)),
  EXPIREAT: between(2, 3, (ks, args) => expire(ks, args, 'expireat', (value) => 1000 * value)),
  PEXPIREAT: between(2, 3, (ks, args) => expire(ks, args, 'pexpireat', (value) => value)),
  PERSIST: exactly(1, (ks, [key = '']) => {
    if (ks.expiry(key) === undefined) return 0;
    ks.expireAt(key, undefined);
    return 1;
  }),
  TTL: exactly(1, (ks, [key = '']) => remaining(ks, key, (ms) => Math.floor((ms + 500) / 1000))),
  PTTL: exactly(1, (ks, [key = '']) => remaining(ks, key, Math.floor)),
  RENAME: exactly(2, (ks, [from = '', to = '']) => (ks.rename(from, to) ? 'OK' : fail('ERR no such key'))),
  RENAMENX: exactly(2, (ks, [from = '', to = '']) => {
    if (!ks.has(from)) fail('ERR no such key');
    if (ks.has(to)) return 0;
    ks.rename(from, to);
    return 1;
  }),
  KEYS: exactly(1, (ks, [pattern = '']) => {
    const glob = globPattern(pattern);
    return ks.keys().filter((key) => glob.test(key));
  }),
  SCAN: atLeast(1, (ks, args) => {
    const { match, type } = scanOptions(args.slice(1));
    const isWanted = (key: string) => match.test(key) && (type === undefined || typeName(ks, key) === type);
    // Everything in one answer: the guarantee of SCAN (each key that stays is returned) holds trivially.
    return ['0', toInteger(argument(args, 0), 'ERR invalid cursor') === 0 ? ks.keys().filter(isWanted) : []];
  }),
  DBSIZE: exactly(0, (ks) => ks.keys().length),
  FLUSHDB: between(0, 1, flush),
  FLUSHALL: between(0, 1, flush),
  PING: between(0, 1, (_, [text]) => text ?? 'PONG'),
  ECHO: exactly(1, (_, [text = '']) => text),
  SELECT: exactly(1, (_, [index = '']) => (toInteger(index) === 0 ? 'OK' : fail('ERR DB index is out of range'))),
  TIME: exactly(0, (ks) => [String(Math.floor(ks.now() / 1000)), String(Math.floor((ks.now() % 1000) * 1000))]),
  INFO: between(0, 1, () => '# Server\r\nredis_mode:embedded\r\n'),
};

/** To the outside a HyperLogLog is a string. */
function typeName(ks: Keyspace, key: string): string {
  const type = ks.typeOf(key) ?? 'none';
  return type === 'hyperloglog' ? 'string' : type;
}

function flush(ks: Keyspace): string {
  ks.clear();
  return 'OK';
}

/** -2: no such key, -1: lives for ever. */
function remaining(ks: Keyspace, key: string, unit: (ms: number) => number): number {
  if (!ks.has(key)) return -2;
  const end = ks.expiry(key);
  return end === undefined ? -1 : unit(end - ks.now());
}

function expire(ks: Keyspace, args: readonly string[], command: string, momentOf: (value: number) => number): number {
  const key = argument(args, 0);
  const moment = momentOf(toInteger(argument(args, 1)));
  if (!Number.isSafeInteger(Math.floor(moment))) fail(`ERR invalid expire time in '${command}' command`);
  if (!ks.has(key)) return 0;
  const current = ks.expiry(key);
  return isAllowed(args[2], current, moment) && ks.expireAt(key, moment) ? 1 : 0;
}

function isAllowed(condition: string | undefined, current: number | undefined, moment: number): boolean {
  if (condition === undefined) return true;
  switch (condition.toUpperCase()) {
    case 'NX':
      return current === undefined;
    case 'XX':
      return current !== undefined;
    case 'GT':
      return current !== undefined && moment > current;
    case 'LT':
      return current === undefined || moment < current;
    default:
      return fail(`ERR Unsupported option ${condition}`);
  }
}

/** Options of SCAN, HSCAN and SSCAN; COUNT is only a hint. */
export function scanOptions(words: readonly string[]): { match: RegExp; type: string | undefined } {
  let match = /^/;
  let type: string | undefined;
  for (let i = 0; i < words.length; i += 2) {
    const value = argument(words, i + 1);
    const word = argument(words, i).toUpperCase();
    if (word === 'MATCH') match = globPattern(value);
    else if (word === 'TYPE') type = value.toLowerCase();
    else if (word === 'COUNT') toInteger(value);
    else fail(SYNTAX_ERROR);
  }
  return { match, type };
}
