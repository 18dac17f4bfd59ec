/**
 * Scripts in threads of their own, as the module `plugin` of gopher-lua-libs. Unlike in the reference, tables are copied and
 * not shared.
 */
import {
  any,
  argumentError,
  channelFunctions,
  channels,
  type Declaration,
  defineModule,
  getMetatable,
  io,
  LuaTable,
  type LuaValue,
  noResults,
  num,
  type Outcome,
  optional,
  portableCode,
  pure,
  raise,
  rest,
  result,
  type Steps,
  str,
  sync,
  toParcel,
  typeName,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import type { Parcel } from '../services/index.ts';
import { Plugin, type PluginCode } from './gll-plugin/plugin.ts';

const plugins = new UserdataKind<Plugin>('plugin_ud');

/** Arguments that are nil are left out; `before` is how many stand in front of them. */
function parcelsOf(args: readonly LuaValue[], before: number, functionName: string): readonly Parcel[] {
  return args.flatMap((each, at) => (each === undefined ? [] : [parcelOf(each, before + at + 1, functionName)]));
}

function parcelOf(value: LuaValue, place: number, functionName: string): Parcel {
  const refuse = (refused: LuaValue): never =>
    argumentError(
      place,
      functionName,
      typeof refused === 'function' ? 'cannot pass closures' : `${typeName(refused)} is not allowed`,
    );
  if (typeof value === 'function' && portableCode(value) === undefined) return refuse(value);
  if (value instanceof LuaTable && getMetatable(value) !== undefined) {
    return argumentError(place, functionName, 'tables with metadata are not allowed');
  }
  return toParcel(value, refuse);
}

const text = (source: string): PluginCode => ({ source, chunkName: source });
const file = (path: string): PluginCode => ({ file: path });

function maker(functionName: string, codeOf: (given: string) => PluginCode, doc: string): Declaration {
  const args = [str(functionName.includes('file') ? 'path' : 'code'), rest(any('args'))] as const;
  return pure({ doc, args, returns: [result('plugin', plugins.name)], startsCode: true }, (given, own) =>
    plugins.make(new Plugin(codeOf(given), undefined, parcelsOf(own, 1, functionName))),
  );
}

/** The payload is the first of the arguments, too. */
function payloadMaker(functionName: string, codeOf: (given: string) => PluginCode, doc: string): Declaration {
  const args = [str(functionName.includes('file') ? 'path' : 'code'), str('payload'), rest(any('args'))] as const;
  return pure({ doc, args, returns: [result('plugin', plugins.name)], startsCode: true }, (given, payload, own) =>
    plugins.make(new Plugin(codeOf(given), payload, [payload, ...parcelsOf(own, 2, functionName)])),
  );
}

const TIMED_OUT = 'context deadline exceeded';
const LONGEST_MS = 2 ** 31 - 1;

function* wait(plugin: Plugin, seconds: number | undefined): Steps<Outcome> {
  const { thread } = plugin;
  if (thread === undefined) return raise('cannot wait on unstarted plugin');
  const isLimited = seconds !== undefined && seconds > 0;
  const failure = yield* waitFor(isLimited ? within(thread.finished, seconds * 1000) : thread.finished);
  return failure === undefined ? [] : failure;
}

async function within(finished: Promise<string | undefined>, ms: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, Math.min(ms, LONGEST_MS), TIMED_OUT);
  });
  try {
    return await Promise.race([finished, late]);
  } finally {
    clearTimeout(timer);
  }
}

plugins.has({
  run: sync({ doc: 'Start the script, again when it has ended.', args: [plugins.self()] }, (call, plugin) => {
    plugin.start(call);
    return noResults();
  }),
  is_running: pure(
    { doc: 'Has it been started and not ended yet?', args: [plugins.self()], returns: [result('running', 'boolean')] },
    ({ isRunning }) => isRunning,
  ),
  error: pure(
    {
      doc: 'Why the script failed; nothing when it did not.',
      args: [plugins.self()],
      returns: [result('err', 'string?')],
    },
    ({ failure }) => failure ?? noResults(),
  ),
  stop: pure({ doc: 'End the script at once, whatever it does.', args: [plugins.self()] }, (plugin) => {
    plugin.stop();
    return noResults();
  }),
  wait: io(
    {
      doc: 'Wait for the end, at most some seconds; the text of an error, or nothing.',
      args: [plugins.self(), optional(num('timeout'))],
      returns: [result('err', 'string?')],
    },
    (_call, plugin, seconds) => wait(plugin, seconds),
  ),
  done_channel: pure(
    {
      doc: 'A channel that is closed when the script ends.',
      args: [plugins.self()],
      returns: [result('channel', channels.name)],
    },
    ({ done }) =>
      done === undefined
        ? argumentError(1, 'done_channel', 'Cannot obtain done channel on unstarted plugin')
        : channels.make(done),
  ),
});

export default defineModule({
  name: 'nauthilus_gll_plugin',
  requires: ['plugin'],
  classes: 'all',
  doc: 'Scripts in threads of their own, which outlive the one that starts them.',
  userdata: [plugins, channels, channelFunctions],
  globals: () => ({ plugin_ud: plugins.metatable() }),
  functions: {
    do_string: maker('do_string', text, 'A script by its text; further arguments are its `arg`.'),
    do_file: maker('do_file', file, 'A script in a file; further arguments are its `arg`.'),
    do_string_with_payload: payloadMaker(
      'do_string_with_payload',
      text,
      'A script by its text, with a global `payload`, which is the first of its arguments, too.',
    ),
    do_file_with_payload: payloadMaker(
      'do_file_with_payload',
      file,
      'A script in a file, with a global `payload`, which is the first of its arguments, too.',
    ),
  },
});
