/** All nodes of a function and of those inside it, each with the function it belongs to. */
import type { Block, Expression, FunctionLike, Statement } from '../ast.ts';
import { eachOperand, eachPart } from '../walk.ts';

export type Node = Statement | Expression;

/** In source order; a `Function` node belongs to the function around it. */
export function walk(root: FunctionLike, visit: (node: Node, owner: FunctionLike) => void): void {
  new Walk(root, visit).block(root.block);
}

class Walk {
  readonly #owner: FunctionLike;
  readonly #visit: (node: Node, owner: FunctionLike) => void;

  constructor(owner: FunctionLike, visit: (node: Node, owner: FunctionLike) => void) {
    this.#owner = owner;
    this.#visit = visit;
  }

  readonly block = (block: Block): void => {
    for (const statement of block.statements) {
      this.#visit(statement, this.#owner);
      eachPart(statement, this.#expression, this.block);
    }
  };

  readonly #expression = (node: Expression): void => {
    this.#visit(node, this.#owner);
    if (node.kind === 'Function') new Walk(node, this.#visit).block(node.block);
    else eachOperand(node, this.#expression);
  };
}
