/** Expressions: which emitter for which node, and the forms a value is needed in (once, twice, as a truth value). */
import type { Expression, Name } from '../ast.ts';
import { emitCallResult, emitSingleCall } from './calls.ts';
import { type Code, type EmitContext, operandName } from './context.ts';
import { emitFunction } from './functions.ts';
import { numberLiteral, stringLiteral } from './literals.ts';
import { emitLogical, emitLogicalTest } from './logical.ts';
import { emitBinary, emitConcat, emitUnary } from './operators.ts';
import { emitIndex, emitTable } from './tables.ts';
import { readVariable } from './variables.ts';

type ExpressionEmitters = {
  readonly [K in Expression['kind']]: (node: Extract<Expression, { kind: K }>, cx: EmitContext) => Code;
};

/** One value each. A new kind of expression without emitter is a type error here. */
const EMITTERS: ExpressionEmitters = {
  Nil: () => 'undefined',
  Boolean: (node) => String(node.value),
  Number: (node) => numberLiteral(node.value),
  String: (node) => stringLiteral(node.value),
  Vararg: () => 'va[0]',
  Function: emitFunction,
  Name: readVariable,
  Index: emitIndex,
  Call: emitSingleCall,
  MethodCall: emitSingleCall,
  Parenthesised: (node, cx) => emitExpression(node.inner, cx),
  Binary: emitBinary,
  Concat: emitConcat,
  Logical: emitLogical,
  Unary: emitUnary,
  Table: emitTable,
};

/** An expression costs about as much as this many tokens to read. */
const WORK_PER_EXPRESSION = 5;

/** Exactly one value. */
export function emitExpression<N extends Expression>(node: N, cx: EmitContext): Code {
  cx.options.onWork?.(WORK_PER_EXPRESSION);
  const emit = EMITTERS[node.kind] as (node: N, cx: EmitContext) => Code;
  return emit(node, cx);
}

/** Any number of values, as a function returns them: the last expression of a list. */
export function emitMulti(node: Expression, cx: EmitContext): Code {
  if (node.kind === 'Vararg') return `${cx.api('resultsFrom')}(va)`;
  if (node.kind === 'Call' || node.kind === 'MethodCall') return emitCallResult(node, cx);
  return emitExpression(node, cx);
}

/** An operand that is needed more than once: `setup` must run first (`''` if nothing has to), then `use` is free. */
export interface Operand {
  readonly setup: Code;
  readonly use: Code;
}

/** May the expression be emitted several times, at any later point of the operation it belongs to? */
export function isRepeatable(node: Expression, cx: EmitContext, laterEffects = false): boolean {
  switch (node.kind) {
    case 'Nil':
    case 'Boolean':
    case 'Number':
    case 'String':
      return true;
    case 'Parenthesised':
      return isRepeatable(node.inner, cx, laterEffects);
    case 'Name':
      return isRepeatableName(node, cx, laterEffects);
    case 'Call':
    case 'MethodCall':
      return cx.fn.made.get(node)?.raw === false;
    default:
      return false;
  }
}

function isRepeatableName(node: Name, cx: EmitContext, laterEffects: boolean): boolean {
  const binding = cx.resolution.bindingOf.get(node);
  if (binding === undefined || binding === 'global') return false;
  // Boxes and closures' variables could be changed by a call in an operand further right.
  const local = cx.local(binding);
  return !laterEffects || local.writes === 'once' || !local.captured;
}

/** `laterEffects`: an operand further right contains a call, which could assign a captured variable. */
export function emitOperand(node: Expression, cx: EmitContext, laterEffects = false): Operand {
  const code = emitExpression(node, cx);
  if (isRepeatable(node, cx, laterEffects)) return { setup: '', use: code };
  const t = cx.fn.temporary();
  return { setup: `${t} = ${code}`, use: t };
}

/** An operand whose properties are accessed: JavaScript reads a digit and a dot as one number. */
export function emitHolder(node: Expression, cx: EmitContext, laterEffects = false): Operand {
  const { setup, use } = emitOperand(node, cx, laterEffects);
  return { setup, use: asHolder(use) };
}

export function asHolder(code: Code): Code {
  return /^\d/.test(code) ? `(${code})` : code;
}

/** `setup1, setup2, …, code` as one expression. */
export function sequence(setups: readonly Code[], code: Code): Code {
  const parts = setups.filter((setup) => setup !== '');
  return parts.length === 0 ? code : `(${[...parts, code].join(', ')})`;
}

/** Can evaluating this run other Lua code? */
export function hasEffects(node: Expression, cx: EmitContext): boolean {
  return !isRepeatable(node, cx) && node.kind !== 'Function' && node.kind !== 'Vararg';
}

/** A JS boolean: is the value neither nil nor false? */
export function emitTest(node: Expression, cx: EmitContext): Code {
  switch (node.kind) {
    case 'Logical':
      return emitLogicalTest(node, cx);
    case 'Parenthesised':
      return emitTest(node.inner, cx);
    case 'Unary':
      if (node.operator === 'not') return `!${emitTest(node.operand, cx)}`;
      break;
  }
  const code = emitExpression(node, cx);
  switch (cx.typeOf(node)) {
    case 'boolean':
      return code;
    case 'nil':
      return isRepeatable(node, cx) ? 'false' : `(${code}, false)`;
    case 'any':
      return isRepeatable(node, cx) ? `(${code} !== undefined && ${code} !== false)` : testOnce(code, cx);
    default:
      return isRepeatable(node, cx) ? 'true' : `(${code}, true)`;
  }
}

function testOnce(code: Code, cx: EmitContext): Code {
  const t = cx.fn.temporary();
  return `((${t} = ${code}) !== undefined && ${t} !== false)`;
}

/** How an error message names the value of this expression: `local 'x'`; '' for a temporary. */
export function nameOf(node: Expression, cx: EmitContext): string {
  switch (node.kind) {
    case 'Name':
      return nameOfVariable(node, cx);
    case 'Index':
      return operandName('field', fieldName(node.key));
    case 'MethodCall':
      return '';
    case 'Parenthesised':
      return isCallOrVararg(node.inner) ? '' : nameOf(node.inner, cx);
    default:
      return '';
  }
}

function fieldName(key: Expression): string {
  const value = constantOf(key)?.value;
  return typeof value === 'string' ? value : '?';
}

interface Constant {
  readonly value: undefined | boolean | number | string;
}

/** The value that PUC Lua knows the expression to have: it folds `not`, and `and` and `or` behind constants that do not decide. */
function constantOf(node: Expression): Constant | undefined {
  switch (node.kind) {
    case 'Nil':
      return { value: undefined };
    case 'Boolean':
    case 'Number':
    case 'String':
      return { value: node.value };
    case 'Parenthesised':
      return constantOf(node.inner);
    case 'Unary':
      return node.operator === 'not' ? negated(constantOf(node.operand)) : undefined;
    case 'Logical': {
      const goesOn = (operand: Expression): boolean => isTrue(constantOf(operand)) === (node.operator === 'and');
      const last = node.operands.at(-1);
      return last !== undefined && node.operands.slice(0, -1).every(goesOn) ? constantOf(last) : undefined;
    }
    default:
      return undefined;
  }
}

function isTrue(constant: Constant | undefined): boolean | undefined {
  return constant === undefined ? undefined : constant.value !== undefined && constant.value !== false;
}

function negated(constant: Constant | undefined): Constant | undefined {
  const is = isTrue(constant);
  return is === undefined ? undefined : { value: !is };
}

function isCallOrVararg(node: Expression): boolean {
  return node.kind === 'Call' || node.kind === 'MethodCall' || node.kind === 'Vararg';
}

function nameOfVariable(node: Name, cx: EmitContext): string {
  const binding = cx.resolution.bindingOf.get(node);
  if (binding === undefined || binding === 'global') return operandName('global', node.name);
  return operandName(cx.local(binding).owner === cx.fn.node ? 'local' : 'upvalue', node.name);
}
