/** SCRIPT, EVAL and EVALSHA of the embedded store. */
import { createHash } from 'node:crypto';
import type { RedisArgument, RedisReply } from '../connection.ts';
import type { ScriptEvaluator } from '../embedded.ts';
import { argument, fail, NOT_AN_INTEGER, toInteger } from './command.ts';

type ScriptCommand = (args: readonly string[]) => RedisReply | Promise<RedisReply>;
type Call = (command: string, args: readonly RedisArgument[]) => RedisReply;

const NO_SCRIPT = 'NOSCRIPT No matching script. Please use EVAL.';

/** Scripts are remembered even when there is nothing that could run them: uploading is what init scripts do. */
export function scriptCommands(evaluate: ScriptEvaluator | undefined, call: Call): ReadonlyMap<string, ScriptCommand> {
  const scripts = new Map<string, string>();
  const remember = (code: string): string => {
    const sha = createHash('sha1').update(code, 'latin1').digest('hex');
    scripts.set(sha, code);
    return sha;
  };
  const run = (code: string, args: readonly string[]): RedisReply | Promise<RedisReply> => {
    if (!evaluate) return fail('ERR this store cannot run Lua scripts, configure a Redis server');
    const count = toInteger(argument(args, 1), NOT_AN_INTEGER);
    if (count < 0) fail("ERR Number of keys can't be negative");
    if (count > args.length - 2) fail("ERR Number of keys can't be greater than number of args");
    remember(code);
    return evaluate(code, args.slice(2, 2 + count), args.slice(2 + count), call);
  };
  return new Map<string, ScriptCommand>([
    ['EVAL', (args) => run(argument(args, 0), args)],
    ['EVALSHA', (args) => run(scripts.get(argument(args, 0).toLowerCase()) ?? fail(NO_SCRIPT), args)],
    ['SCRIPT', (args) => script(args, scripts, remember)],
  ]);
}

function script(
  [action = '', ...args]: readonly string[],
  scripts: Map<string, string>,
  remember: (code: string) => string,
): RedisReply {
  switch (action.toUpperCase()) {
    case 'LOAD':
      return remember(argument(args, 0));
    case 'EXISTS':
      return args.map((sha) => (scripts.has(sha.toLowerCase()) ? 1 : 0));
    case 'FLUSH':
      scripts.clear();
      return 'OK';
    default:
      return fail(`ERR unknown subcommand '${action}'. Try SCRIPT HELP.`);
  }
}
