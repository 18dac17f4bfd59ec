/**
 * Calls in both colours. The callee is looked up, then the arguments, and only then is it checked: `$callable` gives a
 * function that applies `__call` or throws, so arguments are emitted once.
 */
import type { EmittedApi } from '../../../runtime/contract/abi.ts';
import type { AnyCall, Expression } from '../ast.ts';
import { isMultiple } from '../ast.ts';
import { type Code, type EmitContext, isFieldName, operandName } from './context.ts';
import { emitExpression, emitHolder, emitMulti, emitOperand, isRepeatable, nameOf, sequence } from './expressions.ts';
import { FRAME, TAIL_DEPTH } from './functions.ts';
import { emitIntrinsicCall, emitIntrinsicSingle, emitYield } from './intrinsics.ts';
import { propertyAccess, stringLiteral } from './literals.ts';

/** What is called, before the arguments: `setup` has run when `use` and `head` are evaluated. */
interface Callee {
  readonly setup: Code;
  readonly use: Code;
  /** Arguments in front of the written ones: the object of a method call. */
  readonly head: readonly Code[];
}

/** `tail`: the result is returned as it is; `cyclic`: so, and the call may lead back to its own function. */
export type TailMode = 'none' | 'tail' | 'cyclic';

/** A call whose result is whatever the callee returned, waited for where needed: one value or `MULTI`. */
export function emitCallResult(call: AnyCall, cx: EmitContext, tail: TailMode = 'none'): Code {
  const made = cx.fn.made.get(call);
  if (made !== undefined) return made.result;
  if (cannotCall(call, cx)) return cx.giveUp();
  const yielding = tail === 'cyclic' || cx.analysis.calls.get(call) === 'plain' ? undefined : emitYield(call, cx);
  return yielding ?? settle(call, emitRawCall(call, cx, tail), cx, tail);
}

/** A call cut to one value. */
export function emitSingleCall(call: AnyCall, cx: EmitContext): Code {
  const made = cx.fn.made.get(call);
  if (made?.raw === false || cannotCall(call, cx)) return emitCallResult(call, cx);
  const intrinsic = made === undefined ? emitIntrinsicSingle(call, cx) : undefined;
  if (intrinsic !== undefined) return intrinsic;
  const result = emitCallResult(call, cx);
  const callee = cx.analysis.callees.get(call);
  if (callee !== undefined && cx.inference.returnsOne(callee)) return result;
  const t = cx.fn.temporary();
  return `((${t} = ${result}) === ${cx.api('MULTI')} ? ${cx.api('X')}.a : ${t})`;
}

/** Names of library functions that may take long: where they stand in code that may wait, they give others turns. */
const LONG = new Set(['sort', 'gsub', 'find', 'match']);

function mayTakeLong(call: AnyCall, cx: EmitContext): boolean {
  if (!cx.fn.suspends || cx.analysis.callees.has(call)) return false;
  if (call.kind === 'MethodCall') return LONG.has(call.name);
  const { callee } = call;
  if (callee.kind === 'Name') return LONG.has(callee.name);
  return callee.kind === 'Index' && callee.key.kind === 'String' && LONG.has(callee.key.value);
}

/** May the call give an activation, in the function being emitted? */
export function mayWait(call: AnyCall, cx: EmitContext): boolean {
  return cx.analysis.calls.get(call) !== 'plain' || mayTakeLong(call, cx);
}

/** Optimistic code makes calls that may wait before the expression, and cautious code makes none: see optimistic.ts. */
function cannotCall(call: AnyCall, cx: EmitContext): boolean {
  if (cx.fn.optimism === undefined || cx.fn.made.has(call)) return false;
  return cx.fn.optimism.cautious || mayWait(call, cx);
}

/** The call itself, which may give an activation. */
export function emitRawCall(call: AnyCall, cx: EmitContext, tail: TailMode): Code {
  const intrinsic = emitIntrinsicCall(call, cx);
  if (intrinsic !== undefined) return intrinsic;
  cx.fn.calls++;
  const callee = emitCallee(call, cx, markOf(call, cx, tail));
  if (tail === 'cyclic') return emitCyclicCall(callee, call, cx);
  return sequence([callee.setup], emitInvocation(callee.use, callee.head, call, cx, tail));
}

/** Waits for the activation that the call may have given, as the analysis says. */
function settle(call: AnyCall, code: Code, cx: EmitContext, tail: TailMode): Code {
  if (cx.fn.suspends) {
    if (!mayWait(call, cx)) return code;
    return cx.wait(code, markOf(call, cx, tail));
  }
  if (!cx.options.checkPlain || cx.analysis.callees.has(call)) return code;
  return `${cx.api('checkPlain')}(${code}, ${cx.site(call.open)})`;
}

/** A tail call that may lead back here: whether it is made or handed over is decided when the arguments are there. */
function emitCyclicCall({ setup, use, head }: Callee, call: AnyCall, cx: EmitContext): Code {
  const callee = cx.fn.temporary();
  const setups = [setup, `${callee} = ${use}`];
  const args = emitKeptArguments(call, head, setups, cx);
  const next = `${cx.api('tailCallee')}(${callee}, ${TAIL_DEPTH})`;
  return sequence(setups, joinCall(next, announced(args, cx), markOf(call, cx, 'cyclic'), cx));
}

function emitKeptArguments(call: AnyCall, head: readonly Code[], setups: Code[], cx: EmitContext): Arguments {
  return emitArguments(call, head, cx, (arg, code) => {
    if (isRepeatable(arg, cx, true)) return code;
    const t = cx.fn.temporary();
    setups.push(`${t} = ${code}`);
    return t;
  });
}

/** A call in two parts: everything that is evaluated before it, and the call alone. */
export function emitPreparedCall(
  call: AnyCall,
  cx: EmitContext,
  tail: TailMode,
): { readonly setup: Code; readonly code: Code } {
  cx.fn.calls++;
  const mark = markOf(call, cx, tail);
  const { setup, use, head } = emitCallee(call, cx, mark);
  const callee = cx.fn.temporary();
  const setups = [setup, `${callee} = ${use}`];
  const args = emitKeptArguments(call, head, setups, cx);
  return { setup: sequence(setups, 'undefined'), code: joinCall(callee, args, mark, cx) };
}

/** `callee(head, args)`, with a last argument of any number of values. */
export function emitInvocation(
  callee: Code,
  head: readonly Code[],
  call: AnyCall,
  cx: EmitContext,
  tail: TailMode = 'none',
): Code {
  const mark = markOf(call, cx, tail);
  const args = emitArguments(call, head, cx, (_, code) => code);
  return joinCall(callee, announced(args, cx), mark, cx);
}

interface Arguments {
  readonly fixed: readonly Code[];
  /** The last argument, if it may be any number of values. */
  readonly rest: Code | undefined;
  readonly restIsVararg: boolean;
  /** To be evaluated before the call, see `announced`. */
  readonly announcement?: Code;
}

/** `keep` may put the value of an argument aside. */
function emitArguments(
  { args }: AnyCall,
  head: readonly Code[],
  cx: EmitContext,
  keep: (arg: Expression, code: Code) => Code,
): Arguments {
  const last = args[args.length - 1];
  const spreads = last !== undefined && isMultiple(last);
  const fixed = [...head, ...(spreads ? args.slice(0, -1) : args).map((arg) => keep(arg, emitExpression(arg, cx)))];
  if (!spreads) return { fixed, rest: undefined, restIsVararg: false };
  if (last.kind === 'Vararg') return { fixed, rest: '...va', restIsVararg: true };
  return { fixed, rest: keep(last, emitMulti(last, cx)), restIsVararg: false };
}

function joinCall(callee: Code, args: Arguments, mark: Code, cx: EmitContext): Code {
  const { fixed, rest, restIsVararg, announcement } = args;
  if (announcement !== undefined) return `${mark}(${announcement}, ${callee})${mark}()`;
  if (rest === undefined) return `${mark}${callee}${mark}(${fixed.join(', ')})`;
  if (restIsVararg) return `${mark}${callee}${mark}(${[...fixed, rest].join(', ')})`;
  const spread = SPREADS[fixed.length];
  if (spread !== undefined) return `${mark}${cx.api(spread)}(${[callee, ...fixed, rest].join(', ')})`;
  return `${mark}${cx.api('callSpread')}(${callee}, [${fixed.join(', ')}], ${rest})`;
}

/** The same arguments; the last thing that evaluating them does is to tell the callee who calls it. */
function announced(args: Arguments, cx: EmitContext): Arguments {
  if (!cx.options.environments) return args;
  cx.fn.announces = true;
  const announcement = `${cx.api('caller')}.frame = ${FRAME}`;
  const after = (code: Code): Code => {
    if (/^[\w$]+$/.test(code)) return `(${announcement}, ${code})`;
    const t = cx.fn.temporary();
    return `(${t} = ${code}, ${announcement}, ${t})`;
  };
  const { fixed, rest, restIsVararg } = args;
  if (restIsVararg) return { ...args, rest: `...(${announcement}, va)` };
  if (rest !== undefined) return { ...args, rest: after(rest) };
  const last = fixed.at(-1);
  // Nobody counts the arguments of Lua functions, but library functions do: without any, the callee is told beforehand.
  return last === undefined ? { ...args, announcement } : { ...args, fixed: [...fixed.slice(0, -1), after(last)] };
}

const SPREADS: readonly (keyof EmittedApi)[] = ['callSpread0', 'callSpread1', 'callSpread2'];

/** Says where the call stands, and how it names its callee. */
export function markOf(call: AnyCall, cx: EmitContext, tail: TailMode): Code {
  return cx.marks.mark(call.open, `${callName(call, cx)}${tail === 'none' ? '' : '!'}`);
}

/** How tracebacks name the callee: `global f`, `method f`, `field ?` for a computed key; `?` where it has no name. */
function callName(call: AnyCall, cx: EmitContext): string {
  if (call.kind === 'MethodCall') return `method ${call.name}`;
  const name = nameOf(call.callee, cx);
  return name === '' ? '?' : name.replace(/'/g, '');
}

function emitCallee(call: AnyCall, cx: EmitContext, mark: Code): Callee {
  const callee = emitAnyCallee(call, cx, mark);
  return mayTakeLong(call, cx) ? { ...callee, use: `${cx.api('inTurns')}(${callee.use})` } : callee;
}

function emitAnyCallee(call: AnyCall, cx: EmitContext, mark: Code): Callee {
  if (call.kind === 'MethodCall') return emitMethod(call, cx, mark);
  const { callee } = call;
  const code = emitExpression(callee, cx);
  if (cx.analysis.callees.has(call)) return { setup: '', use: code, head: [] };
  return { setup: '', use: checkedCallee(code, isRepeatable(callee, cx), call, cx, mark), head: [] };
}

/**
 * `code` if it is a function, else what `$callable` makes of it. The mark of the call stands here too: a bundler that
 * prints the code anew keeps positions inside the callee, but not that of the `(` behind it.
 */
function checkedCallee(code: Code, repeatable: boolean, call: AnyCall, cx: EmitContext, mark: Code): Code {
  const name = call.kind === 'MethodCall' ? operandName('method', call.name) : nameOf(call.callee, cx);
  const site = cx.site(call.open, name);
  if (repeatable) return `(typeof ${code} === "function" ? ${code} : ${mark}${cx.api('callable')}(${code}, ${site}))`;
  const t = cx.fn.temporary();
  return `(typeof (${t} = ${code}) === "function" ? ${t} : ${mark}${cx.api('callable')}(${t}, ${site}))`;
}

/** Names of the string library: only for these is a string receiver worth a test of its own. */
const STRING_METHODS = new Set([
  'byte',
  'find',
  'format',
  'gmatch',
  'gsub',
  'len',
  'lower',
  'match',
  'rep',
  'reverse',
  'sub',
  'upper',
]);

function emitMethod(call: Extract<AnyCall, { kind: 'MethodCall' }>, cx: EmitContext, mark: Code): Callee {
  const { object, name } = call;
  const { setup, use } = emitHolder(object, cx, true);
  const site = { at: call.nameAt, left: nameOf(object, cx), event: '__index' };
  if (!isFieldName(name)) {
    const slow = cx.slow('index', [use, stringLiteral(name)], site);
    return { setup, use: checkedCallee(slow, false, call, cx, mark), head: [use] };
  }
  const f = cx.fn.temporary();
  const slow = cx.slowAccess(cx.reader(name), [use], site);
  const method = `${methodTest(call, use, f, cx)} ? ${f} : ${slow}`;
  return { setup, use: checkedCallee(`(${method})`, false, call, cx, mark), head: [use] };
}

/** Is the method where it usually is: in the object itself, in its class, or in the string library? */
function methodTest(call: Extract<AnyCall, { kind: 'MethodCall' }>, use: Code, f: Code, cx: EmitContext): Code {
  const key = propertyAccess(call.name);
  const type = cx.typeOf(call.object);
  const inStrings = `(${f} = env.stringMethods.$h${key}) !== undefined`;
  const inTable = `((${f} = ${use}.$h${key}) !== undefined || (${f} = ${use}.$mt.c${key}) !== undefined)`;
  if (type === 'string') return inStrings;
  if (type === 'table') return inTable;
  const checked = `${use} !== undefined && ${inTable}`;
  return STRING_METHODS.has(call.name) ? `(typeof ${use} === "string" ? ${inStrings} : ${checked})` : checked;
}

/** Longer lists before a call of any number of values are extended by the engine. */
const LONGEST_INLINE_LIST = 8;

/** A list of expressions as one list of values: for table constructors, `return` and the like. */
export function emitList(values: readonly Expression[], cx: EmitContext, filler: readonly Code[] = []): Code {
  const last = values[values.length - 1];
  if (last === undefined || !isMultiple(last)) {
    return `[${[...filler, ...values.map((value) => emitElement(value, cx))].join(', ')}]`;
  }
  const before = values.slice(0, -1);
  if (last.kind === 'Vararg') {
    if (before.length === 0 && filler.length === 1 && filler[0] === 'undefined') return `${cx.api('elementsOf')}(va)`;
    return `[${[...filler, ...before.map((value) => emitElement(value, cx)), '...va'].join(', ')}]`;
  }
  if (filler.length + before.length > LONGEST_INLINE_LIST) {
    const fixed = [...filler, ...before.map((value) => emitElement(value, cx))].join(', ');
    return `${cx.api('appendResults')}([${fixed}], ${emitMulti(last, cx)})`;
  }
  // One value is usual: a literal of the final length is made faster than one that grows.
  const kept = before.map((value) => emitOperand(value, cx, true));
  const fixed = [...filler, ...kept.map(({ use }) => use)].join(', ');
  const t = cx.fn.temporary();
  const setups = [...kept.map(({ setup }) => setup), `${t} = ${emitMulti(last, cx)}`];
  return sequence(
    setups,
    `(${t} === ${cx.api('MULTI')} ? ${cx.api('appendResults')}([${fixed}], ${t}) : [${fixed}, ${t}])`,
  );
}

/** What a function returns that returns nothing. Most often there are no results left of another call: then without a call. */
export function emitNoResults(cx: EmitContext): Code {
  return `${cx.api('X')}.n === 0 ? ${cx.api('MULTI')} : ${cx.api('noResults')}()`;
}

/** A list of expressions as what a function returns. */
export function emitResults(values: readonly Expression[], cx: EmitContext): Code {
  const [first] = values;
  const last = values[values.length - 1];
  if (first === undefined || last === undefined) return emitNoResults(cx);
  if (values.length === 1) return emitMulti(first, cx);
  if (values.length === 2 && last.kind === 'Vararg')
    return `${cx.api('resultsAfter')}(${emitExpression(first, cx)}, va)`;
  if (isMultiple(last) || values.length > 3) return `${cx.api('resultsFrom')}(${emitList(values, cx)})`;
  const operation = values.length === 2 ? 'results2' : 'results3';
  return `${cx.api(operation)}(${values.map((value) => emitExpression(value, cx)).join(', ')})`;
}

/** A value that is put away at once, so that the next one may use the same temporaries: lists may be long. */
export function emitElement(value: Expression, cx: EmitContext): Code {
  const mark = cx.fn.mark();
  const code = emitExpression(value, cx);
  cx.fn.release(mark);
  return code;
}
