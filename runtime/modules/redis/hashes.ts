/** Commands on hashes. */
import { int, type LuaValue, lax, num, optional, rest, str } from '../../host/index.ts';
import { readCommand, writeCommand } from './command.ts';
import { answer, count, field, fields, key, number, typed } from './described.ts';
import { asNumber, asYes, byName, fromHash, fromReply, invalidCount, redisValue, typedReply } from './values.ts';

export const hashCommands = {
  redis_hget: readCommand(
    {
      doc: 'The value of a field of a hash, typed like redis_get.',
      args: [key, field, optional(str('type'))],
      returns: typed,
    },
    (name, at, type) => ({ line: ['HGET', name, at], convert: typedReply(type) }),
  ),
  redis_hmget: readCommand(
    {
      doc: 'The values of several fields, by field; missing ones are left out.',
      args: [key, rest(field)],
      returns: fields,
    },
    (name, names) => ({
      line: ['HMGET', name, ...(names.length > 0 ? names : invalidCount())],
      convert: byName(names),
    }),
  ),
  redis_hset: writeCommand(
    {
      doc: 'Set fields of a hash: field, value, field, value …; how many are new.',
      args: [key, rest(lax('field_or_value'))],
      returns: count,
      convert: fromReply,
    },
    (name, pairs) => {
      if (pairs.length === 0 || pairs.length % 2 !== 0) return invalidCount();
      return ['HSET', name, ...pairs.map((each, at) => (at % 2 === 0 ? fieldName(each, at + 3) : redisValue(each)))];
    },
  ),
  redis_hdel: writeCommand(
    {
      doc: 'Delete fields of a hash; how many there were.',
      args: [key, rest(field)],
      returns: count,
      convert: fromReply,
    },
    (name, names) => ['HDEL', name, ...(names.length > 0 ? names : invalidCount())],
  ),
  redis_hlen: readCommand(
    { doc: 'How many fields a hash has.', args: [key], returns: count, convert: fromReply },
    (name) => ['HLEN', name],
  ),
  redis_hgetall: readCommand(
    { doc: 'All fields of a hash, {} without it.', args: [key], returns: fields, convert: fromHash },
    (name) => ['HGETALL', name],
  ),
  redis_hincrby: writeCommand(
    {
      doc: 'Add a whole number to a field of a hash; the new value.',
      args: [key, field, int('increment')],
      returns: count,
      convert: asNumber,
    },
    (name, at, by) => ['HINCRBY', name, at, by],
  ),
  redis_hincrbyfloat: writeCommand(
    {
      doc: 'Add a number to a field of a hash; the new value.',
      args: [key, field, num('increment')],
      returns: number,
      convert: asNumber,
    },
    (name, at, by) => ['HINCRBYFLOAT', name, at, redisValue(by)],
  ),
  redis_hexists: readCommand(
    { doc: 'Does the hash have the field?', args: [key, field], returns: answer, convert: asYes },
    (name, at) => ['HEXISTS', name, at],
  ),
};

/** Position among the arguments of `redis_hset`, the handle included. */
function fieldName(given: LuaValue, index: number): string {
  return field.take(given, { index, functionName: 'redis_hset' }, index);
}
