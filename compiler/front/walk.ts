/** Children of statements and expressions, in source order: what passes that only look for something need not repeat. */
import type { Block, Expression, Statement } from './ast.ts';

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

/** Calls `visit` for every statement and expression in a block, function bodies included, in source order. */
export function eachNode(block: Block, visit: (node: Statement | Expression) => void): void {
  const expression = (node: Expression): void => {
    visit(node);
    if (node.kind === 'Function') inside(node.block);
    else eachOperand(node, expression);
  };
  const inside = ({ statements }: Block): void => {
    for (const node of statements) {
      visit(node);
      eachPart(node, expression, inside);
    }
  };
  inside(block);
}

/** Calls `expression` and `block` for what stands directly inside a statement. */
export function eachPart(node: Statement, expression: (node: Expression) => void, block: (node: Block) => void): void {
  switch (node.kind) {
    case 'Local':
      node.values.forEach(expression);
      break;
    case 'Assignment':
      node.targets.forEach(expression);
      node.values.forEach(expression);
      break;
    case 'CallStatement':
      expression(node.call);
      break;
    case 'Return':
      node.values.forEach(expression);
      break;
    case 'LocalFunction':
      expression(node.body);
      break;
    case 'FunctionStatement':
      expression(node.target);
      expression(node.body);
      break;
    case 'Do':
      block(node.block);
      break;
    case 'While':
      expression(node.condition);
      block(node.block);
      break;
    case 'Repeat':
      block(node.block);
      expression(node.condition);
      break;
    case 'If':
      for (const clause of node.clauses) {
        expression(clause.condition);
        block(clause.block);
      }
      if (node.otherwise !== undefined) block(node.otherwise);
      break;
    case 'NumericFor':
      expression(node.start);
      expression(node.limit);
      if (node.step !== undefined) expression(node.step);
      block(node.block);
      break;
    case 'GenericFor':
      node.values.forEach(expression);
      block(node.block);
      break;
    case 'Break':
    case 'Goto':
    case 'Label':
      break;
  }
}
