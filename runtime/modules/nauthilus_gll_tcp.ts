/** TCP connections, as the module `tcp` of gopher-lua-libs. */
import type { Socket } from 'node:net';
import {
  type Argument,
  any,
  argumentError,
  attemptLater,
  defineModule,
  error,
  errorMessage,
  field,
  type HostCall,
  io,
  type LuaValue,
  num,
  numberOf,
  type Outcome,
  optional,
  raise,
  readFormat,
  rest,
  result,
  type Steps,
  str,
  toUtf8String,
  typeName,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { ConnectionError, TcpConnection, type Timeouts } from './gll-tcp/connection.ts';
import { DialError, dial } from './go/dial.ts';

const DEFAULT_READ_BYTES = 1024;
const DEFAULTS: Readonly<Timeouts> = { dialTimeout: 5, readTimeout: 1, writeTimeout: 1, closeTimeout: 1 };

const connections = new UserdataKind<TcpConnection>('tcp_client_ud');

/** A missing format is a number of bytes, nil is a line. */
const FORMAT: Argument<LuaValue> = {
  ...optional(any('format')),
  take: (value, slot, count) => (slot.index > count ? DEFAULT_READ_BYTES : value),
};

function isTimeout(name: string): name is keyof Timeouts {
  return Object.hasOwn(DEFAULTS, name);
}

connections.withProperties({
  fields: [
    field('dialTimeout', 'number', 'Seconds that connecting may have taken.'),
    field('readTimeout', 'number', 'Seconds that a read may take.'),
    field('writeTimeout', 'number', 'Seconds that a write may take.'),
    field('closeTimeout', 'number', 'Seconds that closing may take.'),
  ],
  get: ({ timeouts }, name) => (isTimeout(name) ? timeouts[name] : undefined),
  set: ({ timeouts }, name, value) => {
    if (!isTimeout(name)) return;
    const seconds = numberOf(value);
    if (seconds === undefined) raise(`bad argument #3 to ${name} (number expected, got ${typeName(value)})`);
    else timeouts[name] = seconds;
  },
});

function* read(self: TcpConnection, format: LuaValue): Steps<Outcome> {
  self.startReading();
  return yield* readFormat(self.reader, format);
}

function* write(self: TcpConnection, data: readonly string[]): Steps<Outcome> {
  for (const [at, bytes] of data.entries()) {
    try {
      yield* waitFor(self.write(bytes));
    } catch (thrown) {
      if (!(thrown instanceof ConnectionError)) throw thrown;
      // The object is the first argument.
      argumentError(at + 2, 'write', self.describe('write', thrown));
    }
  }
  return [];
}

function* close(self: TcpConnection): Steps<Outcome> {
  yield* self.close();
  return [];
}

connections.has({
  write: io(
    { doc: 'Send all arguments; raises an error on failure.', args: [connections.self(), rest(str('data'))] },
    (_call, self, data) => write(self, data),
  ),
  read: io(
    {
      doc: 'A number of bytes (what arrives first of at most 1024), a line (`*l`), a number (`*n`) or all (`*a`).',
      args: [connections.self(), FORMAT],
      returns: [result('data', 'any')],
    },
    (_call, self, format) => read(self, format),
  ),
  close: io({ doc: 'End the connection.', args: [connections.self()] }, (_call, self) => close(self)),
});

async function connect(address: string, seconds: number): Promise<Socket | string> {
  return attemptLater([DialError], errorMessage, () => dial(toUtf8String(address), seconds * 1000));
}

/** A connection that the script does not close is closed with it. */
function* open(call: HostCall, address: string, seconds: number): Steps<Outcome> {
  const socket = yield* waitFor(connect(address, seconds));
  if (typeof socket === 'string') return [undefined, socket];
  socket.once(
    'close',
    call.closeAtEnd(() => socket.destroy()),
  );
  return connections.make(new TcpConnection(socket, { ...DEFAULTS, dialTimeout: seconds }));
}

/** Seconds; anything but a number counts as missing. */
const SECONDS: Argument<number> = {
  ...optional(num('timeout')),
  take: (value) => (typeof value === 'number' ? value : DEFAULTS.dialTimeout),
};

export default defineModule({
  name: 'nauthilus_gll_tcp',
  requires: ['tcp'],
  classes: 'all',
  doc: 'TCP connections. Timeouts are properties: readTimeout, writeTimeout, closeTimeout, in seconds.',
  userdata: [connections],
  globals: () => ({ tcp_client_ud: connections.metatable() }),
  functions: {
    open: io(
      {
        doc: 'Connect to `host:port` within some seconds (5).',
        args: [str('address'), SECONDS],
        returns: [result('connection', `${connections.name}?`), error],
      },
      (call, address, seconds) => open(call, address, seconds),
    ),
  },
});
