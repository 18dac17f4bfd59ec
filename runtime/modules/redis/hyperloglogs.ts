/** HyperLogLogs: estimates of how many different values were seen, in 12 KB at most. */
import { lax, rest, str } from '../../host/index.ts';
import { readCommand, writeCommand } from './command.ts';
import { answer, count, done, key } from './described.ts';
import { asYes, fromReply, redisValue } from './values.ts';

const further = rest(str('further'));

export const hyperloglogCommands = {
  redis_pfadd: writeCommand(
    {
      doc: 'Count values; true if the estimate may have changed.',
      args: [key, rest(lax('value'))],
      returns: answer,
      convert: asYes,
    },
    (name, values) => ['PFADD', name, ...values.map(redisValue)],
  ),
  redis_pfcount: readCommand(
    {
      doc: 'How many different values were counted under the keys; in a cluster their names need the same {tag}.',
      args: [key, further],
      returns: count,
      convert: fromReply,
    },
    (name, others) => ['PFCOUNT', name, ...others],
  ),
  redis_pfmerge: writeCommand(
    {
      doc: 'Count under the first key what was counted under the others; in a cluster their names need the same {tag}.',
      args: [key, further],
      returns: done,
      convert: fromReply,
    },
    (name, others) => ['PFMERGE', name, ...others],
  ),
};
