/**
 * Metatable descriptors: one `MetaFamily` per metatable (and one for "no metatable"), with one `Meta` per state a table
 * can be in. An access reads the table's descriptor and never asks "is there a metatable?". Built in metatable.ts.
 */
import type { LuaValue, MetaLayout, StringPart } from '../contract/abi.ts';
import type { LuaTable } from './table.ts';

/** Prototype of every string part: no inherited names, so `constructor` or `__proto__` are ordinary keys. */
export const NO_PROTOTYPE: StringPart = Object.setPrototypeOf({}, null);

/** A string part. */
export const Strings: new () => StringPart = (() => {
  function Strings(): void {}
  Strings.prototype = NO_PROTOTYPE;
  return Strings as unknown as new () => StringPart;
})();

/** Shared by all tables without string keys; never written. */
export const NO_STRINGS: StringPart = new Strings();

/** Shared by all tables without array part; never written. An ordinary array, so that all elements have one kind. */
export const NO_ELEMENTS: LuaValue[] = [undefined];

/** Marks "ask the slow path" in `ni`, `nih` and `ln`. */
export const BLOCKED: object = { blocked: true };

/** `normal`: string keys may be written freely; `guarded`: they may not; `dictionary`: some live in the map. */
export type MetaKind = 'normal' | 'guarded' | 'dictionary' | 'object';

export class Meta implements MetaLayout {
  ix: LuaTable;
  c: StringPart = NO_STRINGS;
  leaf = false;
  ni: object | null = null;
  nih: object | null = null;
  ln: object | null = null;
  up: Meta | null = null;
  readonly kind: MetaKind;
  readonly family: MetaFamily;

  /** `noTable` is undefined only while the first family is made; table.ts then sets `ix`. */
  constructor(kind: MetaKind, family: MetaFamily, noTable: LuaTable | undefined) {
    this.ix = noTable as LuaTable;
    this.kind = kind;
    this.family = family;
  }
}

/**
 * After this many look-ups through two or more tables the chain is flattened; doubled at every invalidation. Soon, because
 * every hidden class that an access has met before counts for V8's limit of four.
 */
const FIRST_FLATTEN_AFTER = 4;

export class MetaFamily {
  /** The metatable; undefined for "none" and for a shared `{__index = C}` nobody has asked for yet. */
  table: LuaTable | undefined;
  /** Values of the events that are read often, kept up to date by `refreshFamily`. */
  index: LuaValue = undefined;
  newindex: LuaValue = undefined;
  len: LuaValue = undefined;
  /** Those of the operators, read when one is first needed, see handlers.ts. */
  handlers: readonly LuaValue[] | null = null;
  readonly normal: Meta;
  readonly guarded: Meta;
  readonly dictionary: Meta;
  readonly object: Meta;
  deepReads = 0;
  flattenAfter: number = FIRST_FLATTEN_AFTER;
  /** While `c` is a flattened copy: the tables it was made from. */
  flattened: readonly LuaTable[] | null = null;
  /** Families whose flattened copies lead through a table with this metatable. */
  dependents: Set<MetaFamily> | null = null;

  constructor(table: LuaTable | undefined, noTable: LuaTable | undefined) {
    this.table = table;
    this.normal = new Meta('normal', this, noTable);
    this.guarded = new Meta('guarded', this, noTable);
    this.dictionary = new Meta('dictionary', this, noTable);
    this.object = new Meta('object', this, noTable);
  }

  of(kind: MetaKind): Meta {
    switch (kind) {
      case 'normal':
        return this.normal;
      case 'guarded':
        return this.guarded;
      case 'dictionary':
        return this.dictionary;
      default:
        return this.object;
    }
  }
}

/** Rare facts about a table. */
export class TableExtra {
  /** Its descriptors, if it is a metatable. */
  family: MetaFamily | null = null;
  /** The shared descriptors of metatables `{__index = this table}` that nobody has looked at. */
  indexFamily: MetaFamily | null = null;
  /** Families that hold a flattened copy of this table. */
  watchers: Set<MetaFamily> | null = null;
}
