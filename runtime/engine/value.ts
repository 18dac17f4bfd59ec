/** Kinds of Lua values: type names, truth, and the base of everything that is neither primitive, table nor function. */
import type { LuaValue, ObjectLayout, StringPart } from '../contract/abi.ts';
import { type Meta, NO_ELEMENTS, NO_STRINGS } from './descriptor.ts';
import { LuaTable, PLAIN } from './table.ts';

export type LuaTypeName =
  | 'nil'
  | 'boolean'
  | 'number'
  | 'string'
  | 'table'
  | 'function'
  | 'userdata'
  | 'thread'
  | 'channel';

/** Base of userdata and coroutines. Its metatable is set with `setMetatable`. */
export class LuaObject implements ObjectLayout {
  $h: StringPart = NO_STRINGS;
  $a: LuaValue[] = NO_ELEMENTS;
  $mt: Meta = PLAIN.object;

  /** What `type` says; coroutines and channels override it. */
  get luaType(): 'userdata' | 'thread' | 'channel' {
    return 'userdata';
  }
}

/** Lua 5.1 manual, `type`. */
export function typeName(value: LuaValue): LuaTypeName {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'boolean':
    case 'number':
    case 'string':
    case 'function':
      return typeof value as 'boolean' | 'number' | 'string' | 'function';
    default:
      if (value instanceof LuaTable) return 'table';
      return value instanceof LuaObject ? value.luaType : 'userdata';
  }
}

/** Everything but nil and false is true. */
export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}
