/** Values as text for people, as the module `inspect` of gopher-lua-libs (inspect.lua 3.1.0). */
import {
  callValue,
  charge,
  defineModule,
  drive,
  entries,
  type Finished,
  field,
  finish,
  first,
  isTruthy,
  LuaTable,
  type LuaValue,
  lax,
  mayWait,
  optional,
  perEnvironment,
  rawGet,
  rawSet,
  result,
  type Steps,
  setMetatable,
  table,
  tableFromArray,
  tableFromEntries,
  textOf,
} from '../host/index.ts';
import { printValue, visibleMetatable } from './gll-inspect/print.ts';

function sentinel(name: string): LuaTable {
  const made = new LuaTable();
  setMetatable(made, tableFromEntries([['__tostring', () => name]]));
  return made;
}

/** What ends a path to a key, and a path to a metatable. */
const sentinels = perEnvironment(() => ({ key: sentinel('inspect.KEY'), metatable: sentinel('inspect.METATABLE') }));

/** Copies a value with each part replaced by what the script's function makes of it. */
class Processor {
  private readonly process: LuaValue;
  private readonly done = new Map<LuaValue, LuaValue>();

  constructor(process: LuaValue) {
    this.process = process;
  }

  *of(item: LuaValue, path: readonly LuaValue[]): Steps<LuaValue> {
    if (item === undefined) return undefined;
    if (this.done.has(item)) return this.done.get(item);
    charge(1);
    const processed = first(yield* finish(callValue(this.process, [item, tableFromArray([...path])])));
    return processed instanceof LuaTable ? yield* this.copy(item, processed, path) : processed;
  }

  private *copy(item: LuaValue, source: LuaTable, path: readonly LuaValue[]): Steps<LuaTable> {
    const copy = new LuaTable();
    this.done.set(item, copy);
    const { key: keyMark, metatable: metatableMark } = sentinels();
    for (const [key, value] of [...entries(source)]) {
      const newKey = yield* this.of(key, [...path, key, keyMark]);
      if (newKey !== undefined) rawSet(copy, newKey, yield* this.of(value, [...path, newKey]));
    }
    const metatable = yield* this.of(visibleMetatable(source), [...path, metatableMark]);
    if (metatable instanceof LuaTable) setMetatable(copy, metatable);
    return copy;
  }
}

function option(options: LuaTable | undefined, name: string): LuaValue {
  return options === undefined ? undefined : rawGet(options, name);
}

function* inspect(root: LuaValue, options: LuaTable | undefined): Steps<Finished> {
  const process = option(options, 'process');
  const value = isTruthy(process) ? yield* new Processor(process).of(root, []) : root;
  const depth = option(options, 'depth');
  const { key, metatable } = sentinels();
  return printValue(value, {
    depth: typeof depth === 'number' ? depth : Number.POSITIVE_INFINITY,
    newline: textOf(option(options, 'newline') ?? '\n'),
    indent: textOf(option(options, 'indent') ?? '  '),
    sentinels: new Map([
      [key, 'inspect.KEY'],
      [metatable, 'inspect.METATABLE'],
    ]),
  });
}

const DOC = 'The value as text; options: depth, newline, indent, process.';
const returns = [result('text', 'string')];

export default defineModule({
  name: 'nauthilus_gll_inspect',
  requires: ['inspect'],
  classes: 'all',
  doc: 'Lua values as text for people.',
  values: () => {
    const { key, metatable } = sentinels();
    return { _VERSION: 'inspect.lua 3.1.0', KEY: key, METATABLE: metatable };
  },
  fields: [
    field('_VERSION', 'string', 'Version of the library that the module is compatible with.'),
    field('KEY', 'table', 'Ends the path that `process` gets for a key.'),
    field('METATABLE', 'table', 'Ends the path that `process` gets for a metatable.'),
  ],
  call: mayWait(
    { doc: DOC, args: [lax('module'), lax('value'), optional(table('options'))], returns },
    (_, value, options) => drive(inspect(value, options)),
  ),
  functions: {
    inspect: mayWait({ doc: DOC, args: [lax('value'), optional(table('options'))], returns }, (value, options) =>
      drive(inspect(value, options)),
    ),
  },
});
