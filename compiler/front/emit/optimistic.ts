/**
 * Suspendable functions that need not wait. A generator costs more than most calls, so such a function first runs as an
 * ordinary one, as far as its statements allow that. Where a call gives an activation, or an operator has to ask a handler
 * that may wait, it hands over to the generator, which goes on at a label: 0 is the start, the others stand between
 * statements or behind a call. Both are written from one plan. Loops, closures and certain waits are left to the generator.
 */
import type { Block, FunctionBody, If, LocalName, Return, Statement } from '../ast.ts';
import type { LocalId } from '../resolve.ts';
import { emitNoResults, emitPreparedCall, emitRawCall, emitResults } from './calls.ts';
import { type Code, type EmitContext, FunctionState, UNSURE } from './context.ts';
import { emitExpression, emitTest } from './expressions.ts';
import { hasUsedLabels } from './gotos.ts';
import { alwaysReturns } from './inference.ts';
import { type EarlyCall, findEarlyCalls } from './made-calls.ts';
import { emitPlanned } from './optimistic-generator.ts';
import {
  cut,
  emitRest,
  type PlannedBlock,
  type PlannedCall,
  type PlannedStatement,
  tailOf,
} from './optimistic-plan.ts';
import { indent } from './source-map.ts';
import { emitStatement, lines } from './statements.ts';
import { emitStore, prepareTarget } from './tables.ts';
import { assignVariable } from './variables.ts';

export interface OptimisticFunction {
  /** Statements of the ordinary function. */
  readonly direct: Code;
  /** Statements of the generator, which is handed `locals` and `LABEL`. */
  readonly waiting: Code;
  readonly locals: readonly Code[];
  readonly directState: FunctionState;
  readonly waitingState: FunctionState;
}

/** Stands for the call of the generator in direct code, until it is known what it is handed: a label follows, and the end. */
const HAND_OVER = '\u0005';
const HAND_OVER_END = '\u0006';

/** The code with `handOver(label)` for each place where it hands over. */
export function fillHandOvers(code: Code, handOver: (label: string) => Code): Code {
  return code
    .split(HAND_OVER)
    .map((part, i) => {
      if (i === 0) return part;
      const end = part.indexOf(HAND_OVER_END);
      return handOver(part.slice(0, end)) + part.slice(end + 1);
    })
    .join('');
}

export function handOverAt(label: number): Code {
  return `return ${HAND_OVER}${label}${HAND_OVER_END};`;
}

/** More than this is not worth being there twice. */
const LONGEST_STATEMENT = 2000;
const LONGEST_DIRECT = 20_000;
const MOST_LOCALS = 16;

/**
 * The function in two halves; undefined where there is nothing to gain. The caller puts parameters into boxes. `node` has no
 * tail calls in cycles, and the program no environments for functions.
 */
export function emitOptimistically(
  node: FunctionBody,
  parent: FunctionState | undefined,
  cx: EmitContext,
): OptimisticFunction | undefined {
  const outer = cx.fn;
  const sites = cx.countSites();
  const plan = new Plan(node, parent, cx);
  const planned = plan.make();
  if (planned === undefined) {
    cx.fn = outer;
    cx.forgetSites(sites);
    return undefined;
  }
  const directState = cx.fn;
  cx.fn = new FunctionState(node, true, false, parent);
  const waiting = lines([emitPlanned(planned, cx), endOf(node.block, cx)]);
  const waitingState = cx.fn;
  cx.fn = outer;
  const direct = lines([planned.direct, planned.stop === undefined ? endOf(node.block, cx) : '']);
  return { direct, waiting, locals: plan.locals(), directState, waitingState };
}

function endOf(block: Block, cx: EmitContext): Code {
  return alwaysReturns(block) ? '' : `return ${emitNoResults(cx)};`;
}

/** Writes the direct half and remembers what the other one needs to know of it. */
class Plan {
  private readonly cx: EmitContext;
  private readonly node: FunctionBody;
  private readonly ids: LocalId[] = [];
  private labels = 0;
  private results = 0;
  private returns = false;

  constructor(node: FunctionBody, parent: FunctionState | undefined, cx: EmitContext) {
    this.cx = cx;
    this.node = node;
    cx.fn = new FunctionState(node, true, false, parent);
  }

  /** Undefined if the direct half would never be the whole of a call, or is too long. */
  make(): PlannedBlock | undefined {
    const planned = this.#block(this.node.block);
    const isUseful = planned !== undefined && (this.returns || planned.stop === undefined);
    if (isUseful && planned.direct.length <= LONGEST_DIRECT) return planned;
    for (const id of this.ids) this.cx.hoisted.delete(id);
    return undefined;
  }

  /** What the generator is handed besides what the function has captured and its parameters. */
  locals(): Code[] {
    const results = Array.from({ length: this.results }, (_, i) => resultName(i));
    return [...this.ids.map((id) => this.cx.variable(id)), ...results];
  }

  #block(block: Block): PlannedBlock | undefined {
    if (hasUsedLabels(block, this.cx)) return undefined;
    const planned: PlannedBlock = {
      block,
      statements: [],
      stop: undefined,
      first: this.labels + 1,
      end: 0,
      direct: '',
    };
    const parts: Code[] = [];
    for (const node of block.statements) {
      const part = this.#statement(node, planned);
      if (part === undefined) break;
      parts.push(part);
    }
    if (planned.statements.length < block.statements.length) {
      planned.stop = ++this.labels;
      parts.push(handOverAt(planned.stop));
    }
    planned.end = this.labels + 1;
    planned.direct = lines(parts);
    return planned;
  }

  /** The direct code; undefined if the block stops before it. */
  #statement(node: Statement, into: PlannedBlock): Code | undefined {
    if (node.end - node.at > LONGEST_STATEMENT && node.kind !== 'If' && node.kind !== 'Do') return undefined;
    const { cx } = this;
    const before = { labels: this.labels, ids: this.ids.length, sites: cx.countSites(), returns: this.returns };
    const mark = cx.fn.mark();
    const made = node.kind === 'Local' && !this.#declare(node.names) ? undefined : this.#emit(node);
    cx.fn.release(mark);
    cx.fn.optimism = undefined;
    cx.fn.made.clear();
    if (made === undefined) {
      for (const id of this.ids.splice(before.ids)) cx.hoisted.delete(id);
      this.labels = before.labels;
      this.returns = before.returns;
      cx.forgetSites(before.sites);
      return undefined;
    }
    into.statements.push(made.planned);
    return made.direct === '' ? '' : cx.marks.mark(node.at) + made.direct;
  }

  /** Locals of the direct half are handed over, so they are variables of the whole function in both. */
  #declare(names: readonly LocalName[]): boolean {
    const ids = names
      .map((name) => this.cx.resolution.localOf.get(name) as LocalId)
      .filter((id) => this.cx.local(id).constant === undefined);
    if (this.ids.length + ids.length > MOST_LOCALS) return false;
    for (const id of ids) this.cx.hoisted.add(id);
    this.ids.push(...ids);
    return true;
  }

  #emit(node: Statement): { readonly direct: Code; readonly planned: PlannedStatement } | undefined {
    if (node.kind === 'Do') return this.#emitDo(node);
    if (node.kind === 'Label') return { direct: '', planned: { node, calls: [], label: undefined, inner: [] } };
    const early = findEarlyCalls(node, this.cx);
    if (early === undefined) return undefined;
    const parts: Code[] = [];
    const calls: PlannedCall[] = [];
    for (const call of early) {
      const made = this.#call(call, calls.length);
      if (made === undefined) return undefined;
      parts.push(made.direct);
      calls.push(made.planned);
      this.cx.fn.made.set(call.call, { result: made.planned.result, raw: call.multiple });
    }
    const rest = node.kind === 'If' ? this.#emitIf(node) : this.#emitRest(node, early.at(-1)?.multiple === true);
    if (rest === undefined) return undefined;
    if (node.kind === 'Return') this.returns = true;
    const { direct, label, inner } = rest;
    return { direct: lines([...parts, direct]), planned: { node, calls, label, inner } };
  }

  #emitDo(node: Extract<Statement, { kind: 'Do' }>): { direct: Code; planned: PlannedStatement } | undefined {
    const inner = this.#block(node.block);
    if (inner === undefined) return undefined;
    return { direct: `{\n${indent(inner.direct)}\n}`, planned: { node, calls: [], label: undefined, inner: [inner] } };
  }

  #call(early: EarlyCall, i: number): { direct: Code; planned: PlannedCall } | undefined {
    const { cx } = this;
    const result = resultName(i);
    const tail = tailOf(early);
    let label: number | undefined;
    let direct = this.#try(false, () => `${result} = ${emitRawCall(early.call, cx, tail)};`);
    if (direct === undefined) {
      if (isRaw(cx)) return undefined;
      label = this.labels + 1;
      const check = this.#unlessSure(label);
      direct = this.#try(true, () => {
        const { setup, code } = emitPreparedCall(early.call, cx, tail);
        return lines([`${setup};`, check, `${result} = ${code};`]);
      });
      if (direct === undefined) return undefined;
      this.labels++;
    }
    const after = ++this.labels;
    this.results = Math.max(this.results, i + 1);
    const test = `if (${result} instanceof ${cx.api('GENERATOR')}) ${handOverAt(after)}`;
    return { direct: lines([direct, test, cut(early, result, cx)]), planned: { ...early, result, label, after } };
  }

  /** What remains of the statement when its calls were made. */
  #emitRest(node: Statement, raw: boolean): Rest | undefined {
    const { cx } = this;
    const direct = this.#try(false, () => emitRest(node, cx));
    if (direct !== undefined) return { direct, label: undefined, inner: [] };
    // All results of a call have to be read at once, not when the statement runs again.
    if (raw) return undefined;
    const label = this.labels + 1;
    const cautious = this.#try(true, () => emitCautiously(node, this.#unlessSure(label), cx));
    if (cautious === undefined) return undefined;
    this.labels++;
    return { direct: cautious, label, inner: [] };
  }

  #emitIf(node: If): Rest | undefined {
    const { cx } = this;
    const [first, ...others] = node.clauses;
    if (first === undefined) return undefined;
    let label: number | undefined;
    let setup = '';
    let test = this.#try(false, () => emitTest(first.condition, cx));
    if (test === undefined) {
      label = this.labels + 1;
      const cautious = this.#try(true, () => emitTest(first.condition, cx));
      if (cautious === undefined) return undefined;
      test = cx.fn.temporary();
      setup = lines([`${test} = ${cautious};`, this.#unlessSure(label)]);
      this.labels++;
    }
    cx.fn.made.clear();
    const then = this.#block(first.block);
    const otherwise = this.#block(otherwiseOf(node, first.block, others));
    if (then === undefined || otherwise === undefined) return undefined;
    const last = otherwise.direct === '' ? '' : ` else {\n${indent(otherwise.direct)}\n}`;
    const mark = cx.marks.mark(first.condition.at);
    return {
      direct: lines([setup, `${mark}if (${test}) {\n${indent(then.direct)}\n}${last}`]),
      label,
      inner: [then, otherwise],
    };
  }

  /** The code, if it can be emitted so. */
  #try(cautious: boolean, emit: () => Code): Code | undefined {
    const { cx } = this;
    const sites = cx.countSites();
    const mark = cx.fn.mark();
    const optimism = { cautious, gaveUp: false };
    cx.fn.optimism = optimism;
    const code = emit();
    cx.fn.optimism = undefined;
    if (!optimism.gaveUp) return code;
    cx.forgetSites(sites);
    cx.fn.release(mark);
    return undefined;
  }

  #unlessSure(label: number): Code {
    if (!this.cx.fn.variables.includes(UNSURE)) this.cx.fn.variables.push(UNSURE);
    return `if (${UNSURE}) ${handOverAt(label)}`;
  }
}

interface Rest {
  readonly direct: Code;
  readonly label: number | undefined;
  readonly inner: readonly PlannedBlock[];
}

/** `elseif` as an `if` of its own. */
function otherwiseOf(node: If, then: Block, [next, ...others]: If['clauses']): Block {
  if (next === undefined) return node.otherwise ?? { ...then, statements: [] };
  const nested: If = { ...node, at: next.at, clauses: [next, ...others] };
  return { ...next.block, statements: [nested] };
}

function resultName(i: number): Code {
  return `r${i + 1}`;
}

/** Is there a call made whose results are still in the registers? */
function isRaw(cx: EmitContext): boolean {
  return [...cx.fn.made.values()].some(({ raw }) => raw);
}

/** The statement without slow paths; `check` stands before anything that is seen from outside. */
function emitCautiously(node: Statement, check: Code, cx: EmitContext): Code {
  switch (node.kind) {
    case 'Local':
      return lines([emitStatement(node, cx), check]);
    case 'Return':
      return emitCautiousReturn(node, check, cx);
    case 'Assignment':
      return emitCautiousAssignment(node, check, cx);
    default:
      return cx.giveUp();
  }
}

function emitCautiousReturn(node: Return, check: Code, cx: EmitContext): Code {
  const t = cx.fn.temporary();
  return lines([`${t} = ${emitResults(node.values, cx)};`, check, `return ${t};`]);
}

function emitCautiousAssignment(node: Extract<Statement, { kind: 'Assignment' }>, check: Code, cx: EmitContext): Code {
  const [target] = node.targets;
  const [value] = node.values;
  if (target === undefined || value === undefined || node.targets.length > 1 || node.values.length > 1)
    return cx.giveUp();
  const t = cx.fn.temporary();
  if (target.kind === 'Name') {
    return lines([`${t} = ${emitExpression(value, cx)};`, check, assignVariable(target, t, cx), check]);
  }
  const place = prepareTarget(target, () => true, value.end - 1, cx);
  return lines([...place.setups, `${t} = ${emitExpression(value, cx)};`, check, emitStore(place, t, cx), check]);
}
