/** Commands on keys and on their plain values. */
import { error, lax, num, optional, rest, result, str, trailing } from '../../host/index.ts';
import { readCommand, writeCommand } from './command.ts';
import { answer, count, done, fields, key, number, typed } from './described.ts';
import { fromScan, scanCursor } from './scan.ts';
import { setOptions } from './set-options.ts';
import { asNumber, asYes, byName, fromReply, invalidCount, redisValue, typedReply } from './values.ts';

const value = lax('value');

export const keyCommands = {
  redis_ping: readCommand({ doc: 'PONG, if the server answers.', args: [], returns: done, convert: fromReply }, () => [
    'PING',
  ]),
  redis_get: readCommand(
    {
      doc: 'The value of a key as string, or as type number, bool or nil; an empty one is nil.',
      args: [key, optional(str('type'))],
      returns: typed,
    },
    (name, type) => ({ line: ['GET', name], convert: typedReply(type) }),
  ),
  redis_set: writeCommand(
    {
      doc: 'Set a key, for a number of seconds (0 or less: for ever) or with options: ex, px, exat, pxat, nx, xx, get, keepttl.',
      args: [key, value, setOptions('seconds_or_options')],
      returns: done,
      convert: fromReply,
    },
    (name, content, options) => ['SET', name, redisValue(content), ...options],
  ),
  redis_mget: readCommand(
    { doc: 'The values of several keys, by key; missing ones are left out.', args: [rest(key)], returns: fields },
    (keys) => ({ line: ['MGET', ...(keys.length > 0 ? keys : invalidCount())], convert: byName(keys) }),
  ),
  redis_mset: writeCommand(
    {
      doc: 'Set several keys: key, value, key, value …; in a cluster not in one step.',
      args: [rest(lax('key_or_value'))],
      returns: done,
      convert: fromReply,
    },
    (pairs) => ['MSET', ...(pairs.length > 0 && pairs.length % 2 === 0 ? pairs.map(redisValue) : invalidCount())],
  ),
  redis_incr: writeCommand({ doc: 'Add 1 to a number.', args: [key], returns: count, convert: fromReply }, (name) => [
    'INCR',
    name,
  ]),
  redis_del: writeCommand(
    { doc: 'Delete keys; how many there were.', args: [key, rest(str('further'))], returns: count, convert: fromReply },
    (name, further) => ['DEL', name, ...further],
  ),
  redis_exists: readCommand(
    { doc: 'How many of the keys there are.', args: [key, rest(str('further'))], returns: count, convert: fromReply },
    (name, further) => ['EXISTS', name, ...further],
  ),
  redis_expire: writeCommand(
    {
      doc: 'Let a key end after a number of seconds; false if there is none.',
      args: [key, num('seconds')],
      returns: answer,
      convert: asYes,
    },
    (name, seconds) => ['EXPIRE', name, Math.trunc(seconds)],
  ),
  redis_ttl: readCommand(
    {
      doc: 'Seconds until a key ends; -1 if it does not, -2 if there is none.',
      args: [key],
      returns: number,
      convert: asNumber,
    },
    (name) => ['TTL', name],
  ),
  redis_rename: writeCommand(
    { doc: 'Give a key another name.', args: [key, str('new_key')], returns: done, convert: fromReply },
    (from, to) => ['RENAME', from, to],
  ),
  redis_scan: readCommand(
    {
      doc: 'A part of all keys: fields keys and cursor, with which to go on until it is 0 again.',
      args: [scanCursor, optional(str('match')), trailing(num('count'))],
      returns: [result('part', '{ cursor: integer, keys: string[] }?'), error],
      convert: fromScan,
    },
    (cursor, match, most) => [
      'SCAN',
      cursor,
      ...(match === undefined ? [] : ['MATCH', match]),
      ...(most === undefined ? [] : ['COUNT', Math.trunc(most)]),
    ],
  ),
};
