/** Function bodies in both colours: parameters, varargs, the budget check at entry, tail calls of the function itself. */
import { emittedName, frameId } from '../../../runtime/contract/function-names.ts';
import type { FunctionBody, FunctionLike } from '../ast.ts';
import { SyntaxFailure, tooComplex } from '../messages.ts';
import type { LocalId } from '../resolve.ts';
import { emitNoResults } from './calls.ts';
import { type Code, type EmitContext, FunctionState } from './context.ts';
import { alwaysReturns } from './inference.ts';
import { stringLiteral } from './literals.ts';
import { emitOptimistically, fillHandOvers, handOverAt, type OptimisticFunction } from './optimistic.ts';
import { LABEL } from './optimistic-generator.ts';
import { indent } from './source-map.ts';
import { emitBlock } from './statements.ts';
import { declareLocal } from './variables.ts';

/** A function expression: a fresh closure each time it is evaluated. */
export function emitFunction(node: FunctionBody, cx: EmitContext): Code {
  const boxes = (cx.resolution.functions.get(node)?.upvalues ?? []).filter((id) => cx.boxed.has(id));
  let code = emitFunctionText(node, cx);
  if (cx.tailCalls.bounces(node)) code = `${cx.api('bouncing')}(${code})`;
  if (cx.options.environments) code = `${cx.api('closure')}((E) => ${code}, { t: E.t })`;
  return boxes.length === 0 ? keepText(node, code, cx) : bindBoxes(boxes, code, cx);
}

/** A function that captures nothing may be handed to code that is started elsewhere, if the program starts such code. */
function keepText(node: FunctionBody, code: Code, cx: EmitContext): Code {
  const upvalues = cx.resolution.functions.get(node)?.upvalues ?? [];
  if (!cx.options.startsCode || node.hasSelf || upvalues.length > 0) return code;
  const text = cx.chunk.source.slice(node.at, node.end).replace(/^function[^(]*/, 'function');
  return `${cx.api('portable')}(${code}, ${stringLiteral(text)}, ${node.line}, ${stringLiteral(cx.chunk.name)})`;
}

/** The closure keeps the boxes of this moment, whatever the variables refer to later. */
function bindBoxes(boxes: readonly LocalId[], code: Code, cx: EmitContext): Code {
  const names = boxes.map((id) => cx.variable(id)).join(', ');
  return `((${names}) => ${code})(${names})`;
}

/**
 * The text of a function. A suspendable one is an ordinary function that makes an activation: its generator exists once
 * per chunk, because V8 gives every generator function a hidden class of its own at its first call, which costs more
 * than most calls. The generator is therefore handed what the closure has captured.
 */
export function emitFunctionText(node: FunctionLike, cx: EmitContext): Code {
  const outer = { fn: cx.fn, loop: cx.loop };
  const suspends = cx.suspends(node);
  cx.fn = new FunctionState(node, suspends, cx.tailCalls.loops(node), outer.fn);
  cx.loop = undefined;
  const facts = cx.resolution.functions.get(node);
  const ids = node.params.map((param) => cx.resolution.localOf.get(param) as LocalId);
  const hasRest = facts?.usesVarargs || (facts?.legacyArg !== undefined && !facts.legacyArgIsNil);
  const params = [...ids.map((id) => cx.variable(id)), ...(hasRest ? ['va'] : [])];
  const declared = params.map((param) => (param === 'va' ? '...va' : param)).join(', ');
  const boxes = ids.filter((id) => cx.shared.has(id)).map((id) => `${cx.variable(id)} = { v: ${cx.variable(id)} };\n`);
  if (suspends && node.kind === 'Function' && mayBeOptimistic(node, cx)) {
    const halves = emitOptimistically(node, outer.fn, cx);
    if (halves !== undefined) {
      cx.fn = outer.fn;
      cx.loop = outer.loop;
      return joinHalves(node, halves, declared, params, boxes.join(''), cx);
    }
  }
  const body = emitBody(node, facts?.legacyArg, facts?.legacyArgIsNil ?? false, cx);
  if (suspends && cx.fn.width > WIDEST_GENERATOR) throw new SyntaxFailure(tooComplex(cx.chunk, node.at));
  const depth = cx.tailCalls.bounces(node)
    ? `const ${TAIL_DEPTH} = ${cx.api('T')}.next;\n${cx.api('T')}.next = 0;\n`
    : '';
  const entry = cx.fn.calls > 0 && !cx.fn.selfLoop ? `${charge(cx)}\n` : '';
  const frame = cx.fn.announces
    ? `const ${FRAME} = ${cx.api('enter')}(E, ${stringLiteral(frameName(node, cx))});\n`
    : '';
  const block = `{\n${indent(depth + frame + cx.fn.declarations() + entry + boxes.join('') + body)}\n}`;
  cx.fn = outer.fn;
  cx.loop = outer.loop;
  const name = functionName(node, cx);
  if (!suspends) return `function ${name}(${declared}) ${block}`;
  const handed = [...capturedBy(node, block, cx), ...params].join(', ');
  const run = cx.addGenerator(node.at, `function* ${name}(${handed}) ${block}`);
  // The stack may end here, too: then the message names the function, not whatever stands before it.
  return `function ${name}(${declared}) { ${cx.marks.mark(node.at)}return ${run}(${handed}); }`;
}

/** Not where activations have to be known from their first statement on. */
function mayBeOptimistic(node: FunctionBody, cx: EmitContext): boolean {
  if (cx.options.environments || cx.tailCalls.bounces(node) || cx.tailCalls.loops(node)) return false;
  return cx.resolution.functions.get(node)?.legacyArg === undefined;
}

/** Both halves of a function that need not wait, see optimistic.ts. */
function joinHalves(
  node: FunctionBody,
  halves: OptimisticFunction,
  declared: Code,
  params: readonly Code[],
  boxes: Code,
  cx: EmitContext,
): Code {
  const { direct, waiting, locals, directState, waitingState } = halves;
  if (waitingState.width > WIDEST_GENERATOR) throw new SyntaxFailure(tooComplex(cx.chunk, node.at));
  const counts = directState.calls + waitingState.calls > 0;
  const name = functionName(node, cx);
  const first = counts ? `if (${LABEL} === 0) yield* ${cx.api('pause')}();\n` : '';
  const block = `{\n${indent(waitingState.declarations() + first + waiting)}\n}`;
  const handed = [...capturedBy(node, block, cx), ...params, ...locals];
  const run = cx.addGenerator(node.at, `function* ${name}(${[...handed, LABEL].join(', ')}) ${block}`);
  const own = locals.length === 0 ? '' : `var ${locals.join(', ')};\n`;
  const entry = counts ? `if (--${cx.api('B')}.c < 0 || ${cx.api('B')}.due) ${handOverAt(0)}\n` : '';
  const mark = cx.marks.mark(node.at);
  const body = fillHandOvers(
    `${own}${directState.declarations()}${boxes}${entry}${direct}`,
    (label) => `${mark}${run}(${[...handed, label].join(', ')})`,
  );
  return `function ${name}(${declared}) {\n${indent(body)}\n}`;
}

/**
 * V8 ends the process when a generator has very many variables and very many places where it waits. Only expressions
 * that PUC Lua refuses need more than this.
 */
const WIDEST_GENERATOR = 20_000;

/** Everything around the function that its text refers to. Locals that change are in boxes, see `EmitContext.shared`. */
function capturedBy(node: FunctionLike, text: Code, cx: EmitContext): Code[] {
  const upvalues = cx.resolution.functions.get(node)?.upvalues ?? [];
  return [
    cx.options.environments ? 'E' : 'G',
    ...(/\benv\b/.test(text) ? ['env'] : []),
    ...upvalues.filter((id) => cx.local(id).constant === undefined).map((id) => cx.variable(id)),
  ];
}

function emitBody(node: FunctionLike, arg: LocalId | undefined, argIsNil: boolean, cx: EmitContext): Code {
  const legacy =
    arg === undefined ? '' : `${declareLocal(arg, argIsNil ? 'undefined' : `${cx.api('argTable')}(va)`, cx)}\n`;
  const statements = emitBlock(node.block, cx);
  const end = alwaysReturns(node.block) ? '' : `\nreturn ${emitNoResults(cx)};`;
  const body = `${legacy}${statements}${end}`;
  if (!cx.fn.selfLoop) return body;
  return `${SELF_LOOP}: while (true) {\n${indent(`${charge(cx)}\n${body}`)}\n}`;
}

/** How deep the tail call nests that this activation was made by: see tail-calls.ts. */
export const TAIL_DEPTH = 'depth';

/** The activation, where functions have globals of their own: see runtime/engine/function-environment.ts. */
export const FRAME = 'F';

/** Label of the loop that a function's tail calls of itself become. */
export const SELF_LOOP = 'again';

/** Looks at the budget when the count runs out. */
export function charge(cx: EmitContext): Code {
  return chargeBy(`--${cx.api('B')}.c`, cx);
}

/** Suspendable code in a strip that has been charged already. */
export function giveTurn(cx: EmitContext): Code {
  return `if (${cx.api('B')}.due) yield* ${cx.api('pause')}();`;
}

/**
 * `count` takes something off the count and gives the rest. Suspendable code also gives others a turn, when plain code or
 * a library function that it has called found that one is due.
 */
export function chargeBy(count: Code, cx: EmitContext): Code {
  if (!cx.fn.suspends) return `if (${count} < 0) ${cx.api('spent')}();`;
  return `if (${count} < 0 || ${cx.api('B')}.due) yield* ${cx.api('pause')}();`;
}

function frameName(node: FunctionLike, cx: EmitContext): string {
  const [first, last] = node.kind === 'Chunk' ? [0, 0] : [node.line, node.lastLine];
  return frameId(first, last, cx.chunk.name);
}

/** Tracebacks know Lua functions by it. */
function functionName(node: FunctionLike, cx: EmitContext): string {
  const { name } = cx.chunk;
  if (node.kind === 'Chunk') return emittedName('main', 0, 0, name);
  return emittedName(/[^.:]*$/.exec(node.nameHint)?.[0] ?? '', node.line, node.lastLine, name);
}
