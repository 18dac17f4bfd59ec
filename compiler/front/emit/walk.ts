/** All nodes of a function and of those inside it, each with the function it belongs to. */
import type { Block, Expression, FunctionLike, Statement } from '../ast.ts';
import { eachOperand, eachPart } from '../walk.ts';

export type Node = Statement | Expression;

/** In source order; a `Function` node belongs to the function around it. */
export function walk(root: FunctionLike, visit: (node: Node, owner: FunctionLike) => void): void {
  const block = (owner: FunctionLike, inner: Block): void => {
    const expression = (node: Expression): void => {
      visit(node, owner);
      if (node.kind === 'Function') block(node, node.block);
      else eachOperand(node, expression);
    };
    for (const statement of inner.statements) {
      visit(statement, owner);
      eachPart(statement, expression, (nested) => block(owner, nested));
    }
  };
  block(root, root.block);
}
