/**
 * Redis: the server's own connection (`"default"`), pools that scripts register, and Redis scripts. Nothing that Redis
 * or the network does raises a Lua error: commands return nil and a text.
 */
import {
  attempt,
  type Declaration,
  defineModule,
  error,
  nilAndMessage,
  result,
  results2,
  str,
  sync,
  table,
} from '../host/index.ts';
import { RedisError } from '../services/index.ts';
import { functionOf, handles, type RedisCommand } from './redis/command.ts';
import { done } from './redis/described.ts';
import { hashCommands } from './redis/hashes.ts';
import { hyperloglogCommands } from './redis/hyperloglogs.ts';
import { keyCommands } from './redis/keys.ts';
import { listCommands } from './redis/lists.ts';
import { pipelineFunction } from './redis/pipeline.ts';
import { poolOptions } from './redis/pool-options.ts';
import { scriptFunctions } from './redis/scripts.ts';
import { setCommands } from './redis/sets.ts';
import { sortedSetCommands } from './redis/sorted-sets.ts';

const commands: Readonly<Record<string, RedisCommand>> = {
  ...keyCommands,
  ...hashCommands,
  ...setCommands,
  ...listCommands,
  ...sortedSetCommands,
  ...hyperloglogCommands,
};

/** Commands of Nauthilus 1.3.8, which a traversal of the module shows; all others are additions. */
const REFERENCE = new Set(
  `ping get set incr del expire rename hget hset hdel hlen hgetall hincrby hincrbyfloat hexists sadd sismember smembers srem scard`
    .split(' ')
    .map((name) => `redis_${name}`),
);

/** The functions of those commands that are, or are not, in the reference. */
function functionsOf(isReference: boolean): Readonly<Record<string, Declaration>> {
  const chosen = Object.entries(commands).filter(([name]) => REFERENCE.has(name) === isReference);
  return Object.fromEntries(chosen.map(([name, command]) => [name, functionOf(name, command)]));
}

export default defineModule({
  name: 'nauthilus_redis',
  classes: 'all',
  doc: 'Redis commands. A missing key gives nil and the text `redis: nil`.',
  userdata: [handles],
  functions: {
    register_redis_pool: sync(
      {
        doc: 'Name a further Redis: mode standalone, sentinel, sentinel_replica or cluster. It connects when it is used.',
        args: [str('name'), str('mode'), table('options')],
        returns: done,
      },
      ({ services }, name, mode, options) => {
        return attempt([RedisError], nilAndMessage, () => {
          services.redis.registerPool(name, mode, poolOptions(options));
          return 'OK';
        });
      },
    ),
    get_redis_connection: sync(
      {
        doc: 'The handle of a registered pool.',
        args: [str('name')],
        returns: [result('handle', `${handles.name}?`), error],
      },
      ({ services }, name) => {
        const pool = services.redis.pool(name);
        if (pool !== undefined) return handles.make(pool);
        return results2(undefined, `No known redis configurtion found with name '${name}'`);
      },
    ),
    ...functionsOf(true),
    ...scriptFunctions,
  },
  hidden: { ...functionsOf(false), redis_pipeline: pipelineFunction(commands) },
});
