/** Arguments that nobody should give, and calls with them. */
import type { HostParameter } from '../../runtime/contract/host.ts';
import {
  LuaError,
  LuaTable,
  type LuaValue,
  rawSet,
  setMetatable,
  tableFromArray,
  tableFromEntries,
  typeName,
} from '../../runtime/engine/api.ts';
import { Coroutine } from '../../runtime/engine/coroutine.ts';
import { UserdataKind } from '../../runtime/host/userdata.ts';

/** What takes quadratic time takes many seconds with it. */
const HUGE = 'x'.repeat(2 ** 18);
const strange = new UserdataKind<null>('strange');

function selfContaining(): LuaTable {
  const table = new LuaTable();
  rawSet(table, 1, table);
  rawSet(table, 'self', table);
  return table;
}

/** Deeper than the stack of who looks at it by calling itself; made once, since it takes long. */
const DEEP = nest(50_000);

function nest(levels: number): LuaTable {
  let table = new LuaTable();
  for (let level = 0; level < levels; level++) table = tableFromArray([table]);
  return table;
}

/** Raises when it is looked at in any way but a raw one. */
function hostile(): LuaTable {
  const refuse = () => {
    throw new LuaError('hostile');
  };
  const events = 'index newindex call tostring len concat eq lt le unm add'.split(' ');
  const table = tableFromArray(['a']);
  setMetatable(table, tableFromEntries(events.map((event) => [`__${event}`, refuse] as const)));
  return table;
}

function keyed(value: LuaValue): LuaTable {
  const table = new LuaTable();
  for (const key of [1e9, -1, 0.5, '', 'x', '__proto__', '\xff']) rawSet(table, key, value);
  return table;
}

/** Made anew for each call: functions may keep or change what they are given. */
const BAD: readonly (() => LuaValue)[] = [
  () => undefined,
  () => true,
  () => 0,
  () => -1,
  () => 0.5,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -(2 ** 63),
  () => 1e308,
  () => '',
  () => '12',
  () => '\0',
  () => '\xff\xfe\x80bin\0ary',
  () => '%s%n$1{{}}*?[(\\',
  () => '\r\nX: y',
  () => HUGE,
  () => new LuaTable(),
  () => tableFromArray([true, 0.5, '\xff', new LuaTable()]),
  () => tableFromArray([HUGE, HUGE]),
  () => keyed('x'),
  () => keyed(new LuaTable()),
  selfContaining,
  () => tableFromArray([DEEP]),
  hostile,
  () =>
    (...given) =>
      given[0],
  () => strange.make(null),
  () => new Coroutine(() => undefined),
];

/** Reads as a short text and takes everything. */
function stream(): LuaTable {
  let rest: string | undefined = 'a: 1';
  const read = () => {
    const text = rest;
    rest = undefined;
    return text;
  };
  return tableFromEntries([
    ['read', read],
    ['write', () => undefined],
  ]);
}

/** A value that fits the declared type, as far as one can be made here. */
function fitting({ name, type }: HostParameter, objects: ReadonlyMap<string, LuaValue>): LuaValue {
  if (name === 'reader' || name === 'writer') return stream();
  if (objects.has(type)) return objects.get(type);
  if (type.includes("'default'")) return 'default';
  if (type.includes('string') || type === 'any') return 'a';
  if (type.includes('number') || type.includes('integer')) return 1;
  if (type.includes('boolean')) return true;
  if (type.includes('table') || type.endsWith('[]')) return new LuaTable();
  return type.includes('function') ? (...given) => given[0] : undefined;
}

/** A call and what reports call it. */
export interface Case {
  readonly args: readonly LuaValue[];
  readonly shown: string;
}

export function shown(args: readonly LuaValue[]): string {
  return args
    .map((each) =>
      typeof each === 'string' ? JSON.stringify(each.slice(0, 20)) : `${typeName(each)} ${String(each).slice(0, 20)}`,
    )
    .join(', ');
}

/** What the other keys of a table hold while one of them is bad. */
const FILLS: readonly (() => LuaValue)[] = [() => 'a', () => 1, () => new LuaTable(), () => tableFromArray(['a'])];

/** Tables in which one of the keys has a bad value, in each place that takes a table. */
export function* casesOfKeys(
  params: readonly HostParameter[],
  objects: ReadonlyMap<string, LuaValue>,
  keys: readonly string[],
): Generator<Case> {
  const places = params.flatMap(({ type }, place) => (type.includes('table') ? place : []));
  for (const place of places) {
    for (const key of keys) {
      for (const fill of FILLS) {
        for (const make of BAD) {
          const args = params.map((each) => fitting(each, objects));
          const value = make();
          args[place] = tableFromEntries([...keys.map((each) => [each, fill()] as const), [key, value]]);
          yield { args, shown: `${key} = ${shown([value])} among ${shown([fill()])}` };
        }
      }
    }
  }
}

/** Nothing, everything that fits, and each bad value in each place with fitting ones around it. */
export function* casesOf(params: readonly HostParameter[], objects: ReadonlyMap<string, LuaValue>): Generator<Case> {
  const good = () => params.map((each) => fitting(each, objects));
  const places = Math.max(1, params.length);
  const lists = [[], good(), [...good(), 'more', 1, new LuaTable()]];
  for (let place = 0; place < places; place++) {
    for (const make of BAD) {
      const args = good();
      args[place] = make();
      lists.push(args);
      if (place + 1 < args.length) lists.push(args.slice(0, place + 1));
    }
  }
  for (const args of lists) yield { args, shown: shown(args) };
}
