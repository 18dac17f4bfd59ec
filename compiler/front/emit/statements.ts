/** Statements: declarations, assignment, calls, `return`, `if`, blocks. */
import type { AnyCall, Block, Expression, Index, Name, Offset, Statement } from '../ast.ts';
import { isMultiple } from '../ast.ts';
import type { LocalId } from '../resolve.ts';
import { emitCallResult, emitResults } from './calls.ts';
import type { Code, EmitContext } from './context.ts';
import { emitExpression, emitMulti, emitTest, isRepeatable } from './expressions.ts';
import { emitFunction, SELF_LOOP, TAIL_DEPTH } from './functions.ts';
import { emitGoto, emitLabelledBlock, hasUsedLabels } from './gotos.ts';
import { emitBreak, emitGenericFor, emitNumericFor, emitRepeat, emitWhile } from './loops.ts';
import { indent } from './source-map.ts';
import { emitStore, prepareTarget, type Target } from './tables.ts';
import { assignVariable, declareLocal, readAssignable } from './variables.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

type StatementEmitters = { readonly [K in Statement['kind']]: (node: Of<K>, cx: EmitContext) => Code };

/** A new kind of statement without emitter is a type error here. */
const EMITTERS: StatementEmitters = {
  Local: emitLocal,
  Assignment: emitAssignment,
  CallStatement: (node, cx) => `${emitCallResult(node.call, cx)};`,
  Do: (node, cx) => `{\n${indent(emitBlock(node.block, cx))}\n}`,
  While: emitWhile,
  Repeat: emitRepeat,
  If: emitIf,
  NumericFor: emitNumericFor,
  GenericFor: emitGenericFor,
  FunctionStatement: emitFunctionStatement,
  LocalFunction: emitLocalFunction,
  Return: emitReturn,
  Break: emitBreak,
  Goto: emitGoto,
  Label: () => '',
};

export function emitStatement<N extends Statement>(node: N, cx: EmitContext): Code {
  const mark = cx.fn.mark();
  const emit = EMITTERS[node.kind] as (node: N, cx: EmitContext) => Code;
  const code = emit(node, cx);
  cx.fn.release(mark);
  return code === '' ? '' : cx.marks.mark(node.at) + code;
}

/** The statements of a block, without braces. `tail` is code that still sees its locals (the test of `repeat`). */
export function emitBlock(block: Block, cx: EmitContext, tail: () => Code = () => ''): Code {
  if (hasUsedLabels(block, cx)) return emitLabelledBlock(block, cx, tail);
  return lines([...block.statements.map((statement) => emitStatement(statement, cx)), tail()]);
}

export function lines(parts: readonly Code[]): Code {
  return parts.filter((part) => part !== '').join('\n');
}

/** A variable that holds the result of a call, while its other values are read from the registers. */
function resultAt(t: Code, i: number, cx: EmitContext): Code {
  if (i === 0) return `${t} === ${cx.api('MULTI')} ? ${cx.api('X')}.a : ${t}`;
  if (i < 3) return `${t} === ${cx.api('MULTI')} ? ${cx.api('X')}.${i === 1 ? 'b' : 'c'} : undefined`;
  return `${t} === ${cx.api('MULTI')} && ${cx.api('X')}.n > ${i} ? ${cx.api('X')}.v[${i}] : undefined`;
}

/**
 * Gives each of `count` receivers its value: missing ones get nil, surplus ones are evaluated and dropped. `receive` is
 * called in order with the code of the value, after everything that had to be evaluated before it.
 */
export function distribute(
  values: readonly Expression[],
  count: number,
  receive: (i: number, value: Code) => Code,
  cx: EmitContext,
): Code[] {
  const parts: Code[] = [];
  const last = values[values.length - 1];
  const spreads = last !== undefined && isMultiple(last) && values.length < count;
  const plain = spreads ? values.slice(0, -1) : values;
  plain.forEach((value, i) => {
    if (i < count) parts.push(receive(i, emitExpression(value, cx)));
    else parts.push(emitDropped(value, cx));
  });
  if (!spreads) {
    for (let i = plain.length; i < count; i++) parts.push(receive(i, 'undefined'));
  } else if (last.kind === 'Vararg') {
    for (let i = plain.length; i < count; i++) parts.push(receive(i, `va[${i - plain.length}]`));
  } else {
    const t = cx.fn.temporary();
    parts.push(`${t} = ${emitMulti(last, cx)};`);
    for (let i = plain.length; i < count; i++) parts.push(receive(i, resultAt(t, i - plain.length, cx)));
  }
  return parts;
}

function emitDropped(value: Expression, cx: EmitContext): Code {
  if (isRepeatable(value, cx) || value.kind === 'Function' || value.kind === 'Vararg') return '';
  return `${emitExpression(value, cx)};`;
}

function emitLocal(node: Of<'Local'>, cx: EmitContext): Code {
  const ids = node.names.map((name) => cx.resolution.localOf.get(name) as LocalId);
  return lines(distribute(node.values, ids.length, (i, value) => declareLocal(ids[i] as LocalId, value, cx), cx));
}

function emitAssignment(node: Of<'Assignment'>, cx: EmitContext): Code {
  const [target] = node.targets;
  const [value] = node.values;
  if (target !== undefined && value !== undefined && node.targets.length === 1 && node.values.length === 1) {
    return emitSingleAssignment(target, value, value.end - 1, cx);
  }
  return emitMultipleAssignment(node, cx);
}

function isGlobal(node: Name, cx: EmitContext): boolean {
  const binding = cx.resolution.bindingOf.get(node);
  return binding === undefined || binding === 'global';
}

function emitSingleAssignment(target: Name | Index, value: Expression, storedAt: Offset, cx: EmitContext): Code {
  const code = (): Code => emitExpression(value, cx);
  if (target.kind === 'Name') {
    if (!isGlobal(target, cx)) return assignVariable(target, code(), cx);
    const kept = keep(value, code(), cx);
    return lines([kept.setup, assignVariable(target, kept.use, cx)]);
  }
  // A call in key or value may assign a captured variable; the object was evaluated before it.
  const place = prepareTarget(target, (part) => isCapturedVariable(part, cx), storedAt, cx);
  const kept = keep(value, code(), cx);
  return lines([...place.setups, kept.setup, emitStore(place, kept.use, cx)]);
}

function isCapturedVariable(part: Expression, cx: EmitContext): boolean {
  return !isRepeatable(part, cx, true);
}

function keep(value: Expression, code: Code, cx: EmitContext): { readonly setup: Code; readonly use: Code } {
  if (isRepeatable(value, cx)) return { setup: '', use: code };
  const t = cx.fn.temporary();
  return { setup: `${t} = ${code};`, use: t };
}

/** Objects and keys, then values, then stores from right to left. */
function emitMultipleAssignment(node: Of<'Assignment'>, cx: EmitContext): Code {
  const assigned = new Set(
    node.targets.map((target) => (target.kind === 'Name' ? cx.resolution.bindingOf.get(target) : undefined)),
  );
  const mayChange = (part: Expression): boolean => {
    if (isCapturedVariable(part, cx)) return true;
    return part.kind === 'Name' && assigned.has(cx.resolution.bindingOf.get(part));
  };
  const storedAt = (node.values.at(-1) as Expression).end - 1;
  const places = node.targets.map((target): Name | Target =>
    target.kind === 'Name' ? target : prepareTarget(target, mayChange, storedAt, cx),
  );
  const uses: Code[] = [];
  const receive = (i: number, value: Code): Code => {
    uses[i] = cx.fn.temporary();
    return `${uses[i]} = ${value};`;
  };
  const setups = places.flatMap((place) => ('kind' in place ? [] : place.setups));
  const values = distribute(node.values, node.targets.length, receive, cx);
  const stores = places.map((place, i) =>
    'kind' in place ? assignVariable(place, uses[i] as Code, cx) : emitStore(place, uses[i] as Code, cx),
  );
  return lines([...setups, ...values, ...stores.toReversed()]);
}

function emitIf(node: Of<'If'>, cx: EmitContext): Code {
  const clauses = node.clauses.map(({ condition, block }) => {
    const mark = cx.fn.mark();
    const test = emitTest(condition, cx);
    cx.fn.release(mark);
    return `${cx.marks.mark(condition.at)}if (${test}) {\n${indent(emitBlock(block, cx))}\n}`;
  });
  const otherwise = node.otherwise === undefined ? '' : ` else {\n${indent(emitBlock(node.otherwise, cx))}\n}`;
  return clauses.join(' else ') + otherwise;
}

function emitFunctionStatement(node: Of<'FunctionStatement'>, cx: EmitContext): Code {
  return emitSingleAssignment(node.target, node.body, node.at, cx);
}

/** The body sees the local. */
function emitLocalFunction(node: Of<'LocalFunction'>, cx: EmitContext): Code {
  const id = cx.resolution.localOf.get(node.name) as LocalId;
  if (!cx.boxed.has(id)) return declareLocal(id, emitFunction(node.body, cx), cx);
  return lines([declareLocal(id, 'undefined', cx), `${readAssignable(id, cx)} = ${emitFunction(node.body, cx)};`]);
}

function emitReturn(node: Of<'Return'>, cx: EmitContext): Code {
  const [first] = node.values;
  if (first !== undefined && node.values.length === 1) return emitReturnOne(first, cx);
  return `return ${emitResults(node.values, cx)};`;
}

function emitReturnOne(value: Expression, cx: EmitContext): Code {
  if (value.kind !== 'Call' && value.kind !== 'MethodCall') return `return ${emitMulti(value, cx)};`;
  if (cx.fn.selfLoop && cx.analysis.callees.get(value) === cx.fn.node) return emitSelfTailCall(value, cx);
  if (cx.tailCalls.mayCycle(value)) return emitCyclicTailCall(value, cx);
  return `return ${emitCallResult(value, cx, 'tail')};`;
}

/** Calls that nest too deep are handed to the caller to make: see tail-calls.ts. */
function emitCyclicTailCall(call: AnyCall, cx: EmitContext): Code {
  const result = emitCallResult(call, cx, 'cyclic');
  if (!cx.fn.suspends) return `return ${cx.api('finishTailCall')}(${result}, ${TAIL_DEPTH});`;
  const t = cx.fn.temporary();
  const later = `yield* ${cx.api('finishTailCallLater')}()`;
  return `return (${t} = ${result}) === ${cx.api('TAIL')} && ${TAIL_DEPTH} === 0 ? ${later} : ${t};`;
}

/** The arguments become the parameters, and the body runs again. */
function emitSelfTailCall(call: AnyCall, cx: EmitContext): Code {
  const params = cx.fn.node.params.map((param) => cx.variable(cx.resolution.localOf.get(param) as LocalId));
  const uses: Code[] = [];
  const receive = (i: number, value: Code): Code => {
    uses[i] = cx.fn.temporary();
    return `${uses[i]} = ${value};`;
  };
  const values = distribute(call.args, params.length, receive, cx);
  const assignments = params.map((param, i) => `${param} = ${uses[i]};`);
  return `{\n${indent(lines([...values, ...assignments, `continue ${SELF_LOOP};`]))}\n}`;
}
