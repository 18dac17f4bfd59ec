/** A parameter that the function does not read, and none behind it. */
import type { FunctionBody } from '../../front/ast.ts';
import { definedEntries } from '../entries.ts';
import type { CheckedFile } from '../file.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'unused-parameter',
  severity: 'notice',
  doc: 'The last parameters of a function that it does not read; entry functions may leave theirs unread.',
  *run(file, program) {
    const entries = new Set(definedEntries(file, program).map(({ body }) => body));
    for (const node of file.nodes) {
      if (node.kind === 'Function' && !entries.has(node) && !isEmpty(node)) yield* unusedIn(node, file);
    }
  },
});

/** A function that does nothing is there to be called. */
function isEmpty({ block }: FunctionBody): boolean {
  return block.statements.every((node) => node.kind === 'Return' && node.values.length === 0);
}

function* unusedIn({ params, hasSelf }: FunctionBody, file: CheckedFile): Iterable<Finding> {
  for (const param of params.slice(hasSelf ? 1 : 0).reverse()) {
    const local = file.resolution.locals[file.resolution.localOf.get(param) ?? -1];
    if (local === undefined || local.reads > 0 || local.writes === 'many') return;
    if (!param.name.startsWith('_') && param.name !== 'self')
      yield { at: param.at, message: `parameter '${param.name}' is never used` };
  }
}
