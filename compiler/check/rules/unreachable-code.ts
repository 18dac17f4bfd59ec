/** Statements that control never comes to. */
import type { Block } from '../../front/ast.ts';
import { eachPart } from '../../front/walk.ts';
import type { CheckedFile } from '../file.ts';
import { isEnding } from '../flow.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'unreachable-code',
  severity: 'warning',
  doc: 'Statements behind one that never comes to its end: return, break, error(), a loop without a way out.',
  *run(file) {
    yield* unreachableIn(file.chunk.block, file);
    for (const node of file.nodes) {
      if (node.kind === 'Function') yield* unreachableIn(node.block, file);
      else if (isStatement(node)) {
        const blocks: Block[] = [];
        eachPart(
          node,
          () => {},
          (block) => blocks.push(block),
        );
        for (const block of blocks) yield* unreachableIn(block, file);
      }
    }
  },
});

type Statement = Parameters<typeof eachPart>[0];

const STATEMENTS_WITH_BLOCKS = new Set(['Do', 'While', 'Repeat', 'If', 'NumericFor', 'GenericFor']);

function isStatement(node: { readonly kind: string }): node is Statement {
  return STATEMENTS_WITH_BLOCKS.has(node.kind);
}

function* unreachableIn({ statements }: Block, file: CheckedFile): Iterable<Finding> {
  let ended = false;
  for (const statement of statements) {
    if (statement.kind === 'Label') ended = false;
    if (ended) {
      // `error("…")` and then `return` only pleases other tools.
      if (statement.kind !== 'Return' && statement.kind !== 'Break') {
        yield { at: statement.at, message: 'this code is never reached' };
      }
      return;
    }
    ended = isEnding(statement, file);
  }
}
