/** Progress bars, as the module `pb` of gopher-lua-libs. */
import {
  type Declaration,
  defineModule,
  entries,
  error,
  int,
  type LuaResult,
  type LuaValue,
  noResults,
  pure,
  raise,
  result,
  table,
  textOf,
  trailing,
  type Userdata,
  UserdataKind,
} from '../host/index.ts';
import { Bar } from './gll-pb/bar.ts';
import { readTemplate, TemplateError } from './gll-pb/template.ts';

/** Without a total there is no bar. */
interface Handle {
  readonly bar: Bar | undefined;
  /** What the methods return. */
  readonly self: { value: Userdata<Handle> | undefined };
}

const bars = new UserdataKind<Handle>('pb_ud');

function barOf({ bar }: Handle): Bar {
  return bar ?? raise('runtime error: invalid memory address or nil pointer dereference');
}

function step(doc: string, run: (bar: Bar) => void): Declaration {
  return pure({ doc, args: [bars.self()], returns: [result('bar', bars.name)] }, (handle) => {
    run(barOf(handle));
    return handle.self.value;
  });
}

/** The text of what is wrong with a setting. */
function change({ settings }: Bar, key: string, value: LuaValue): string | undefined {
  switch (key) {
    case 'writer':
      if (value !== 'stdout') return `unknown writer: \`${textOf(value)}\``;
      settings.toStdout = true;
      return undefined;
    case 'refresh_rate':
      if (typeof value !== 'number') return 'refresh_rate must be an integer';
      settings.refreshMs = Number.isFinite(value) ? Math.trunc(value) : 0;
      return undefined;
    case 'template':
      return changeTemplate(settings, textOf(value));
    default:
      return `unknown config parameter: \`${key}\``;
  }
}

function changeTemplate(settings: Bar['settings'], text: string): string | undefined {
  try {
    settings.template = readTemplate(text);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof TemplateError) return `error while setting template: \`${thrown.message}\``;
    throw thrown;
  }
}

bars.has({
  configure: pure(
    {
      doc: 'Settings: template (`simple`, `full` or one of your own), writer (`stdout`), refresh_rate (milliseconds).',
      args: [bars.self(), table('settings')],
      returns: [error],
    },
    (handle, settings): LuaResult => {
      for (const [key, value] of entries(settings)) {
        const problem = change(barOf(handle), textOf(key), value);
        if (problem !== undefined) return problem;
      }
      return noResults();
    },
  ),
  start: step('Begin to count and to write.', (bar) => bar.start()),
  increment: step('Count one more.', (bar) => bar.increment()),
  finish: step('Write the last line and end.', (bar) => bar.finish()),
});

function make(total: number | undefined): LuaValue {
  const self: Handle['self'] = { value: undefined };
  const settings = { template: readTemplate('default'), refreshMs: 200, toStdout: false };
  const bar = total === undefined ? undefined : new Bar(total, settings);
  self.value = bars.make({ bar, self });
  return self.value;
}

export default defineModule({
  name: 'nauthilus_gll_pb',
  requires: ['pb'],
  classes: 'all',
  doc: 'Progress bars on standard error or standard output.',
  userdata: [bars],
  globals: () => ({ pb_ud: bars.metatable() }),
  functions: {
    new: pure(
      { doc: 'A bar for a number of steps.', args: [trailing(int('total'))], returns: [result('bar', bars.name)] },
      make,
    ),
  },
});
