/**
 * Commands as data: a function of the module and a row of a pipeline are the same command, with the same arguments, the
 * same line to the server and the same results.
 */
import {
  type Argument,
  argumentError,
  charge,
  chargeMemory,
  type Declaration,
  type HostCall,
  io,
  type LuaValue,
  lax,
  type Outcome,
  rest,
  type result,
  type Slot,
  type Steps,
  type Taken,
  takeArguments,
  typeMismatch,
  Userdata,
  UserdataKind,
  waitFor,
} from '../../host/index.ts';
import { RedisError, type RedisHandle, type RedisReply } from '../../services/index.ts';
import { type Convert, UnusableValue } from './values.ts';

/** What is sent, and how its reply reads. */
interface Request {
  readonly line: readonly [command: string, ...args: (string | number)[]];
  readonly convert: Convert;
}

export interface RedisCommand {
  readonly doc: string;
  /** A command that changes nothing may go to a replica. */
  readonly side: 'read' | 'write';
  /** Arguments after the handle. */
  readonly args: readonly Argument<unknown>[];
  readonly returns: Returns;
  /**
   * `before` arguments of the function stand in front of the values. Raises a Lua error for an argument that does not fit;
   * throws UnusableValue for what Redis cannot store.
   */
  readonly request: (values: readonly LuaValue[], functionName: string, before: number) => Request;
}

type Returns = readonly ReturnType<typeof result>[];

interface Described<A extends readonly Argument<unknown>[]> {
  readonly doc: string;
  readonly args: A;
  readonly returns: Returns;
  readonly convert?: Convert;
}

type Line<A extends readonly Argument<unknown>[]> = (...values: Taken<A>) => Request['line'] | Request;

/** A command for a replica or the master. */
export function readCommand<const A extends readonly Argument<unknown>[]>(
  described: Described<A>,
  line: Line<A>,
): RedisCommand {
  return command('read', described, line);
}

/** A command for the master. */
export function writeCommand<const A extends readonly Argument<unknown>[]>(
  described: Described<A>,
  line: Line<A>,
): RedisCommand {
  return command('write', described, line);
}

function command<const A extends readonly Argument<unknown>[]>(
  side: RedisCommand['side'],
  { doc, args, returns, convert }: Described<A>,
  line: Line<A>,
): RedisCommand {
  const request: RedisCommand['request'] = (values, functionName, before) => {
    const made = line(...takeArguments(args, values, functionName, before));
    if ('line' in made) return made;
    if (convert === undefined) throw new Error(`${functionName} does not say how its reply reads`);
    return { line: made, convert };
  };
  return { doc, side, args, returns, request };
}

/** Handles of registered pools. */
export const handles = new UserdataKind<RedisHandle>('redis_handle');

/** `"default"` or what get_redis_connection returned; undefined stands for the default handle. */
export const handle: Argument<RedisHandle | undefined> = Object.freeze({
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

/** What a script gave as its handle. */
export type Given = RedisHandle | undefined;

/** The function of a command. */
export function functionOf(name: string, { doc, args, returns, side, request }: RedisCommand): Declaration {
  const signature = { doc, args: [handle, rest(lax('argument'))] as const, shown: [handle, ...args], returns };
  return io(signature, function* (call, given, values): Steps<Outcome> {
    try {
      const { line, convert } = request(values, name, 1);
      return received(yield* waitFor(redisOf(call, given)[side](...line)), convert);
    } catch (thrown) {
      return failure(thrown);
    }
  });
}

export function redisOf(call: HostCall, given: Given): RedisHandle {
  return given ?? call.services.redis.defaultHandle;
}

/** Runs the steps of a function; what Redis or the network did becomes nil and a text, errors of Lua stay what they are. */
export function* settle(steps: () => Steps<Outcome>): Steps<Outcome> {
  try {
    return yield* steps();
  } catch (thrown) {
    return failure(thrown);
  }
}

function failure(thrown: unknown): Outcome {
  const text = errorText(thrown);
  if (text === undefined) throw thrown;
  return [undefined, text];
}

/** Converts a reply within the budget of the script: who asks for everything must not fill the memory of all. */
export function received(reply: RedisReply, convert: Convert): LuaValue {
  chargeReplies([reply]);
  return convert(reply);
}

/** Charges what the replies take as Lua values, all at once. */
export function chargeReplies(replies: readonly RedisReply[]): void {
  const size = { values: 0, bytes: 0 };
  addSize(replies, size);
  charge(size.values);
  chargeMemory(size.bytes + size.values * BYTES_PER_ENTRY);
}

/** Rough size of a table entry. */
const BYTES_PER_ENTRY = 64;

function addSize(reply: RedisReply, size: { values: number; bytes: number }): void {
  size.values += 1;
  if (typeof reply === 'string') size.bytes += reply.length;
  if (Array.isArray(reply)) for (const each of reply) addSize(each, size);
}

/** The text of an error that is none of Lua's; undefined for others. */
export function errorText(thrown: unknown): string | undefined {
  return thrown instanceof RedisError || thrown instanceof UnusableValue ? thrown.message : undefined;
}
