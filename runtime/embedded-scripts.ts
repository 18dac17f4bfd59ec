/**
 * Lua scripts of Redis (EVAL) for the store without a server, run by our own engine: KEYS, ARGV, `redis.call` and
 * `redis.pcall`, and the libraries that Redis offers too. Conversions as in the Redis documentation of Lua scripts.
 */
import {
  Budget,
  BudgetExceeded,
  createEnvironment,
  defineLibrary,
  type Environment,
  fromUtf8,
  type Loader,
  LuaError,
  type LuaFunction,
  LuaTable,
  type LuaValue,
  libraryTable,
  numberToString,
  raiseValue,
  rawGet,
  rawGetString,
  runTask,
  SourceError,
  setGlobal,
  tableFromArray,
  tableFromEntries,
} from './engine/api.ts';
import { baseLibrary } from './engine/stdlib/base.ts';
import { mathLibrary } from './engine/stdlib/math.ts';
import { stringLibrary } from './engine/stdlib/string.ts';
import { tableLibrary } from './engine/stdlib/table.ts';
import { RedisError, type RedisReply, type ScriptEvaluator } from './services/index.ts';

const LIBRARIES = [baseLibrary, stringLibrary, tableLibrary, mathLibrary];

/** Functions of the base library that reach out of the script; Redis has none of them. */
const OUTWARD = ['dofile', 'loadfile', 'require', 'module', 'print'];

/** A script of Redis stops everybody else, so it gets far less time than one of a login. */
const LIMITS = { deadlineMs: 5000, memoryBytes: 64 * 1024 * 1024 };

type Call = Parameters<ScriptEvaluator>[3];

/** What `embedded.ts` needs to run scripts; `loader` compiles them. */
export function createScriptEvaluator(loader: Loader): ScriptEvaluator {
  return (code, keys, args, call) => {
    const env = createEnvironment(LIBRARIES);
    for (const name of OUTWARD) setGlobal(env, name, undefined);
    setGlobal(env, 'KEYS', tableFromArray([...keys]));
    setGlobal(env, 'ARGV', tableFromArray([...args]));
    setGlobal(env, 'redis', libraryTable(redisLibrary(call)));
    try {
      const values = runTask(
        { env, budget: new Budget(LIMITS), host: undefined, loader },
        compile(code, loader, env),
        [],
      );
      return values instanceof Promise ? values.then(replyOf, rethrow) : replyOf(values);
    } catch (error) {
      return rethrow(error);
    }
  };
}

function compile(code: string, loader: Loader, env: Environment): LuaFunction {
  const chunk = loader.compile(code, '@user_script');
  if (chunk instanceof SourceError) throw new RedisError(`ERR Error compiling script: ${chunk.message}`);
  return chunk.instantiate(env);
}

function redisLibrary(call: Call) {
  return defineLibrary('redis', {
    call: (...args) => {
      const result = tryCall(call, args);
      return result instanceof RedisError ? raiseValue(errorTable(result.message)) : result;
    },
    pcall: (...args) => {
      const result = tryCall(call, args);
      return result instanceof RedisError ? errorTable(result.message) : result;
    },
    error_reply: (text) => errorTable(String(text)),
    status_reply: (text) => tableFromEntries([['ok', text]]),
    log: () => undefined,
  });
}

function tryCall(call: Call, args: readonly LuaValue[]): LuaValue | RedisError {
  const [command = '', ...rest] = args.map(argumentText);
  try {
    return luaValue(call(command, rest), STATUS_COMMANDS.has(command.toUpperCase()));
  } catch (error) {
    if (error instanceof RedisError) return error;
    throw error;
  }
}

function argumentText(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberToString(value);
  return raiseValue(errorTable('ERR Lua redis lib command arguments must be strings or integers'));
}

/** Their replies are statuses, which scripts see as `{ ok = … }`. */
const STATUS_COMMANDS = new Set([
  'SET',
  'SETEX',
  'PSETEX',
  'MSET',
  'HMSET',
  'LTRIM',
  'LSET',
  'RENAME',
  'TYPE',
  'PING',
  'SELECT',
  'FLUSHDB',
  'FLUSHALL',
]);

/** nil becomes false, since a table could not hold nil. */
function luaValue(reply: RedisReply, isStatus = false): LuaValue {
  if (reply === null) return false;
  if (typeof reply === 'object') return tableFromArray(reply.map((item) => luaValue(item)));
  return isStatus && typeof reply === 'string' ? tableFromEntries([['ok', reply]]) : reply;
}

function errorTable(text: string): LuaTable {
  return tableFromEntries([['err', text]]);
}

/** The first result is the reply. */
function replyOf(values: readonly LuaValue[]): RedisReply {
  return convert(values[0], 0);
}

const DEEPEST_REPLY = 32;

function convert(value: LuaValue, depth: number): RedisReply {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Math.trunc(value);
  if (value === true) return 1;
  if (!(value instanceof LuaTable)) return null;
  if (depth > DEEPEST_REPLY) throw new RedisError('ERR reached lua stack limit');
  const error = rawGetString(value, 'err');
  if (typeof error === 'string') throw new RedisError(error);
  const status = rawGetString(value, 'ok');
  return typeof status === 'string' ? status : convertArray(value, depth);
}

/** Up to the first nil, as Redis does. */
function convertArray(table: LuaTable, depth: number): RedisReply {
  const items: RedisReply[] = [];
  for (let i = 1; ; i++) {
    const item = rawGet(table, i);
    if (item === undefined) return items;
    items.push(convert(item, depth + 1));
  }
}

function rethrow(error: unknown): never {
  if (error instanceof BudgetExceeded) throw new RedisError(fromUtf8(`ERR script ended: ${error.message}`));
  if (!(error instanceof LuaError)) throw error;
  const { value } = error;
  if (value instanceof LuaTable) {
    const text = rawGetString(value, 'err');
    throw new RedisError(typeof text === 'string' ? text : 'ERR error object is a table');
  }
  throw new RedisError(`ERR ${typeof value === 'string' ? value : 'the script failed'}`);
}
