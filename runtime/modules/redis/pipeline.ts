/** Many commands in one go: `redis_pipeline(handle, mode, { { "set", key, value }, { "get", key } })`. */
import {
  argumentError,
  charge,
  type Declaration,
  entries,
  error,
  type HostCall,
  io,
  LuaError,
  LuaTable,
  type LuaValue,
  type Outcome,
  raise,
  result,
  str,
  table,
  tableFromArray,
  tableFromEntries,
  takeArguments,
  textsOf,
  waitFor,
} from '../../host/index.ts';
import type { RedisReply } from '../../services/index.ts';
import { chargeReplies, errorText, type Given, handle, type RedisCommand, redisOf } from './command.ts';
import { runScript } from './scripts.ts';
import { type Convert, fromReply, NIL_REPLY } from './values.ts';

/** Budget of one row, in steps: as much as a few lines of Lua. */
const STEPS_PER_ROW = 50;

/** The function over the commands that a row may name, with or without `redis_`. */
export function pipelineFunction(commands: Readonly<Record<string, RedisCommand>>): Declaration {
  return io(
    {
      doc: 'Send many commands at once, for each a table with ok, value and err; the error is that of the first that failed.',
      args: [handle, str('mode'), table('commands')],
      returns: [result('results', '{ ok: boolean, value: any, err: string? }[]'), error],
    },
    function* (call, given, mode, rows) {
      if (mode !== 'read' && mode !== 'write') argumentError(2, 'redis_pipeline', "mode 'read' or 'write' expected");
      const prepared = [...entries(rows)].map(([, row], at) => {
        charge(STEPS_PER_ROW);
        return prepare({ call, given, commands, mode }, row, at + 1);
      });
      // All in this tick, so that they leave in one write; the server answers in order.
      const replies = yield* waitFor(Promise.allSettled(prepared.map(({ send }) => send())));
      chargeReplies(replies.map((reply) => (reply.status === 'fulfilled' ? reply.value : null)));
      return resultsOf(replies.map((reply, at) => settledRow(reply, prepared[at]!.convert)));
    },
  );
}

interface Context {
  readonly call: HostCall;
  readonly given: Given;
  readonly commands: Readonly<Record<string, RedisCommand>>;
  readonly mode: 'read' | 'write';
}

interface Prepared {
  readonly send: () => Promise<RedisReply>;
  readonly convert: Convert;
}

/** Reads a row; what is wrong with it is a Lua error before anything has been sent. */
function prepare(context: Context, row: LuaValue, number: number): Prepared {
  if (!(row instanceof LuaTable)) return wrong(number, 'is no table');
  const [name, ...values] = [...positional(row)];
  if (typeof name !== 'string') return wrong(number, 'has no name of a command');
  const full = name.toLowerCase().replace(/^(?!redis_)/, 'redis_');
  if (full === 'redis_run_script') return prepareScript(context, values, number);
  const command = Object.hasOwn(context.commands, full) ? context.commands[full] : undefined;
  if (command === undefined) return wrong(number, `has the unknown command '${name}'`);
  if (context.mode === 'read' && command.side === 'write') return wrong(number, `is not for mode 'read': '${name}'`);
  // As in the function, arguments count from 1 with what stands in front of them: there the handle, here the name.
  try {
    const { line, convert } = inRow(number, full, () => command.request(values, full, 1));
    return { send: () => redisOf(context.call, context.given)[context.mode](...line), convert };
  } catch (thrown) {
    // A value that Redis cannot store concerns its row only.
    if (errorText(thrown) === undefined) throw thrown;
    return { send: () => Promise.reject(thrown), convert: fromReply };
  }
}

const SCRIPT_ARGUMENTS = [str('name'), table('keys'), table('args')] as const;

/** `{ "run_script", name, keys, args }`: an uploaded script. */
function prepareScript({ call, given, mode }: Context, values: readonly LuaValue[], number: number): Prepared {
  if (mode === 'read') return wrong(number, "is not for mode 'read': 'run_script'");
  const functionName = 'redis_run_script';
  const take = () => takeArguments(SCRIPT_ARGUMENTS, values, functionName, 1);
  const [name, keys, args] = inRow(number, functionName, take);
  const script = { code: '', name, keys: textsOf(keys), args: textsOf(args) };
  return { send: () => runScript(call, given, script), convert: fromReply };
}

/** Names the row in errors about its values: the text of Lua would name `redis_pipeline` and an argument of it. */
function inRow<T>(number: number, functionName: string, take: () => T): T {
  try {
    return take();
  } catch (thrown) {
    const text = thrown instanceof LuaError && typeof thrown.value === 'string' ? thrown.value : '';
    const [, index, detail] = /bad argument #(\d+) to .*? \((.*)\)$/s.exec(text) ?? [];
    if (detail === undefined) throw thrown;
    return wrong(number, `has a bad argument #${index} to '${functionName}' (${detail})`);
  }
}

function wrong(number: number, what: string): never {
  return raise(`row ${number} of redis_pipeline ${what}`);
}

/** Values 1 to the last one that is not nil, holes included. */
function positional(row: LuaTable): readonly LuaValue[] {
  const values: LuaValue[] = [];
  for (const [key, value] of entries(row)) {
    if (typeof key === 'number' && Number.isInteger(key) && key >= 1 && key <= MOST_VALUES) values[key - 1] = value;
  }
  charge(values.length);
  return Array.from(values);
}

/** More does not fit into one command anyway. */
const MOST_VALUES = 100_000;

interface Settled {
  readonly value: LuaValue;
  readonly err: string | undefined;
}

/** A missing key is nil and no failure. */
function settledRow(settled: PromiseSettledResult<RedisReply>, convert: Convert): Settled {
  try {
    if (settled.status === 'rejected') throw settled.reason;
    return { value: convert(settled.value), err: undefined };
  } catch (thrown) {
    const err = errorText(thrown);
    if (err === undefined) throw thrown;
    return { value: undefined, err: err === NIL_REPLY ? undefined : err };
  }
}

function resultsOf(rows: readonly Settled[]): Outcome {
  return [tableFromArray(rows.map(toTable)), rows.find(({ err }) => err !== undefined)?.err];
}

function toTable({ value, err }: Settled): LuaTable {
  return tableFromEntries([
    ['ok', err === undefined],
    ['value', value],
    ['err', err],
  ]);
}
