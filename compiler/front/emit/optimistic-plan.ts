/** What both halves of an optimistic function are written from, and what they have in common: see optimistic.ts. */
import type { Block, Statement } from '../ast.ts';
import type { TailMode } from './calls.ts';
import type { Code, EmitContext } from './context.ts';
import type { EarlyCall } from './made-calls.ts';
import { emitStatement } from './statements.ts';

export interface PlannedBlock {
  readonly block: Block;
  readonly statements: PlannedStatement[];
  /** Where the generator goes on with the statements that are not planned; undefined if all are. */
  stop: number | undefined;
  /** Labels inside: from `first` on, up to but without `end`. */
  first: number;
  end: number;
  direct: Code;
}

export interface PlannedStatement {
  readonly node: Statement;
  readonly calls: readonly PlannedCall[];
  /** Where it runs again if it was emitted cautiously; undefined if it cannot wait. */
  readonly label: number | undefined;
  /** Branches of an `if`, the body of `do`. */
  readonly inner: readonly PlannedBlock[];
}

export interface PlannedCall extends EarlyCall {
  readonly result: Code;
  readonly label: number | undefined;
  /** Behind the call. */
  readonly after: number;
}

export function tailOf({ tail }: EarlyCall): TailMode {
  return tail ? 'tail' : 'none';
}

/** Cuts the result to one value where no more are used: at once, before anything else runs. */
export function cut({ call, multiple }: EarlyCall, result: Code, cx: EmitContext): Code {
  const callee = cx.analysis.callees.get(call);
  if (multiple || (callee !== undefined && cx.inference.returnsOne(callee))) return '';
  return `if (${result} === ${cx.api('MULTI')}) ${result} = ${cx.api('X')}.a;`;
}

/** What is left of the statement when its calls were made. */
export function emitRest(node: Statement, cx: EmitContext): Code {
  return node.kind === 'CallStatement' && cx.fn.made.has(node.call) ? '' : emitStatement(node, cx);
}
