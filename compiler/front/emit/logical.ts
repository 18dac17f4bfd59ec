/** `and`, `or`: flat chains, as values and as tests. */
import type { Expression } from '../ast.ts';
import type { Code, EmitContext } from './context.ts';
import { emitExpression, emitTest, isRepeatable } from './expressions.ts';

type Logical = Extract<Expression, { kind: 'Logical' }>;

export function emitLogicalTest(node: Logical, cx: EmitContext): Code {
  const join = node.operator === 'and' ? ' && ' : ' || ';
  return `(${node.operands.map((operand) => emitTest(operand, cx)).join(join)})`;
}

/** The value of the first operand that decides. */
export function emitLogical(node: Logical, cx: EmitContext): Code {
  const conditional = node.operator === 'or' ? emitConditional(node, cx) : undefined;
  if (conditional !== undefined) return conditional;
  const parts: Code[] = [];
  const last = node.operands.length - 1;
  node.operands.forEach((operand, i) => {
    parts.push(i === last ? emitExpression(operand, cx) : `${emitDecision(node.operator, operand, cx)} : `);
  });
  return `(${parts.join('')})`;
}

/** `test ? value` for an operand that may decide. */
function emitDecision(operator: 'and' | 'or', operand: Expression, cx: EmitContext): Code {
  const code = emitExpression(operand, cx);
  let use = code;
  let first = code;
  if (!isRepeatable(operand, cx)) {
    use = cx.fn.temporary();
    first = `(${use} = ${code})`;
  }
  return `${decides(operator, cx.typeOf(operand), first, use)} ? ${use}`;
}

function decides(operator: 'and' | 'or', type: string, first: Code, use: Code): Code {
  if (type === 'boolean') return operator === 'and' ? `${first} === false` : first;
  if (operator === 'and') return `${first} === undefined || ${use} === false`;
  return `${first} !== undefined && ${use} !== false`;
}

/** `a and b or c` with a `b` that is always true is a conditional expression. */
function emitConditional(node: Logical, cx: EmitContext): Code | undefined {
  const [first, second] = node.operands;
  if (node.operands.length !== 2 || first?.kind !== 'Logical' || first.operator !== 'and' || second === undefined) {
    return undefined;
  }
  const chosen = first.operands[first.operands.length - 1] as Expression;
  if (!['number', 'string', 'table', 'function'].includes(cx.typeOf(chosen))) return undefined;
  const tests = first.operands.slice(0, -1).map((operand) => emitTest(operand, cx));
  return `(${tests.join(' && ')} ? ${emitExpression(chosen, cx)} : ${emitExpression(second, cx)})`;
}
