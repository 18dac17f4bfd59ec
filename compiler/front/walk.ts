/** Children of expressions, in the order of evaluation: what passes that only look for something need not repeat. */
import type { Expression } from './ast.ts';

/** Calls `visit` for the expressions directly inside `node`. Does not enter function bodies. */
export function eachOperand(node: Expression, visit: (operand: Expression) => void): void {
  switch (node.kind) {
    case 'Index':
      visit(node.object);
      visit(node.key);
      break;
    case 'Call':
      visit(node.callee);
      node.args.forEach(visit);
      break;
    case 'MethodCall':
      visit(node.object);
      node.args.forEach(visit);
      break;
    case 'Parenthesised':
      visit(node.inner);
      break;
    case 'Binary':
      visit(node.first);
      for (const { operand } of node.steps) visit(operand);
      break;
    case 'Concat':
    case 'Logical':
      node.operands.forEach(visit);
      break;
    case 'Unary':
      visit(node.operand);
      break;
    case 'Table':
      for (const field of node.fields) {
        if (field.kind === 'ComputedField') visit(field.key);
        visit(field.value);
      }
      break;
  }
}
