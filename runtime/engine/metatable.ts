/**
 * Metatables: which descriptor belongs to which metatable, `__index` and `__newindex`, and flattened copies of long
 * `__index` chains. Lua 5.1 manual section 2.8.
 *
 * Descriptors stay right because every write that could change one is seen: keys beginning with `__` are never written
 * directly by emitted code, and tables of a flattened chain are `guarded`, so that any string key written to them comes
 * through `rawSetString`.
 */
import type { LuaFunction, LuaResult, LuaValue, Site, StringPart } from '../contract/abi.ts';
import { firstOf, isActivation, MULTI, X } from './call.ts';
import { BLOCKED, type Meta, MetaFamily, NO_ELEMENTS, NO_STRINGS, Strings, TableExtra } from './descriptor.ts';
import { running } from './registers.ts';
import { raiseAt, raiseOperandError, raiseWaitInPlainCode } from './sites.ts';
import {
  freeStrings,
  LuaTable,
  NO_TABLE,
  observeStringKeys,
  ownStrings,
  PLAIN,
  rawGet,
  rawGetNumber,
  rawGetString,
  rawSet,
  rawSetNumber,
  rawSetString,
} from './table.ts';
import { LuaObject } from './value.ts';

/** Longest chain of `__index` or `__newindex` (`MAXTAGLOOP` of Lua 5.1). */
const LONGEST_CHAIN = 100;

function extraOf(table: LuaTable): TableExtra {
  table.x ??= new TableExtra();
  return table.x;
}

/** The descriptors of values whose metatable is `table`. */
export function familyOf(table: LuaTable): MetaFamily {
  const extra = extraOf(table);
  if (extra.family === null) {
    extra.family = new MetaFamily(table, NO_TABLE);
    refreshFamily(extra.family);
  }
  return extra.family;
}

/** The descriptors shared by all tables whose metatable is a fresh `{__index = table}` that nobody has looked at. */
function indexFamilyOf(table: LuaTable): MetaFamily {
  const extra = extraOf(table);
  if (extra.indexFamily === null) {
    extra.indexFamily = new MetaFamily(undefined, NO_TABLE);
    extra.indexFamily.index = table;
    describeFamily(extra.indexFamily);
  }
  return extra.indexFamily;
}

/** Reads the events of a metatable anew and describes them. */
function refreshFamily(family: MetaFamily): void {
  if (family.table === undefined) return;
  family.index = rawGetString(family.table, '__index');
  family.newindex = rawGetString(family.table, '__newindex');
  family.len = rawGetString(family.table, '__len');
  family.handlers = null;
  dropFlattened(family);
  dropDependents(family);
  describeFamily(family);
}

function describeFamily(family: MetaFamily): void {
  const { index, newindex, len, normal, guarded, dictionary, object } = family;
  const indexTable = index instanceof LuaTable ? index : NO_TABLE;
  // The string part of an index table must be its final one, because descriptors hold it.
  const inherited = indexTable === NO_TABLE ? NO_STRINGS : ownStrings(indexTable);
  const blocked = newindex === undefined ? null : BLOCKED;
  for (const meta of [normal, guarded, object]) {
    meta.ix = indexTable;
    meta.c = inherited;
    meta.leaf = index === undefined && meta !== object;
    meta.ni = blocked;
    meta.ln = len === undefined ? null : BLOCKED;
  }
  dictionary.ni = blocked;
  dictionary.nih = BLOCKED;
  dictionary.ln = normal.ln;
  normal.nih = blocked;
  guarded.nih = BLOCKED;
  guarded.up = newindex === undefined ? normal : null;
  object.ni = BLOCKED;
  object.nih = BLOCKED;
  object.ln = BLOCKED;
}

observeStringKeys((table, key) => {
  const extra = table.x;
  if (extra === null) return;
  if (extra.watchers !== null) for (const family of [...extra.watchers]) dropFlattened(family);
  if (extra.family !== null && key.startsWith('__')) refreshFamily(extra.family);
});

/** Copies the inherited string keys of a long chain into one object, if the chain consists of ordinary tables. */
function flatten(family: MetaFamily): void {
  family.deepReads = 0;
  const chain = indexChain(family);
  if (chain === undefined) {
    family.flattenAfter *= 2;
    return;
  }
  const all = flatCopy(chain);
  for (const table of chain) {
    const extra = extraOf(table);
    extra.watchers ??= new Set();
    extra.watchers.add(family);
    if (table.$mt.kind === 'normal') table.$mt = table.$mt.family.guarded;
    const link = table.$mt.family;
    if (link === PLAIN) continue;
    link.dependents ??= new Set();
    link.dependents.add(family);
  }
  family.flattened = chain;
  setInherited(family, all, true);
}

function setInherited(family: MetaFamily, inherited: StringPart, leaf: boolean): void {
  for (const meta of [family.normal, family.guarded, family.object]) {
    meta.c = inherited;
    meta.leaf = leaf && meta !== family.object;
  }
}

/** The tables a missing key is looked for in; undefined if that involves a function, the map of a table, or a loop. */
function indexChain(family: MetaFamily): LuaTable[] | undefined {
  const chain: LuaTable[] = [];
  for (let link = family; link.index !== undefined; ) {
    const table = link.index;
    if (!(table instanceof LuaTable) || table.$mt.kind === 'dictionary') return undefined;
    if (chain.includes(table) || chain.length === LONGEST_CHAIN) return undefined;
    chain.push(table);
    link = table.$mt.family;
  }
  return chain;
}

/** So many keys with computed names do not make V8 give up a hidden class that all copies with these keys share. */
const FEW_KEYS = 12;

function flatCopy(chain: readonly LuaTable[]): StringPart {
  const all = new Strings();
  for (const table of chain.toReversed()) {
    for (const name in table.$h) {
      const value = table.$h[name];
      if (value !== undefined) all[name] = value;
    }
  }
  return Object.keys(all).length <= FEW_KEYS ? all : toFastObject(all);
}

/** V8 keeps an object that was filled by computed names as a hash table; one that is a prototype it makes fast. */
function toFastObject(strings: StringPart): StringPart {
  const child = Object.create(strings) as StringPart;
  // Reading through the child is what makes V8 turn its prototype into a fast object.
  for (let i = 0; i < 2; i++) Reflect.get(child, '');
  return strings;
}

function dropFlattened(family: MetaFamily): void {
  const chain = family.flattened;
  if (chain === null) return;
  family.flattened = null;
  family.flattenAfter *= 2;
  family.deepReads = 0;
  for (const table of chain) {
    table.$mt.family.dependents?.delete(family);
    unwatch(table, family);
  }
  setInherited(family, family.normal.ix === NO_TABLE ? NO_STRINGS : family.normal.ix.$h, false);
}

function unwatch(table: LuaTable, family: MetaFamily): void {
  const extra = extraOf(table);
  extra.watchers?.delete(family);
  if (extra.watchers?.size !== 0) return;
  extra.watchers = null;
  freeStrings(table);
}

function dropDependents(family: MetaFamily): void {
  if (family.dependents === null) return;
  for (const dependent of [...family.dependents]) dropFlattened(dependent);
}

/** Sets or removes the metatable, without regard to `__metatable`. */
export function setMetatable(value: LuaTable | LuaObject, metatable: LuaTable | undefined): void {
  setFamily(value, metatable === undefined ? PLAIN : familyOf(metatable));
}

function setFamily(value: LuaTable | LuaObject, family: MetaFamily): void {
  if (value instanceof LuaObject) {
    value.$mt = family.object;
    return;
  }
  const watchers = value.x?.watchers;
  if (watchers) for (const watcher of [...watchers]) dropFlattened(watcher);
  value.$mt = family.of(value.$mt.kind);
}

/** `setmetatable(table, metatable)` for a table that has none and can get one; else false. */
export function attachMetatable(table: LuaValue, metatable: LuaValue): boolean {
  if (!(table instanceof LuaTable) || !(metatable instanceof LuaTable) || table.$mt.family !== PLAIN) return false;
  setFamily(table, familyOf(metatable));
  return true;
}

/**
 * `setmetatable(table, {__index = index})` for a table without metatable: all such tables share one descriptor, and the
 * metatable is only made when somebody asks for it, which nobody can tell. False if it does not apply.
 */
export function setIndexTable(table: LuaValue, index: LuaValue): boolean {
  if (!(table instanceof LuaTable) || !(index instanceof LuaTable) || table.$mt.family !== PLAIN) return false;
  setFamily(table, indexFamilyOf(index));
  return true;
}

/** The metatable, `__metatable` not considered (Lua 5.1 manual, `debug.getmetatable`). */
export function getMetatable(value: LuaValue): LuaTable | undefined {
  if (!(value instanceof LuaTable || value instanceof LuaObject)) return primitiveMetatable(value);
  const { family } = value.$mt;
  if (family.table !== undefined || family === PLAIN) return family.table;
  const metatable = new LuaTable();
  rawSetString(metatable, '__index', family.index);
  setMetatable(value, metatable);
  return metatable;
}

/** Strings have one metatable per environment, others only if `debug.setmetatable` gave them one. */
function primitiveMetatable(value: LuaValue): LuaTable | undefined {
  const env = running.task?.env;
  if (env === undefined) return undefined;
  return env.primitiveMetatable(typeof value);
}

/** Do strings still have the metatable they start with, which nobody has asked for? */
function stringLibrary(value: LuaValue): LuaTable | undefined {
  const env = typeof value === 'string' ? running.task?.env : undefined;
  return env !== undefined && env.stringMethods === env.string ? env.string : undefined;
}

/** The handler for an event, e.g. `metamethod(v, '__call')`: raw, as Lua 5.1 looks it up. */
export function metamethod(value: LuaValue, event: string): LuaValue {
  if (value instanceof LuaTable || value instanceof LuaObject) {
    const { family } = value.$mt;
    if (family.table !== undefined) return rawGetString(family.table, event);
    return event === '__index' ? family.index : undefined;
  }
  const library = stringLibrary(value);
  if (library !== undefined) return event === '__index' ? library : undefined;
  const metatable = primitiveMetatable(value);
  return metatable === undefined ? undefined : rawGetString(metatable, event);
}

/**
 * Cuts a handler's results to one. A handler that waits is passed on where the code at the site waits for it, and in
 * library code (no site), which has to look; elsewhere it is an error.
 */
export function oneResult(result: LuaResult, site: Site | undefined): LuaResult {
  if (result === MULTI) return X.a;
  if (!isActivation(result)) return result;
  if (site !== undefined && !site.suspends) raiseWaitInPlainCode(site);
  return firstOf(result);
}

/** `object[key]` with metamethods. May return an activation if an `__index` function does. */
export function index(object: LuaValue, key: LuaValue): LuaResult {
  return indexAt(object, key, undefined);
}

export function indexAt(object: LuaValue, key: LuaValue, site: Site | undefined): LuaResult {
  if (object instanceof LuaTable) {
    const value = typeof key === 'string' ? rawGetString(object, key) : rawGet(object, key);
    if (value !== undefined || object.$mt.family.index === undefined) return value;
  }
  return indexChainAt(object, key, site);
}

function indexChainAt(object: LuaValue, key: LuaValue, site: Site | undefined): LuaResult {
  let link = object;
  for (let depth = 0; depth < LONGEST_CHAIN; depth++) {
    let handler: LuaValue;
    if (link instanceof LuaTable) {
      const value = rawGet(link, key);
      handler = link.$mt.family.index;
      if (value !== undefined || handler === undefined) {
        if (depth > 1 && object instanceof LuaTable) countDeepRead(object.$mt, key);
        return value;
      }
    } else {
      handler = metamethod(link, '__index');
      if (handler === undefined) raiseOperandError('index', link, site, depth === 0 ? 'left' : 'unnamed');
    }
    if (typeof handler === 'function') return oneResult(handler(link, key), site);
    link = handler;
  }
  raiseAt(site, 'loop in gettable');
}

function countDeepRead(meta: Meta, key: LuaValue): void {
  const { family } = meta;
  if (typeof key === 'string' && family.flattened === null && ++family.deepReads > family.flattenAfter) flatten(family);
}

/** `object[key] = value` with metamethods. May return an activation if a `__newindex` function does; else undefined. */
export function setIndex(object: LuaValue, key: LuaValue, value: LuaValue): LuaResult {
  return setIndexAt(object, key, value, undefined);
}

/** `object[key]` for a number; nil in an array is as usual as a value. */
export function indexNumber(object: LuaValue, key: number, site: Site | undefined): LuaResult {
  if (object instanceof LuaTable && object.$mt.leaf) return rawGetNumber(object, key);
  return indexAt(object, key, site);
}

/** `object[key] = value` for a number: appending is the usual case. */
export function setNumber(object: LuaValue, key: number, value: LuaValue, site: Site | undefined): LuaResult {
  if (object !== undefined && (object as LuaTable).$mt.ni === null) {
    const table = object as LuaTable;
    const elements = table.$a;
    if (key === elements.length && value !== undefined && table.m === null && elements !== NO_ELEMENTS) {
      elements.push(value);
      return undefined;
    }
    if (!Number.isNaN(key)) {
      rawSetNumber(table, key, value);
      return undefined;
    }
  }
  return setIndexAt(object, key, value, site);
}

export function setIndexAt(object: LuaValue, key: LuaValue, value: LuaValue, site: Site | undefined): LuaResult {
  if (typeof key === 'string' && object instanceof LuaTable && object.$mt.family.newindex === undefined) {
    rawSetString(object, key, value);
    return undefined;
  }
  return setIndexChainAt(object, key, value, site);
}

function setIndexChainAt(object: LuaValue, key: LuaValue, value: LuaValue, site: Site | undefined): LuaResult {
  let link = object;
  for (let depth = 0; depth < LONGEST_CHAIN; depth++) {
    let handler: LuaValue;
    if (link instanceof LuaTable) {
      handler = link.$mt.family.newindex;
      if (handler === undefined || rawGet(link, key) !== undefined) {
        store(link, key, value, site);
        return undefined;
      }
    } else {
      handler = metamethod(link, '__newindex');
      if (handler === undefined) raiseOperandError('index', link, site, depth === 0 ? 'left' : 'unnamed');
    }
    if (typeof handler === 'function') return callNewindex(handler, link, key, value, site);
    link = handler;
  }
  raiseAt(site, 'loop in settable');
}

function callNewindex(
  handler: LuaFunction,
  object: LuaValue,
  key: LuaValue,
  value: LuaValue,
  site: Site | undefined,
): LuaResult {
  const result = oneResult(handler(object, key, value), site);
  return isActivation(result) ? result : undefined;
}

function store(table: LuaTable, key: LuaValue, value: LuaValue, site: Site | undefined): void {
  if (key === undefined) raiseAt(site, 'table index is nil');
  if (typeof key === 'number' && Number.isNaN(key)) raiseAt(site, 'table index is NaN');
  rawSet(table, key, value);
}
