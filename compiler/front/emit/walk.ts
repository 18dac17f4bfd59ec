/** Plain traversal of the syntax tree, for facts that are gathered before emission. */
import type { Block, Chunk, Expression, FunctionLike, IfClause, Statement, TableField } from '../ast.ts';

export type Node = Chunk | Block | Statement | IfClause | Expression | TableField;

/** The direct children in source order. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'Chunk':
    case 'Function':
    case 'Do':
      return [node.block];
    case 'Block':
      return node.statements;
    case 'Local':
    case 'Return':
      return node.values;
    case 'Assignment':
      return [...node.targets, ...node.values];
    case 'CallStatement':
      return [node.call];
    case 'While':
      return [node.condition, node.block];
    case 'Repeat':
      return [node.block, node.condition];
    case 'If':
      return node.otherwise === undefined ? node.clauses : [...node.clauses, node.otherwise];
    case 'IfClause':
      return [node.condition, node.block];
    case 'NumericFor':
      return [node.start, node.limit, ...(node.step === undefined ? [] : [node.step]), node.block];
    case 'GenericFor':
      return [...node.values, node.block];
    case 'FunctionStatement':
      return [node.target, node.body];
    case 'LocalFunction':
      return [node.body];
    case 'Break':
    case 'Goto':
    case 'Label':
    case 'Nil':
    case 'Boolean':
    case 'Number':
    case 'String':
    case 'Vararg':
    case 'Name':
      return [];
    default:
      return childrenOfCompound(node);
  }
}

type Compound = Extract<
  Node,
  {
    kind:
      | 'Index'
      | 'Call'
      | 'MethodCall'
      | 'Parenthesised'
      | 'Binary'
      | 'Concat'
      | 'Logical'
      | 'Unary'
      | 'Table'
      | TableField['kind'];
  }
>;

function childrenOfCompound(node: Compound): readonly Node[] {
  switch (node.kind) {
    case 'Index':
      return [node.object, node.key];
    case 'Call':
      return [node.callee, ...node.args];
    case 'MethodCall':
      return [node.object, ...node.args];
    case 'Parenthesised':
      return [node.inner];
    case 'Binary':
      return [node.first, ...node.steps.map((step) => step.operand)];
    case 'Concat':
    case 'Logical':
      return node.operands;
    case 'Unary':
      return [node.operand];
    case 'Table':
      return node.fields;
    case 'PositionalField':
    case 'NamedField':
      return [node.value];
    case 'ComputedField':
      return [node.key, node.value];
  }
}

/** Calls `visit` for every node below `root`, with the function it belongs to; a `Function` belongs to the outer one. */
export function walk(root: FunctionLike, visit: (node: Node, owner: FunctionLike) => void): void {
  const stack: { readonly node: Node; readonly owner: FunctionLike }[] = [{ node: root.block, owner: root }];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { node, owner } = entry;
    visit(node, owner);
    const inner = node.kind === 'Function' ? node : owner;
    for (const child of childrenOf(node).toReversed()) stack.push({ node: child, owner: inner });
  }
}
