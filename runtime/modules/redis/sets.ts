/** Commands on sets. */
import { lax, rest } from '../../host/index.ts';
import { readCommand, writeCommand } from './command.ts';
import { answer, count, key, list, member } from './described.ts';
import { asYes, fromReply, redisValue } from './values.ts';

export const setCommands = {
  redis_sadd: writeCommand(
    { doc: 'Add members to a set; how many are new.', args: [key, rest(member)], returns: count, convert: fromReply },
    (name, members) => ['SADD', name, ...members.map(redisValue)],
  ),
  redis_sismember: readCommand(
    { doc: 'Is the value in the set?', args: [key, lax('value')], returns: answer, convert: asYes },
    (name, value) => ['SISMEMBER', name, redisValue(value)],
  ),
  redis_smembers: readCommand(
    { doc: 'The members of a set, {} without it.', args: [key], returns: list, convert: fromReply },
    (name) => ['SMEMBERS', name],
  ),
  redis_srem: writeCommand(
    {
      doc: 'Remove members from a set; how many there were.',
      args: [key, rest(member)],
      returns: count,
      convert: fromReply,
    },
    (name, members) => ['SREM', name, ...members.map(redisValue)],
  ),
  redis_scard: readCommand(
    { doc: 'How many members a set has.', args: [key], returns: count, convert: fromReply },
    (name) => ['SCARD', name],
  ),
};
