/**
 * The global `channel` of the reference's engine: values go from one script to another, also between threads. What is sent
 * is copied.
 */
import type { HostGlobalTable, HostUserdata, ScriptClass } from '../contract/host.ts';
import {
  argumentError,
  callValue,
  getMetatable,
  LuaTable,
  type LuaValue,
  libraryTable,
  raise,
  rawGet,
  rawLength,
  typeName,
  waitFor,
} from '../engine/api.ts';
import { type Channel, type ChannelCase, ChannelError, type Parcel } from '../services/index.ts';
import type { HostCall } from './call.ts';
import { channels } from './channel-kind.ts';
import { type Declarations, defineFunctions, describeFunctions, io, type Outcome, once, sync } from './define.ts';
import { finish, type Steps } from './drive.ts';
import { fromParcel, toParcel } from './parcel.ts';
import { any, int, rest, result, table, trailing } from './signature.ts';

const UNSENDABLE = 'can not send a function, userdata, thread or table that has a metatable';
const LARGEST_CAPACITY = 1_000_000;

interface Chosen {
  readonly index: number;
  readonly value: LuaValue;
  readonly ok: boolean;
}

/** Waits for one of the cases, as long as the script runs. */
function* choose(call: HostCall, cases: readonly ChannelCase[], isPatient: boolean): Steps<Chosen> {
  const pending = call.services.channels.select(cases, isPatient);
  const leave = call.closeAtEnd(() => pending.cancel());
  try {
    const { index, value, ok } = yield* waitFor(pending.selected);
    return { index, value: yield* fromParcel(value), ok };
  } catch (thrown) {
    pending.cancel();
    if (thrown instanceof ChannelError) return raise(thrown.message);
    throw thrown;
  } finally {
    leave();
  }
}

function parcelOf(value: LuaValue, place: number, functionName: string): Parcel {
  const refuse = (): never => argumentError(place, functionName, UNSENDABLE);
  const isPlain = typeof value !== 'function' && (!(value instanceof LuaTable) || getMetatable(value) === undefined);
  return isPlain ? toParcel(value, refuse) : refuse();
}

function* send(call: HostCall, channel: Channel, value: LuaValue): Steps<Outcome> {
  yield* choose(call, [{ direction: 'send', channel, value: parcelOf(value, 2, 'send') }], true);
  return [];
}

function* receive(call: HostCall, channel: Channel): Steps<Outcome> {
  const { value, ok } = yield* choose(call, [{ direction: 'receive', channel }], true);
  return [ok, value];
}

function* close({ services }: HostCall, channel: Channel): Steps<Outcome> {
  try {
    yield* waitFor(services.channels.close(channel));
    return [];
  } catch (thrown) {
    if (thrown instanceof ChannelError) return raise(thrown.message);
    throw thrown;
  }
}

channels.has({
  send: io(
    { doc: 'Wait until the value is taken, or there is room for it.', args: [channels.self(), any('value')] },
    send,
  ),
  receive: io(
    {
      doc: 'Wait for a value; false and nil when the channel is closed and empty.',
      args: [channels.self()],
      returns: [result('ok', 'boolean'), result('value', 'any')],
    },
    receive,
  ),
  close: io({ doc: 'Nothing can be sent any more.', args: [channels.self()] }, close),
});

const RECEIVE = '|<-';
const SEND = '<-|';
const DEFAULT = 'default';

/** A case of `select`; undefined is the default. */
function readCase(given: LuaTable, place: number): ChannelCase | undefined {
  const direction = rawGet(given, 1);
  if (direction === DEFAULT) return undefined;
  if (direction !== RECEIVE && direction !== SEND) {
    return argumentError(
      place,
      'select',
      `invalid channel direction: ${typeof direction === 'string' ? direction : typeName(direction)}`,
    );
  }
  const channel = channels.open(rawGet(given, 2));
  if (channel === undefined) return argumentError(place, 'select', 'invalid select case');
  if (direction === RECEIVE) return { direction: 'receive', channel };
  return { direction: 'send', channel, value: parcelOf(rawGet(given, 3), place, 'select') };
}

function* select(call: HostCall, given: readonly LuaTable[]): Steps<Outcome> {
  const read = given.map((each, at) => readCase(each, at + 1));
  const places = read.flatMap((each, at) => (each === undefined ? [] : [at]));
  const cases = read.filter((each) => each !== undefined);
  const fallback = read.indexOf(undefined);
  const { index, value, ok } = yield* choose(call, cases, fallback < 0);
  const at = index < 0 ? fallback : places[index]!;
  yield* handle(given[at]!, read[at], value, ok);
  return [at + 1, value, ok];
}

/** The last field of a case may be a function, which hears what happened. */
function* handle(given: LuaTable, chosen: ChannelCase | undefined, value: LuaValue, ok: boolean): Steps<void> {
  const handler = rawGet(given, rawLength(given));
  if (typeof handler !== 'function') return;
  const args = chosen === undefined ? [] : chosen.direction === 'send' ? [rawGet(given, 3)] : [ok, value];
  yield* finish(callValue(handler, args));
}

const functions: Declarations = {
  make: sync(
    {
      doc: 'A channel that holds some values which nobody has received yet (0).',
      args: [trailing(int('capacity'))],
      returns: [result('channel', channels.name)],
    },
    ({ services }, capacity = 0) => {
      if (capacity < 0 || capacity > LARGEST_CAPACITY) return argumentError(1, 'make', 'invalid capacity');
      return channels.make(services.channels.make(capacity));
    },
  ),
  select: io(
    {
      doc: 'Wait for one of several cases: { "|<-", channel }, { "<-|", channel, value } or { "default" }, each with a handler.',
      args: [rest(table('cases'))],
      returns: [result('index', 'integer'), result('value', 'any'), result('ok', 'boolean')],
    },
    select,
  ),
};

const library = once(() => defineFunctions('channel', functions));

/** The table for one environment. */
export function channelTable(): LuaTable {
  return libraryTable(library());
}

/** For stubs and reference pages. */
export function describeChannels(scriptClass: ScriptClass): HostGlobalTable {
  return {
    name: 'channel',
    aliases: [],
    scriptClass,
    functions: describeFunctions(functions),
    constants: {},
    userdata: [channels.describe()],
    doc: 'Channels between scripts, also in different threads; what is sent is copied.',
  };
}

/** For the compiler, which knows functions of tables in the globals by those of modules. */
export const channelFunctions = {
  describe: (): HostUserdata => ({ name: 'channel_library', methods: describeFunctions(functions) }),
};
