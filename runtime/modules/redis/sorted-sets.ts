/** Commands on sorted sets. Ranks count from 0; of equal scores the members are in the order of their bytes. */
import {
  type Argument,
  entries,
  LuaTable,
  type LuaValue,
  num,
  optional,
  rawGet,
  type Slot,
  str,
  table,
  textOf,
  textsOf,
} from '../../host/index.ts';
import { readCommand, writeCommand } from './command.ts';
import { bound, count, key, list, number, start, stop } from './described.ts';
import { asNumber, fromReply, invalidCount, redisValue, UnusableValue } from './values.ts';

const member = str('member');
const min = bound('min');
const max = bound('max');

export const sortedSetCommands = {
  redis_zadd: writeCommand(
    {
      doc: 'Set scores, a table of member = score; how many members are new.',
      args: [key, table('scores')],
      returns: count,
      convert: fromReply,
    },
    (name, scores) => ['ZADD', name, ...scoresOf(scores)],
  ),
  redis_zrem: writeCommand(
    {
      doc: 'Remove a member or a list of members; how many there were.',
      args: [key, members('members')],
      returns: count,
      convert: fromReply,
    },
    (name, given) => ['ZREM', name, ...(given.length > 0 ? given : invalidCount())],
  ),
  redis_zincrby: writeCommand(
    {
      doc: 'Add to the score of a member; the new score.',
      args: [key, num('increment'), member],
      returns: number,
      convert: asNumber,
    },
    (name, by, of) => ['ZINCRBY', name, redisValue(by), of],
  ),
  redis_zscore: readCommand(
    { doc: 'The score of a member.', args: [key, member], returns: number, convert: asNumber },
    (name, of) => ['ZSCORE', name, of],
  ),
  redis_zrank: readCommand(
    { doc: 'How many members have a lower score.', args: [key, member], returns: count, convert: fromReply },
    (name, of) => ['ZRANK', name, of],
  ),
  redis_zrevrank: readCommand(
    { doc: 'How many members have a higher score.', args: [key, member], returns: count, convert: fromReply },
    (name, of) => ['ZREVRANK', name, of],
  ),
  redis_zcard: readCommand(
    { doc: 'How many members a sorted set has.', args: [key], returns: count, convert: fromReply },
    (name) => ['ZCARD', name],
  ),
  redis_zcount: readCommand(
    {
      doc: 'How many members have a score from min to max.',
      args: [key, min, max],
      returns: count,
      convert: fromReply,
    },
    (name, low, high) => ['ZCOUNT', name, low, high],
  ),
  redis_zrange: readCommand(
    {
      doc: 'The members from rank start to stop, both included, lowest score first.',
      args: [key, start, stop],
      returns: list,
      convert: fromReply,
    },
    (name, from, to) => ['ZRANGE', name, from, to],
  ),
  redis_zrevrange: readCommand(
    {
      doc: 'The members from rank start to stop, both included, highest score first.',
      args: [key, start, stop],
      returns: list,
      convert: fromReply,
    },
    (name, from, to) => ['ZREVRANGE', name, from, to],
  ),
  redis_zrangebyscore: readCommand(
    {
      doc: 'The members with a score from min to max, lowest first; options offset and count select some of them.',
      args: [key, min, max, optional(table('options'))],
      returns: list,
      convert: fromReply,
    },
    (name, low, high, options) => ['ZRANGEBYSCORE', name, low, high, ...limit(options)],
  ),
  redis_zrevrangebyscore: readCommand(
    {
      doc: 'The members with a score from max down to min, highest first; options offset and count select some of them.',
      args: [key, max, min, optional(table('options'))],
      returns: list,
      convert: fromReply,
    },
    (name, high, low, options) => ['ZREVRANGEBYSCORE', name, high, low, ...limit(options)],
  ),
  redis_zremrangebyscore: writeCommand(
    {
      doc: 'Remove the members with a score from min to max; how many there were.',
      args: [key, min, max],
      returns: count,
      convert: fromReply,
    },
    (name, low, high) => ['ZREMRANGEBYSCORE', name, low, high],
  ),
  redis_zremrangebyrank: writeCommand(
    {
      doc: 'Remove the members from rank start to stop; how many there were.',
      args: [key, start, stop],
      returns: count,
      convert: fromReply,
    },
    (name, from, to) => ['ZREMRANGEBYRANK', name, from, to],
  ),
};

/** Score and member, again and again. */
function scoresOf(scores: LuaTable): readonly string[] {
  const all: string[] = [];
  for (const [name, score] of entries(scores)) {
    if (typeof score !== 'number' && typeof score !== 'string') {
      throw new UnusableValue(`unable to convert score of '${textOf(name)}'`);
    }
    all.push(redisValue(score), textOf(name));
  }
  return all.length > 0 ? all : invalidCount();
}

function members(name: string): Argument<readonly string[]> {
  const take = (value: LuaValue, slot: Slot, given: number): readonly string[] =>
    value instanceof LuaTable ? textsOf(value) : [member.take(value, slot, given)];
  return Object.freeze({ name, type: 'string|string[]', optional: false, variadic: false, take });
}

function limit(options: LuaTable | undefined): readonly (string | number)[] {
  if (options === undefined) return [];
  const number = (name: string, missing: number): number => {
    const value = rawGet(options, name);
    return typeof value === 'number' ? Math.trunc(value) : missing;
  };
  return ['LIMIT', number('offset', 0), number('count', -1)];
}
