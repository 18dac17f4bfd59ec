/**
 * Handles that scripts hold: a typed payload behind methods. Scripts can call what is listed and nothing else. The
 * metatable belongs to the environment, like everything a script can change.
 */
import type { HostField, HostUserdata } from '../contract/host.ts';
import {
  argumentError,
  type Library,
  LuaObject,
  type LuaTable,
  type LuaValue,
  libraryTable,
  perEnvironment,
  rawGet,
  setMetatable,
  tableFromEntries,
} from '../engine/api.ts';
import { type Declarations, defineFunctions, describeFunctions, once } from './define.ts';
import { type Argument, type Slot, typeMismatch } from './signature.ts';

/** A Lua value of type userdata; only the kind that made it reads the payload. */
export class Userdata<T = unknown> extends LuaObject {
  readonly kind: UserdataKind<T>;
  readonly payload: T;

  constructor(kind: UserdataKind<T>, payload: T) {
    super();
    this.kind = kind;
    this.payload = payload;
  }

  override get luaType(): TypeName {
    return this.kind.type;
  }
}

/** What `type` says of an object. */
type TypeName = 'userdata' | 'channel';

/** Fields of an object; unknown ones read as nil, and assigning to them does nothing or raises. */
export interface Properties<T> {
  /** What there is, for documentation. */
  readonly fields: readonly HostField[];
  get(payload: T, name: string): LuaValue;
  set?(payload: T, name: string, value: LuaValue): void;
}

/** One kind of userdata: its name, its methods, and the only way to make and open such values. */
export class UserdataKind<T> {
  readonly name: string;
  readonly type: TypeName;
  private readonly mismatch: string;
  private methods: Declarations = {};
  private library: (() => Library) | undefined;
  private properties: Properties<T> | undefined;
  /** The metatable of this kind in the running environment. */
  readonly metatable: () => LuaTable;

  /** `mismatch` is the detail of the argument error for userdata of another kind. */
  constructor(name: string, mismatch = `${name} expected`, type: TypeName = 'userdata') {
    this.name = name;
    this.type = type;
    this.mismatch = mismatch;
    this.metatable = perEnvironment(() => this.makeMetatable());
  }

  /** Says which methods the kind has; called once, by the module that owns it. Their first argument is `self()`. */
  has(methods: Declarations): this {
    this.methods = methods;
    this.library = once(() => defineFunctions(this.name, methods));
    return this;
  }

  /** Says which fields of an object can be read and assigned; a method's name wins. Any script may set them. */
  withProperties(properties: Properties<T>): this {
    this.properties = properties;
    this.library ??= once(() => defineFunctions(this.name, this.methods));
    return this;
  }

  make(payload: T): Userdata<T> {
    const made = new Userdata(this, payload);
    if (this.library !== undefined) setMetatable(made, this.metatable());
    return made;
  }

  /** The payload, if the value is of this kind. */
  open(value: LuaValue): T | undefined {
    return this.isKindOf(value) ? value.payload : undefined;
  }

  /** Argument description of a value of this kind. */
  argument(name: string): Argument<T> {
    return Object.freeze({
      name,
      type: this.name,
      optional: false,
      variadic: false,
      take: (value: LuaValue, slot: Slot, count: number) => this.take(value, slot, count),
    });
  }

  /** Argument description of the object before the colon. */
  self(): Argument<T> {
    return Object.freeze({ ...this.argument('self'), isSelf: true as const });
  }

  describe(): HostUserdata {
    return { name: this.name, methods: describeFunctions(this.methods), fields: this.properties?.fields ?? [] };
  }

  private take(value: LuaValue, slot: Slot, count: number): T {
    if (this.isKindOf(value)) return value.payload;
    if (value instanceof LuaObject && value.luaType === 'userdata') {
      return argumentError(slot.index, slot.functionName, this.mismatch);
    }
    return typeMismatch(this.type, value, slot, count);
  }

  private isKindOf(value: LuaValue): value is Userdata<T> {
    return value instanceof Userdata && value.kind === this;
  }

  private makeMetatable(): LuaTable {
    if (this.library === undefined) return tableFromEntries([]);
    const methods = libraryTable(this.library());
    const { properties } = this;
    if (properties === undefined) return tableFromEntries([['__index', methods]]);
    return tableFromEntries([
      ['__index', (object, key) => this.read(object, key, methods)],
      ['__newindex', (object, key, value) => this.write(object, key, value)],
    ]);
  }

  private read(object: LuaValue, key: LuaValue, methods: LuaTable): LuaValue {
    const method = rawGet(methods, key);
    if (method !== undefined || !this.isKindOf(object) || typeof key !== 'string') return method;
    return this.properties?.get(object.payload, key);
  }

  private write(object: LuaValue, key: LuaValue, value: LuaValue): undefined {
    if (this.isKindOf(object) && typeof key === 'string') this.properties?.set?.(object.payload, key, value);
  }
}
