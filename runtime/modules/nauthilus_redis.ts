/**
 * Redis: the server's own connection (`"default"`), pools that scripts register, and Redis scripts. Nothing that Redis
 * or the network does raises a Lua error: commands return nil and a text.
 */
import {
  type Argument,
  argumentError,
  type Declaration,
  defineModule,
  error,
  type HostCall,
  int,
  io,
  type LuaValue,
  lax,
  num,
  type Outcome,
  optional,
  rest,
  result,
  results2,
  type Slot,
  str,
  sync,
  table,
  textsOf,
  typeMismatch,
  Userdata,
  UserdataKind,
} from '../host/index.ts';
import { RedisError, type RedisHandle, type RedisReply } from '../services/index.ts';
import { poolOptions } from './redis/pool-options.ts';
import { fromHash, fromReply, INVALID_COUNT, redisValue, typedReply, UnusableValue } from './redis/values.ts';

const handles = new UserdataKind<RedisHandle>('redis_handle');

/** `"default"` or what get_redis_connection returned; undefined stands for the default handle. */
const handle: Argument<RedisHandle | undefined> = Object.freeze({
  name: 'handle',
  type: `'default'|${handles.name}`,
  optional: false,
  variadic: false,
  take: (value: LuaValue, slot: Slot, count: number) => {
    if (value === 'default') return undefined;
    if (value instanceof Userdata) return handles.open(value);
    if (typeof value !== 'string') return typeMismatch('redis handle', value, slot, count);
    return argumentError(slot.index, slot.functionName, `'default' or a handle of get_redis_connection expected`);
  },
});

const key = str('key');
const field = str('field');
const value = lax('value');
const kind = optional(str('type'));
const count = [result('count', 'integer?'), error];
const done = [result('reply', 'string?'), error];
const answer = [result('answer', 'boolean?'), error];
const typed = [result('value', 'string|number|boolean?'), error];

type Given = RedisHandle | undefined;

/** The reply of a command as results: its value, or nil and the text of an error. */
async function reply(
  call: HostCall,
  given: Given,
  send: (redis: RedisHandle) => Promise<RedisReply>,
  convert: (reply: RedisReply) => Outcome,
): Promise<Outcome> {
  try {
    return convert(await send(given ?? call.services.redis.defaultHandle));
  } catch (thrown) {
    if (thrown instanceof RedisError || thrown instanceof UnusableValue) return [undefined, thrown.message];
    throw thrown;
  }
}

const asYes = (redisReply: RedisReply): Outcome => redisReply === 1;
const asNumber = (redisReply: RedisReply): Outcome => (redisReply === null ? fromReply(null) : Number(redisReply));

/** A command of a key alone. */
function ofKey(
  doc: string,
  side: 'read' | 'write',
  command: string,
  returns: typeof count | typeof answer,
  convert: (redisReply: RedisReply) => Outcome,
): Declaration {
  return io({ doc, args: [handle, key], returns }, (call, given, name) =>
    reply(call, given, (redis) => redis[side](command, name), convert),
  );
}

/** A command of a key and any number of values. */
function ofMembers(doc: string, command: string): Declaration {
  return io({ doc, args: [handle, key, rest(lax('member'))], returns: count }, (call, given, name, members) =>
    reply(call, given, async (redis) => redis.write(command, name, ...members.map(redisValue)), fromReply),
  );
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
        try {
          services.redis.registerPool(name, mode, poolOptions(options));
          return 'OK';
        } catch (thrown) {
          if (thrown instanceof RedisError) return results2(undefined, thrown.message);
          throw thrown;
        }
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
    redis_ping: io({ doc: 'PONG, if the server answers.', args: [handle], returns: done }, (call, given) =>
      reply(call, given, (redis) => redis.read('PING'), fromReply),
    ),
    redis_get: io(
      {
        doc: 'The value of a key as string, or as type number, bool or nil; an empty one is nil.',
        args: [handle, key, kind],
        returns: typed,
      },
      (call, given, name, type) => reply(call, given, (redis) => redis.read('GET', name), typedReply(type)),
    ),
    redis_set: io(
      {
        doc: 'Set a key, for a number of seconds if given (0 or less: for ever).',
        args: [handle, key, value, optional(num('seconds'))],
        returns: done,
      },
      (call, given, name, content, seconds = 0) => {
        const ttl = Math.trunc(seconds);
        const expiry = ttl > 0 ? ['EX', ttl] : [];
        return reply(call, given, async (redis) => redis.write('SET', name, redisValue(content), ...expiry), fromReply);
      },
    ),
    redis_incr: ofKey('Add 1 to a number.', 'write', 'INCR', count, fromReply),
    redis_del: ofKey('Delete a key; how many there were.', 'write', 'DEL', count, fromReply),
    redis_expire: io(
      {
        doc: 'Let a key end after a number of seconds; false if there is none.',
        args: [handle, key, num('seconds')],
        returns: answer,
      },
      (call, given, name, seconds) =>
        reply(call, given, (redis) => redis.write('EXPIRE', name, Math.trunc(seconds)), asYes),
    ),
    redis_rename: io(
      { doc: 'Give a key another name.', args: [handle, key, str('new_key')], returns: done },
      (call, given, from, to) => reply(call, given, (redis) => redis.write('RENAME', from, to), fromReply),
    ),
    redis_hget: io(
      {
        doc: 'The value of a field of a hash, typed like redis_get.',
        args: [handle, key, field, kind],
        returns: typed,
      },
      (call, given, name, at, type) => reply(call, given, (redis) => redis.read('HGET', name, at), typedReply(type)),
    ),
    redis_hset: io(
      {
        doc: 'Set fields of a hash: field, value, field, value …; how many are new.',
        args: [handle, key, rest(lax('field_or_value'))],
        returns: count,
      },
      (call, given, name, pairs) => {
        if (pairs.length === 0 || pairs.length % 2 !== 0) return INVALID_COUNT;
        const flat = pairs.map((each, at) => (at % 2 === 0 ? fieldName(each, at + 3, 'redis_hset') : each));
        return reply(call, given, async (redis) => redis.write('HSET', name, ...flat.map(redisValue)), fromReply);
      },
    ),
    redis_hdel: io(
      { doc: 'Delete fields of a hash; how many there were.', args: [handle, key, rest(field)], returns: count },
      (call, given, name, fields) => {
        if (fields.length === 0) return INVALID_COUNT;
        return reply(call, given, (redis) => redis.write('HDEL', name, ...fields), fromReply);
      },
    ),
    redis_hlen: ofKey('How many fields a hash has.', 'read', 'HLEN', count, fromReply),
    redis_hgetall: io(
      {
        doc: 'All fields of a hash, {} without it.',
        args: [handle, key],
        returns: [result('fields', 'table?'), error],
      },
      (call, given, name) => reply(call, given, (redis) => redis.read('HGETALL', name), fromHash),
    ),
    redis_hincrby: io(
      {
        doc: 'Add a whole number to a field of a hash; the new value.',
        args: [handle, key, field, int('increment')],
        returns: count,
      },
      (call, given, name, at, by) => reply(call, given, (redis) => redis.write('HINCRBY', name, at, by), asNumber),
    ),
    redis_hincrbyfloat: io(
      {
        doc: 'Add a number to a field of a hash; the new value.',
        args: [handle, key, field, num('increment')],
        returns: [result('value', 'number?'), error],
      },
      (call, given, name, at, by) =>
        reply(call, given, (redis) => redis.write('HINCRBYFLOAT', name, at, redisValue(by)), asNumber),
    ),
    redis_hexists: io(
      { doc: 'Does the hash have the field?', args: [handle, key, field], returns: answer },
      (call, given, name, at) => reply(call, given, (redis) => redis.read('HEXISTS', name, at), asYes),
    ),
    redis_sadd: ofMembers('Add members to a set; how many are new.', 'SADD'),
    redis_sismember: io(
      { doc: 'Is the value in the set?', args: [handle, key, value], returns: answer },
      (call, given, name, member) =>
        reply(call, given, async (redis) => redis.read('SISMEMBER', name, redisValue(member)), asYes),
    ),
    redis_smembers: io(
      {
        doc: 'The members of a set, {} without it.',
        args: [handle, key],
        returns: [result('members', 'string[]?'), error],
      },
      (call, given, name) => reply(call, given, (redis) => redis.read('SMEMBERS', name), fromReply),
    ),
    redis_srem: ofMembers('Remove members from a set; how many there were.', 'SREM'),
    redis_scard: ofKey('How many members a set has.', 'read', 'SCARD', count, fromReply),
    redis_upload_script: io(
      {
        doc: 'Store a Redis script on the server under a name that all scripts know; its SHA-1.',
        args: [handle, str('code'), str('name')],
        returns: [result('sha1', 'string?'), error],
      },
      (call, given, code, name) =>
        reply(call, given, (redis) => call.services.redis.uploadScript(redis, name, code), withoutError),
    ),
    redis_run_script: io(
      {
        doc: 'Run an uploaded script by its name, or the code if the name is empty.',
        args: [handle, str('code'), str('name'), table('keys'), table('args')],
        returns: [result('result', 'any'), error],
      },
      (call, given, code, name, keys, args) => {
        const script = { code, name, keys: textsOf(keys), args: textsOf(args) };
        return reply(call, given, (redis) => call.services.redis.runScript(redis, script), withoutError);
      },
    ),
  },
});

/** These return two values also on success. */
function withoutError(redisReply: RedisReply): Outcome {
  return redisReply === null ? fromReply(null) : [fromReply(redisReply), undefined];
}

function fieldName(given: LuaValue, index: number, functionName: string): string {
  return field.take(given, { index, functionName }, index);
}
