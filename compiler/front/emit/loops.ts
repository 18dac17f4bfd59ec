/** Loops and their budget counters; fresh variables for each pass where a closure may keep them. */
import type { Expression, Statement } from '../ast.ts';
import type { LocalId } from '../resolve.ts';
import type { Code, EmitContext } from './context.ts';
import { emitExpression, emitTest } from './expressions.ts';
import { charge, chargeBy, giveTurn } from './functions.ts';
import { numberLiteral } from './literals.ts';
import { indent } from './source-map.ts';
import { distribute, emitBlock, lines } from './statements.ts';
import { declareLocal, placementOf } from './variables.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** The innermost Lua loop around a statement. */
export interface LoopState {
  readonly label: string;
  /** A JS `switch` or loop that is not a Lua loop stands in between: `break` must name the label. */
  mustName: boolean;
  /** The label is used. */
  named: boolean;
}

export function emitBreak(_node: Of<'Break'>, cx: EmitContext): Code {
  const { loop } = cx;
  if (loop === undefined || !loop.mustName) return 'break;';
  loop.named = true;
  return `break ${loop.label};`;
}

/** Emits a loop whose body is made by `emit`, with a label if some `break` needs it. */
function inLoop(cx: EmitContext, emit: () => Code, mustName = false): Code {
  const outer = cx.loop;
  const loop: LoopState = { label: `loop${++cx.fn.labels}`, mustName, named: false };
  cx.loop = loop;
  const code = emit();
  cx.loop = outer;
  return loop.named ? `${loop.label}: ${code}` : code;
}

export function emitWhile(node: Of<'While'>, cx: EmitContext): Code {
  return chargedLoop(cx, () => {
    const test = emitTest(node.condition, cx);
    return { head: `while (${test})`, block: emitBlock(node.block, cx) };
  });
}

export function emitRepeat(node: Of<'Repeat'>, cx: EmitContext): Code {
  return chargedLoop(cx, () => {
    const tail = (): Code => {
      const test = emitTest(node.condition, cx);
      return `${cx.marks.mark(node.condition.at)}if (${test}) ${emitBreak({ kind: 'Break', at: node.end, end: node.end }, cx)}`;
    };
    return { head: 'while (true)', block: emitBlock(node.block, cx, tail) };
  });
}

/** A loop that charges its start and every so many passes. */
function chargedLoop(cx: EmitContext, emit: () => { readonly head: Code; readonly block: Code }): Code {
  const outer = cx.loop;
  const passes = `passes${++cx.fn.labels}`;
  cx.fn.variables.push(passes);
  let size = LEAF_BLOCK;
  const loop = inLoop(cx, () => {
    const { calls } = cx.fn;
    const { head, block } = emit();
    if (cx.fn.calls !== calls) size = callBlock(cx);
    return `${head} {\n${indent(lines([chargePasses(passes, size, cx), block]))}\n}`;
  });
  return lines([chargeStart(outer, cx), `${passes} = ${size};`, loop]);
}

/** Charging looks at the count only once in this many passes of a loop that calls nothing, or something. Powers of two. */
const LEAF_BLOCK = 1024;
const CALL_BLOCK = 32;

/** A pass with calls may take long: suspendable code then asks each time whether others are due. */
function callBlock(cx: EmitContext): number {
  return cx.fn.suspends ? 1 : CALL_BLOCK;
}

/** Charges the start of a loop, unless the entry of the function has just been charged. Call after emitting its body. */
function chargeStart(outer: LoopState | undefined, cx: EmitContext): Code {
  return outer === undefined && cx.fn.calls > 0 ? '' : charge(cx);
}

function chargePasses(passes: Code, size: number, cx: EmitContext): Code {
  if (size === 1) return charge(cx);
  return `if (--${passes} === 0) { ${passes} = ${size}; ${chargeBy(`(${cx.api('B')}.c -= ${size})`, cx)} }`;
}

export function emitNumericFor(node: Of<'NumericFor'>, cx: EmitContext): Code {
  const id = cx.resolution.localOf.get(node.variable) as LocalId;
  const step = node.step === undefined ? 1 : constantStep(node.step);
  const start = boundOf(node.start, 'initial value', node, cx);
  const limit = boundOf(node.limit, 'limit', node, cx);
  const stepBound = step === undefined && node.step !== undefined ? boundOf(node.step, 'step', node, cx) : undefined;
  // A variable that the body neither assigns nor captures can be the counter itself.
  const local = cx.local(id);
  const direct = local.writes === 'once' && !local.captured;
  const counter = direct ? cx.variable(id) : cx.fn.temporary();
  if (direct) cx.fn.variables.push(counter);
  const emitBody = (): Code => {
    const block = emitBlock(node.block, cx);
    return lines([direct ? '' : declareLocal(id, counter, cx), block]);
  };
  const loop =
    (step === 1 || step === -1) && isSmallConstant(node.start)
      ? stripLoop({ counter, start: start.use, limit: limit.use, step }, cx, emitBody)
      : chargedLoop(cx, () => {
          const block = emitBody();
          const test = loopTest(counter, limit.use, step, stepBound?.use);
          const head = `for (${counter} = ${start.use}; ${test}; ${increment(counter, step, stepBound?.use)})`;
          return { head, block };
        });
  const bounds = [start, limit, ...(stepBound === undefined ? [] : [stepBound])];
  return lines([...bounds.map((bound) => bound.setup), ...bounds.map((bound) => bound.check), loop]);
}

/** Only a counter that starts near zero: one beyond 2^53 might never change, and must not escape the budget in a strip. */
function isSmallConstant(node: Expression): boolean {
  return node.kind === 'Number' && Math.abs(node.value) < 2 ** 30;
}

interface Range {
  readonly counter: Code;
  readonly start: Code;
  readonly limit: Code;
  readonly step: 1 | -1;
}

/**
 * A loop that charges before each strip of so many passes, as many as the strip has, so that the passes themselves need
 * no test. The `| 0` keeps the budget's count a small integer when the limit is none.
 */
function stripLoop({ counter, start, limit, step }: Range, cx: EmitContext, emitBody: () => Code): Code {
  const end = `end${++cx.fn.labels}`;
  cx.fn.variables.push(end);
  const emit = (): Code => {
    const { calls } = cx.fn;
    const body = emitBody();
    const size = cx.fn.calls === calls ? LEAF_BLOCK : CALL_BLOCK;
    const [far, test, next, distance] =
      step === 1
        ? [`Math.min(${limit}, ${counter} + ${size - 1})`, '<=', '++', `${end} - ${counter}`]
        : [`Math.max(${limit}, ${counter} - ${size - 1})`, '>=', '--', `${counter} - ${end}`];
    return lines([
      `for (${counter} = ${start}; ${counter} ${test} ${limit};) {`,
      `  ${end} = ${far};`,
      `  ${chargeBy(`(${cx.api('B')}.c -= (${distance} | 0) + 1)`, cx)}`,
      `  for (; ${counter} ${test} ${end}; ${counter}${next}) {`,
      indent(indent(lines([cx.fn.suspends && size === CALL_BLOCK ? giveTurn(cx) : '', body]))),
      '  }',
      '}',
    ]);
  };
  return inLoop(cx, emit, true);
}

function constantStep(node: Expression): number | undefined {
  if (node.kind === 'Number') return node.value;
  if (node.kind === 'Unary' && node.operator === '-' && node.operand.kind === 'Number') return -node.operand.value;
  return undefined;
}

interface Bound {
  readonly setup: Code;
  readonly check: Code;
  readonly use: Code;
}

function boundOf(
  node: Expression,
  what: 'initial value' | 'limit' | 'step',
  loop: Of<'NumericFor'>,
  cx: EmitContext,
): Bound {
  if (node.kind === 'Number') return { setup: '', check: '', use: numberLiteral(node.value) };
  const t = cx.fn.temporary();
  const setup = `${t} = ${emitExpression(node, cx)};`;
  if (cx.typeOf(node) === 'number') return { setup, check: '', use: t };
  const convert = `${cx.api('forNumber')}(${t}, "${what}", ${cx.site((loop.step ?? loop.limit).end - 1)})`;
  return { setup, check: `if (typeof ${t} !== "number") ${t} = ${convert};`, use: t };
}

function loopTest(counter: Code, limit: Code, step: number | undefined, stepCode: Code | undefined): Code {
  if (step === undefined) return `${stepCode} > 0 ? ${counter} <= ${limit} : ${counter} >= ${limit}`;
  return step > 0 ? `${counter} <= ${limit}` : `${counter} >= ${limit}`;
}

function increment(counter: Code, step: number | undefined, stepCode: Code | undefined): Code {
  if (step === 1) return `${counter}++`;
  if (step === -1) return `${counter}--`;
  return `${counter} += ${step === undefined ? stepCode : numberLiteral(step)}`;
}

/**
 * `for … in`: `$iterate` gives a cursor where the iterator is that of `pairs`, `next` or `ipairs` over a table; otherwise
 * the function is called.
 */
export function emitGenericFor(node: Of<'GenericFor'>, cx: EmitContext): Code {
  const [fn, state, control, cursor] = [0, 1, 2, 3].map(() => cx.fn.temporary()) as [Code, Code, Code, Code];
  const setup = distribute(node.values, 3, (i, value) => `${[fn, state, control][i]} = ${value};`, cx);
  const site = cx.site(node.values[0]?.at ?? node.at);
  const names = node.names.map((name) => cx.resolution.localOf.get(name) as LocalId);
  const loop = chargedLoop(cx, () => {
    const receivers = names.map((id) =>
      placementOf(id, cx) === 'var' && !cx.boxed.has(id) ? receiver(id, cx) : cx.fn.temporary(),
    );
    const declarations = names.map((id, i) =>
      receivers[i] === cx.variable(id) ? '' : declareLocal(id, receivers[i] as Code, cx),
    );
    const step = emitIteratorStep(node, { fn, state, control, cursor }, receivers, cx);
    return { head: 'while (true)', block: lines([step, ...declarations, emitBlock(node.block, cx)]) };
  });
  return lines([
    ...setup,
    `${cursor} = ${cx.api('iterate')}(${fn}, ${state}, ${control});`,
    `if (${cursor} === null && typeof ${fn} !== "function") ${fn} = ${cx.api('callable')}(${fn}, ${site});`,
    loop,
  ]);
}

/** A variable that can be set by the step itself. */
function receiver(id: LocalId, cx: EmitContext): Code {
  cx.fn.variables.push(cx.variable(id));
  return cx.variable(id);
}

interface Iteration {
  readonly fn: Code;
  readonly state: Code;
  readonly control: Code;
  readonly cursor: Code;
}

/** Sets the receivers to the next values, or leaves the loop. */
function emitIteratorStep(node: Of<'GenericFor'>, it: Iteration, receivers: readonly Code[], cx: EmitContext): Code {
  const [key, value, ...more] = receivers;
  const fast = [`${key} = ${it.cursor}.k;`, ...(value === undefined ? [] : [`${value} = ${it.cursor}.v;`])];
  fast.push(...more.map((name) => `${name} = undefined;`));
  const colour = cx.analysis.calls.get(node) ?? 'maybe';
  cx.fn.calls++;
  const mark = cx.marks.mark(node.values[0]?.at ?? node.at, 'local (for generator)');
  const call = `${mark}${it.fn}(${it.state}, ${it.control})`;
  const result = cx.fn.suspends && colour !== 'plain' ? cx.wait(call, mark) : call;
  const t = cx.fn.temporary();
  const fromMany = receivers.map((name, i) => `${name} = ${registerAt(i, cx)};`);
  const fromOne = [`${key} = ${t};`, ...receivers.slice(1).map((name) => `${name} = undefined;`)];
  return lines([
    `if (${it.cursor} !== null) {`,
    `  if (!${it.cursor}.step()) break;`,
    `  ${fast.join(' ')}`,
    '} else {',
    `  if ((${t} = ${result}) === ${cx.api('MULTI')}) { ${fromMany.join(' ')} }`,
    `  else { ${fromOne.join(' ')} }`,
    `  if (${key} === undefined) break;`,
    `  ${it.control} = ${key};`,
    '}',
  ]);
}

function registerAt(i: number, cx: EmitContext): Code {
  const x = cx.api('X');
  return i < 3 ? `${x}.${['a', 'b', 'c'][i]}` : `${x}.n > ${i} ? ${x}.v[${i}] : undefined`;
}
