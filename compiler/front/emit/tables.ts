/**
 * Tables: reading and writing fields inline where the layout allows it (runtime/engine/table.ts), constructors by shape.
 */
import type { Expression, Offset, TableField } from '../ast.ts';
import { isMultiple, lineAt } from '../ast.ts';
import { emitElement, emitList } from './calls.ts';
import { type Code, type EmitContext, isFieldName, isPlainFieldName } from './context.ts';
import {
  asHolder,
  emitExpression,
  emitHolder,
  emitOperand,
  hasEffects,
  isRepeatable,
  nameOf,
  sequence,
} from './expressions.ts';
import type { LuaType } from './inference.ts';
import { numberLiteral, propertyAccess, stringLiteral } from './literals.ts';

type Index = Extract<Expression, { kind: 'Index' }>;
type Table = Extract<Expression, { kind: 'Table' }>;

export function emitIndex(node: Index, cx: EmitContext): Code {
  const { object, key } = node;
  if (key.kind === 'String' && isFieldName(key.value)) return emitField(node, key.value, cx);
  const holder = emitHolder(object, cx, hasEffects(key, cx));
  const at = emitOperand(key, cx);
  const type = cx.typeOf(key);
  const site = { at: node.end - 1, left: nameOf(object, cx), event: '__index' };
  const slow = (operation: 'index' | 'indexNumber'): Code => cx.slow(operation, [holder.use, at.use], site);
  if (type !== 'number' && type !== 'any') return sequence([holder.setup, at.setup], slow('index'));
  const t = cx.fn.temporary();
  const inArray = `${definedTest(holder.use, cx.typeOf(object))}(${t} = ${holder.use}.$a[${at.use}]) !== undefined`;
  const test = type === 'number' ? inArray : `typeof ${at.use} === "number" && ${inArray}`;
  return sequence([holder.setup, at.setup], `(${test} ? ${t} : ${slow(type === 'number' ? 'indexNumber' : 'index')})`);
}

/** `use !== undefined && ` where the value may be nil. */
function definedTest(use: Code, type: LuaType): Code {
  return type === 'any' || type === 'nil' ? `${use} !== undefined && ` : '';
}

function emitField(node: Index, name: string, cx: EmitContext): Code {
  const { setup, use } = emitHolder(node.object, cx);
  const t = cx.fn.temporary();
  const site = { at: node.end - 1, left: nameOf(node.object, cx), event: '__index' };
  const slow = cx.slowAccess(cx.reader(name), [use], site);
  const read = `(${t} = ${use}.$h${propertyAccess(name)}) !== undefined ? ${t} : ${slow}`;
  const type = cx.typeOf(node.object);
  if (type !== 'any' && type !== 'nil') return sequence([setup], `(${read})`);
  const defined = setup === '' ? use : `(${setup})`;
  return `(${defined} !== undefined && ${read})`;
}

/** Where a value is to be stored, once object and key were evaluated. */
export interface Target {
  readonly setups: readonly Code[];
  readonly object: Code;
  readonly objectType: LuaType;
  /** Constant name of a field, else undefined. */
  readonly field: string | undefined;
  readonly key: Code;
  readonly keyType: LuaType;
  readonly at: number;
  readonly name: string;
}

/**
 * `mustKeep`: may this variable be assigned before the store? Then its value is kept in a temporary. `storedAt`: where
 * errors of the store are; Lua 5.1 stores when it has read the last value.
 */
export function prepareTarget(
  node: Index,
  mustKeep: (part: Expression) => boolean,
  storedAt: Offset,
  cx: EmitContext,
): Target {
  const setups: Code[] = [];
  const keep = (part: Expression): Code => {
    const code = emitExpression(part, cx);
    if (isRepeatable(part, cx) && !mustKeep(part)) return code;
    const t = cx.fn.temporary();
    setups.push(`${t} = ${code};`);
    return t;
  };
  const object = asHolder(keep(node.object));
  const field = node.key.kind === 'String' && isPlainFieldName(node.key.value) ? node.key.value : undefined;
  const key = field === undefined ? keep(node.key) : stringLiteral(field);
  return {
    setups,
    object,
    objectType: cx.typeOf(node.object),
    field,
    key,
    keyType: cx.typeOf(node.key),
    at: storedAt,
    name: nameOf(node.object, cx),
  };
}

/** Statement that stores `value`, which may be used several times. */
export function emitStore(target: Target, value: Code, cx: EmitContext): Code {
  const { object, key, field, keyType } = target;
  const site = { at: target.at, left: target.name, event: '__newindex' };
  const defined = definedTest(object, target.objectType);
  if (field !== undefined) {
    const slow = cx.slowAccess(cx.writer(field), [object, value], site);
    return `if (${defined}${object}.$mt.nih === null) ${object}.$h${propertyAccess(field)} = ${value}; else ${slow};`;
  }
  const generic = cx.slow('setIndex', [object, key, value], site);
  if (keyType !== 'number' && keyType !== 'any') return `${generic};`;
  const t = cx.fn.temporary();
  const slow = cx.slow('setNumber', [object, key, value], site);
  const inArray = `${defined}${key} < (${t} = ${object}.$a).length && ${t}[${key}] !== undefined`;
  const store = `if (${inArray}) ${t}[${key}] = ${value}; else ${slow};`;
  return keyType === 'number' ? store : `if (typeof ${key} === "number") { ${store} } else ${generic};`;
}

/** Constructors with more names than this are filled one by one: V8 would not keep the object fast. */
const MOST_SHAPE_NAMES = 100;

export function emitTable(node: Table, cx: EmitContext): Code {
  const named = node.fields.filter((field) => field.kind !== 'PositionalField');
  const positional = node.fields.filter((field) => field.kind === 'PositionalField').map((field) => field.value);
  const names = named.map(nameOfField);
  if (named.length === 0)
    return positional.length === 0 ? emptyTable(cx) : newTable(undefined, emitList(positional, cx, ['undefined']), cx);
  const distinct = new Set(names);
  if (distinct.has(undefined) || distinct.size < names.length || names.length > MOST_SHAPE_NAMES) {
    return emitComputedTable(node, positional, cx);
  }
  const shape = cx.shape(names as string[]);
  if (positional.length === 0) {
    const values = named.map((field) => emitElement(field.value, cx));
    return newTable(`new ${shape}(${values.join(', ')})`, undefined, cx);
  }
  const { setups, code } = inSourceOrder(node.fields, cx);
  const values = named.map((field) => code.get(field) as Code);
  return sequence(setups, newTable(`new ${shape}(${values.join(', ')})`, elementList(node.fields, code, cx), cx));
}

function nameOfField(field: TableField): string | undefined {
  if (field.kind === 'NamedField') return isFieldName(field.name) ? field.name : undefined;
  if (field.kind !== 'ComputedField' || field.key.kind !== 'String') return undefined;
  return isFieldName(field.key.value) ? field.key.value : undefined;
}

export function emptyTable(cx: EmitContext): Code {
  return `new ${cx.api('Table')}(${cx.api('NO_STRINGS')}, ${cx.api('NO_ELEMENTS')}, ${cx.api('BARE')})`;
}

function newTable(strings: Code | undefined, elements: Code | undefined, cx: EmitContext): Code {
  const meta = cx.api(strings === undefined ? 'BARE' : 'PLAIN');
  return `new ${cx.api('Table')}(${strings ?? cx.api('NO_STRINGS')}, ${elements ?? cx.api('NO_ELEMENTS')}, ${meta})`;
}

/** Evaluates the fields into temporaries in source order, where they are not constants. */
function inSourceOrder(
  fields: readonly TableField[],
  cx: EmitContext,
): { setups: Code[]; code: Map<TableField, Code> } {
  const setups: Code[] = [];
  const code = new Map<TableField, Code>();
  fields.forEach((field, i) => {
    // A last field of any number of values comes last in any case.
    if (field.kind === 'PositionalField' && i === fields.length - 1 && isMultiple(field.value)) return;
    const value = emitOperand(field.value, cx, true);
    setups.push(value.setup);
    code.set(field, value.use);
  });
  return { setups, code };
}

function elementList(fields: readonly TableField[], code: ReadonlyMap<TableField, Code>, cx: EmitContext): Code {
  const fixed = ['undefined'];
  for (const field of fields) {
    if (field.kind !== 'PositionalField') continue;
    const value = code.get(field);
    if (value === undefined) return emitList([field.value], cx, fixed);
    fixed.push(value);
  }
  return `[${fixed.join(', ')}]`;
}

/** Keys and values in source order as one list, positional values as another: the engine stores these last. */
function emitComputedTable(node: Table, positional: readonly Expression[], cx: EmitContext): Code {
  const at = node.end - 1;
  const last = lastEffect(node, cx);
  if (positional.length === 0) {
    const pairs = node.fields.flatMap((field, i) => {
      const mark = cx.fn.mark();
      const pair = emitPair(field, mustCheckKey(node, i, last, cx), cx);
      cx.fn.release(mark);
      return pair;
    });
    return cx.slow('tableFrom', [`[${pairs.join(', ')}]`, cx.api('NO_ELEMENTS')], { at });
  }
  const setups: Code[] = [];
  const pairs: Code[] = [];
  const code = new Map<TableField, Code>();
  node.fields.forEach((field, i) => {
    if (field.kind === 'PositionalField' && i === node.fields.length - 1 && isMultiple(field.value)) return;
    if (field.kind === 'ComputedField') {
      const key = emitOperand(field.key, cx, true);
      setups.push(key.setup);
      pairs.push(key.use);
    } else if (field.kind === 'NamedField') {
      pairs.push(stringLiteral(field.name));
    }
    if (mustCheckKey(node, i, last, cx)) {
      const t = cx.fn.temporary();
      setups.push(
        `${t} = ${cx.slow('keyed', [pairs.at(-1) as Code, emitExpression(field.value, cx)], { at: field.value.end - 1 })}`,
      );
      pairs.push(t);
      return;
    }
    const value = emitOperand(field.value, cx, true);
    setups.push(value.setup);
    if (field.kind === 'PositionalField') code.set(field, value.use);
    else pairs.push(value.use);
  });
  const elements = elementList(node.fields, code, cx);
  return sequence(setups, cx.slow('tableFrom', [`[${pairs.join(', ')}]`, elements], { at }));
}

/** Index of the last field whose evaluation runs anything. */
function lastEffect({ fields }: Table, cx: EmitContext): number {
  return fields.findLastIndex(
    (field) => hasEffects(field.value, cx) || (field.kind === 'ComputedField' && hasEffects(field.key, cx)),
  );
}

/**
 * May this key be nil or NaN, and would more of the program run before the engine finds that, or the error stand
 * elsewhere? `last` is the field from `lastEffect`.
 */
function mustCheckKey({ fields, end }: Table, i: number, last: number, cx: EmitContext): boolean {
  const field = fields[i];
  if (field?.kind !== 'ComputedField' || field.key.kind === 'Number' || isSafeKey(cx.typeOf(field.key))) return false;
  return i < last || lineAt(cx.chunk, field.value.end - 1) !== lineAt(cx.chunk, end - 1);
}

function emitPair(field: TableField, mustCheck: boolean, cx: EmitContext): Code[] {
  const key = keyCode(field, cx);
  if (!mustCheck) return [key, emitExpression(field.value, cx)];
  const t = cx.fn.temporary();
  return [`${t} = ${key}`, cx.slow('keyed', [t, emitExpression(field.value, cx)], { at: field.value.end - 1 })];
}

function isSafeKey(type: LuaType): boolean {
  return type !== 'any' && type !== 'nil' && type !== 'number';
}

function keyCode(field: TableField, cx: EmitContext): Code {
  if (field.kind === 'NamedField') return stringLiteral(field.name);
  if (field.kind === 'ComputedField') return emitExpression(field.key, cx);
  return numberLiteral(0);
}
