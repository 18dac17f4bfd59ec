/**
 * Calls of library functions that are worth code of their own. The function is read through the environment as any
 * other and compared with the built-in one: where a script has replaced it, the comparison fails and it is called.
 */
import { type AnyCall, type Call, type Expression, isMultiple } from '../ast.ts';
import { emitInvocation, emitResults } from './calls.ts';
import type { Code, EmitContext } from './context.ts';
import { emitExpression, emitMulti, emitOperand, isRepeatable, nameOf, sequence } from './expressions.ts';

function isGlobalCall(call: AnyCall, name: string, cx: EmitContext): call is Call {
  if (call.kind !== 'Call' || call.callee.kind !== 'Name' || call.callee.name !== name) return false;
  return cx.resolution.bindingOf.get(call.callee) === 'global';
}

/** The value of the global, in a temporary. */
function readBuiltin(call: Call, cx: EmitContext): { readonly t: Code; readonly setup: Code } {
  const code = emitExpression(call.callee, cx);
  const t = cx.fn.temporary();
  return { t, setup: `${t} = ${code}` };
}

/** The ordinary call of what `t` holds, cut to one value. */
function ordinaryCall(call: Call, t: Code, cx: EmitContext): Code {
  cx.fn.calls++;
  const site = cx.site(call.open, nameOf(call.callee, cx));
  return emitInvocation(`${cx.api('callable')}(${t}, ${site})`, [], call, cx);
}

/** Intrinsics that give exactly one value. */
export function emitIntrinsicSingle(call: AnyCall, cx: EmitContext): Code | undefined {
  if (isGlobalCall(call, 'select', cx)) return emitSelect(call, cx);
  return undefined;
}

/** `select('#', …)` and `select(n, …)` of varargs or of the results of one call, without a list of arguments. */
function emitSelect(call: Call, cx: EmitContext): Code | undefined {
  const [selector, rest] = call.args;
  if (selector === undefined || rest === undefined || call.args.length !== 2 || waits(call, cx)) return undefined;
  const counts = selector.kind === 'String' && selector.value === '#';
  if (!isMultiple(rest) || !(counts || isRepeatable(selector, cx, true))) return undefined;
  const { t, setup } = readBuiltin(call, cx);
  const n = emitExpression(selector, cx);
  const number = counts || cx.typeOf(selector) === 'number' ? '' : `typeof ${n} === "number" && `;
  const range = counts ? '' : ` && ${number}${n} >= 1 && (${n} | 0) === ${n}`;
  const test = `${t} === ${cx.api('select')}${range}`;
  if (rest.kind === 'Vararg') {
    return `((${setup}), ${test} ? ${counts ? 'va.length' : `va[${n} - 1]`} : ${firstOf(ordinaryCall(call, t, cx), cx)})`;
  }
  const values = cx.fn.temporary();
  const found = `${cx.api(counts ? 'resultCount' : 'resultAt')}(${values}${counts ? '' : `, ${n}`})`;
  cx.fn.calls++;
  const callee = `${cx.api('callable')}(${t}, ${cx.site(call.open, nameOf(call.callee, cx))})`;
  const mark = cx.marks.mark(call.open, 'global select');
  const otherwise = `${mark}${cx.api('callSpread1')}(${callee}, ${n}, ${values})`;
  return sequence([setup, `${values} = ${emitMulti(rest, cx)}`], `(${test} ? ${found} : ${firstOf(otherwise, cx)})`);
}

function firstOf(result: Code, cx: EmitContext): Code {
  const t = cx.fn.temporary();
  return `(${t} = ${result}) === ${cx.api('MULTI')} ? ${cx.api('X')}.a : ${t}`;
}

function waits(call: AnyCall, cx: EmitContext): boolean {
  return cx.fn.suspends && cx.analysis.calls.get(call) !== 'plain';
}

/** Intrinsics in any position; the code gives what a call would give. */
export function emitIntrinsicCall(call: AnyCall, cx: EmitContext): Code | undefined {
  if (isGlobalCall(call, 'setmetatable', cx)) return emitSetmetatable(call, cx);
  return undefined;
}

/**
 * `setmetatable` of a table that has no metatable yet. For a metatable `{__index = C}` none is made until somebody asks
 * for it.
 */
function emitSetmetatable(call: Call, cx: EmitContext): Code | undefined {
  const [target, metatable] = call.args;
  if (target === undefined || metatable === undefined || call.args.length !== 2 || isMultiple(metatable))
    return undefined;
  const { t, setup } = readBuiltin(call, cx);
  const object = emitOperand(target, cx, true);
  const parent = onlyIndexField(metatable);
  const given = emitOperand(parent ?? metatable, cx);
  cx.fn.calls++;
  const attach = cx.api(parent === undefined ? 'attachMetatable' : 'setIndexTable');
  const test = `${t} === ${cx.api('setmetatable')} && ${attach}(${object.use}, ${given.use})`;
  const fresh = (): Code =>
    `new ${cx.api('Table')}(new ${cx.shape(['__index'])}(${given.use}), ${cx.api('NO_ELEMENTS')}, ${cx.api('PLAIN')})`;
  const site = cx.site(call.open, nameOf(call.callee, cx));
  const mark = cx.marks.mark(call.open, 'global setmetatable');
  const args = `${object.use}, ${parent === undefined ? given.use : fresh()}`;
  // The bundler keeps the position of the whole expression only.
  const otherwise = `${mark}${cx.api('callable')}(${t}, ${site})${mark}(${args})`;
  return sequence([setup, object.setup, given.setup], `(${test} ? ${object.use} : ${otherwise})`);
}

/**
 * `coroutine.yield` in code that may wait: the function's own generator yields, without another one for the call. Under
 * whatever name it is called `yield`; if it is another function, that is called.
 */
export function emitYield(call: AnyCall, cx: EmitContext): Code | undefined {
  if (!cx.fn.suspends || call.kind !== 'Call' || !isNamedYield(call.callee)) return undefined;
  cx.fn.calls++;
  const callee = cx.fn.temporary();
  const values = cx.fn.temporary();
  const sent = cx.fn.temporary();
  const setups = [`${callee} = ${emitExpression(call.callee, cx)}`, `${values} = ${emitResults(call.args, cx)}`];
  const name = nameOf(call.callee, cx);
  const mark = cx.marks.mark(call.open, name.replace(/'/g, ''));
  const yielded = `(${sent} = ${mark}yield ${mark}${cx.api('handOver')}(${values}))`;
  const answer = `${mark}yield* ${mark}${cx.api('inspected')}(${sent})`;
  const otherwise = `${mark}${cx.api('callSpread0')}(${cx.api('callable')}(${callee}, ${cx.site(call.open, name)}), ${values})`;
  const own = `${yielded} instanceof ${cx.api('Inspection')} ? ${answer} : ${sent}`;
  return sequence(setups, `(${callee} === ${cx.api('yieldValues')} ? ${own} : ${cx.wait(otherwise, mark)})`);
}

/** Is it called `yield`? */
export function isNamedYield(callee: Expression): boolean {
  if (callee.kind === 'Name') return callee.name === 'yield';
  return callee.kind === 'Index' && callee.key.kind === 'String' && callee.key.value === 'yield';
}

function onlyIndexField(node: Expression): Expression | undefined {
  if (node.kind !== 'Table' || node.fields.length !== 1) return undefined;
  const [field] = node.fields;
  return field?.kind === 'NamedField' && field.name === '__index' ? field.value : undefined;
}
