/** Commands on lists; positions count from 0, negative ones from the end. */
import { error, int, lax, optional, rest, result } from '../../host/index.ts';
import { readCommand, writeCommand } from './command.ts';
import { count, done, key, list, start, stop } from './described.ts';
import { fromReply, redisValue } from './values.ts';

const values = rest(lax('value'));
const taken = [result('value', 'string|string[]?'), error];
const most = optional(int('count'));

export const listCommands = {
  redis_lpush: writeCommand(
    {
      doc: 'Put values in front of a list; how many it then has.',
      args: [key, values],
      returns: count,
      convert: fromReply,
    },
    (name, given) => ['LPUSH', name, ...given.map(redisValue)],
  ),
  redis_rpush: writeCommand(
    { doc: 'Put values behind a list; how many it then has.', args: [key, values], returns: count, convert: fromReply },
    (name, given) => ['RPUSH', name, ...given.map(redisValue)],
  ),
  redis_lpop: writeCommand(
    {
      doc: 'Take the first value of a list, or with a count a list of the first ones.',
      args: [key, most],
      returns: taken,
      convert: fromReply,
    },
    (name, number) => ['LPOP', name, ...(number === undefined ? [] : [number])],
  ),
  redis_rpop: writeCommand(
    {
      doc: 'Take the last value of a list, or with a count a list of the last ones, last first.',
      args: [key, most],
      returns: taken,
      convert: fromReply,
    },
    (name, number) => ['RPOP', name, ...(number === undefined ? [] : [number])],
  ),
  redis_lrange: readCommand(
    {
      doc: 'The values from start to stop, both included; {} without any.',
      args: [key, start, stop],
      returns: list,
      convert: fromReply,
    },
    (name, from, to) => ['LRANGE', name, from, to],
  ),
  redis_lindex: readCommand(
    { doc: 'The value at a position of a list.', args: [key, int('index')], returns: done, convert: fromReply },
    (name, index) => ['LINDEX', name, index],
  ),
  redis_llen: readCommand(
    { doc: 'How many values a list has.', args: [key], returns: count, convert: fromReply },
    (name) => ['LLEN', name],
  ),
  redis_ltrim: writeCommand(
    { doc: 'Keep the values from start to stop only.', args: [key, start, stop], returns: done, convert: fromReply },
    (name, from, to) => ['LTRIM', name, from, to],
  ),
  redis_lrem: writeCommand(
    {
      doc: 'Remove equal values: the first ones, the last ones with a negative count, all with 0; how many there were.',
      args: [key, int('count'), lax('value')],
      returns: count,
      convert: fromReply,
    },
    (name, number, value) => ['LREM', name, number, redisValue(value)],
  ),
};
