/** The half of an optimistic function that waits: a generator that begins at any label of the plan. See optimistic.ts. */
import type { If } from '../ast.ts';
import { emitRawCall, markOf } from './calls.ts';
import type { Code, EmitContext } from './context.ts';
import { emitTest } from './expressions.ts';
import {
  cut,
  emitRest,
  type PlannedBlock,
  type PlannedCall,
  type PlannedStatement,
  tailOf,
} from './optimistic-plan.ts';
import { indent } from './source-map.ts';
import { emitBlock, lines } from './statements.ts';

/** Parameter of the generator: where to go on. */
export const LABEL = 'at';

/** The generator's half of a block. */
export function emitPlanned(planned: PlannedBlock, cx: EmitContext): Code {
  const rest = planned.block.statements.slice(planned.statements.length);
  const after = emitBlock({ ...planned.block, statements: rest }, cx);
  if (planned.first === planned.end)
    return lines([lines(planned.statements.map((each) => emitWaiting(each, cx))), after]);
  const parts = planned.statements.map((each) => emitWaiting(each, cx));
  if (planned.stop !== undefined) parts.push(caseOf(planned.stop));
  return lines([`switch (${LABEL}) {\ndefault:\n${indent(lines(parts))}\n}`, after]);
}

function caseOf(label: number | undefined): Code {
  return label === undefined ? '' : `case ${label}:`;
}

function emitWaiting(planned: PlannedStatement, cx: EmitContext): Code {
  const { node, calls, label, inner } = planned;
  const mark = cx.fn.mark();
  const parts: Code[] = [];
  for (const call of calls) {
    parts.push(emitWaitingCall(call, cx));
    cx.fn.made.set(call.call, { result: call.result, raw: call.multiple });
  }
  parts.push(caseOf(label));
  if (node.kind === 'If') parts.push(emitWaitingIf(node, inner, cx));
  else if (node.kind === 'Do') parts.push(...inner.map((block) => emitInner(block, cx)));
  else parts.push(emitRest(node, cx));
  cx.fn.made.clear();
  cx.fn.release(mark);
  return lines(parts);
}

function emitWaitingCall({ call, result, label, after, ...early }: PlannedCall, cx: EmitContext): Code {
  const tail = tailOf({ call, ...early });
  const mark = markOf(call, cx, tail);
  return lines([
    caseOf(label),
    `${cx.marks.mark(call.at)}${result} = ${emitRawCall(call, cx, tail)};`,
    caseOf(after),
    `if (${result} instanceof ${cx.api('GENERATOR')}) ${result} = ${mark}yield* ${mark}${result};`,
    cut({ call, ...early }, result, cx),
  ]);
}

function casesIn({ first, end }: PlannedBlock): Code {
  return lines(Array.from({ length: end - first }, (_, i) => caseOf(first + i)));
}

function emitInner(block: PlannedBlock, cx: EmitContext): Code {
  return lines([casesIn(block), `{\n${indent(emitPlanned(block, cx))}\n}`]);
}

/** The branch that the label stands in is entered whatever the condition says now. */
function emitWaitingIf(node: If, [then, otherwise]: readonly PlannedBlock[], cx: EmitContext): Code {
  const [first] = node.clauses;
  if (first === undefined || then === undefined || otherwise === undefined) return '';
  const condition = emitTest(first.condition, cx);
  cx.fn.made.clear();
  const isIn = ({ first: low, end }: PlannedBlock): Code => `${LABEL} >= ${low} && ${LABEL} < ${end}`;
  const notElse = otherwise.first === otherwise.end ? condition : `!(${isIn(otherwise)}) && ${condition}`;
  const test = then.first === then.end ? notElse : `${isIn(then)} || ${notElse}`;
  const last = emitPlanned(otherwise, cx);
  return lines([
    casesIn(then),
    casesIn(otherwise),
    `${cx.marks.mark(first.condition.at)}if (${test}) {\n${indent(emitPlanned(then, cx))}\n}${last === '' ? '' : ` else {\n${indent(last)}\n}`}`,
  ]);
}
