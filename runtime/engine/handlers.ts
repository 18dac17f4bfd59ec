/** Handlers of the operators (Lua 5.1 manual section 2.8), kept per metatable so that no use of an operator looks one up by name. */
import type { LuaValue } from '../contract/abi.ts';
import type { MetaFamily } from './descriptor.ts';
import { metamethod } from './metatable.ts';
import { LuaTable, rawGetString } from './table.ts';
import { LuaObject } from './value.ts';

/** An event of an operator: its key in metatables, and its place in `MetaFamily.handlers`. */
export interface OperatorEvent {
  readonly key: string;
  readonly slot: number;
}

const NAMES = ['add', 'sub', 'mul', 'div', 'mod', 'pow', 'unm', 'concat', 'len', 'eq', 'lt', 'le'] as const;

/** The events of the operators by name, without underscores. */
export const EVENTS = Object.fromEntries(NAMES.map((name, slot) => [name, { key: `__${name}`, slot }])) as Readonly<
  Record<(typeof NAMES)[number], OperatorEvent>
>;

/** What `metamethod` gives for the event of an operator. */
export function handlerOf(value: LuaValue, event: OperatorEvent): LuaValue {
  if (!(value instanceof LuaTable || value instanceof LuaObject)) return metamethod(value, event.key);
  const { family } = value.$mt;
  return (family.handlers ?? readHandlers(family))[event.slot];
}

/** Forgotten again by `refreshFamily` when an event of the metatable changes. */
function readHandlers(family: MetaFamily): readonly LuaValue[] {
  const { table } = family;
  family.handlers = NAMES.map((name) => (table === undefined ? undefined : rawGetString(table, `__${name}`)));
  return family.handlers;
}
