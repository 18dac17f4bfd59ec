/** A local whose value nobody reads. */
import type { LocalFunction, LocalStatement } from '../../front/ast.ts';
import { isMultiple } from '../../front/ast.ts';
import type { Local } from '../../front/resolution.ts';
import type { CheckedFile } from '../file.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'unused-local',
  severity: 'warning',
  doc: 'A local or a local function whose value nobody reads; names that begin with _ are meant to be unused.',
  *run(file) {
    for (const node of file.nodes) {
      if (node.kind === 'Local') yield* unusedIn(node, file);
      else if (node.kind === 'LocalFunction') yield* unusedFunction(node, file);
    }
  },
});

/** Names before a used one only hold its place, when one expression gives all of their values. */
function* unusedIn(node: LocalStatement, file: CheckedFile): Iterable<Finding> {
  const last = node.values.at(-1);
  const spread = last !== undefined && isMultiple(last) ? node.values.length - 1 : node.names.length;
  let lastUsed = -1;
  node.names.forEach((name, at) => {
    const local = file.resolution.locals[file.resolution.localOf.get(name) ?? -1];
    if (local !== undefined && !isUnused(local)) lastUsed = at;
  });
  for (const [at, name] of node.names.entries()) {
    const local = file.resolution.locals[file.resolution.localOf.get(name) ?? -1];
    if (local === undefined || !isUnused(local) || (at >= spread && at < lastUsed)) continue;
    const what = local.writes === 'many' ? 'is assigned but never read' : 'is never used';
    // The error text behind a result is often left alone.
    const severity = at > spread ? 'notice' : 'warning';
    yield { at: name.at, message: `local '${name.name}' ${what}`, severity };
  }
}

function* unusedFunction({ name }: LocalFunction, file: CheckedFile): Iterable<Finding> {
  const local = file.resolution.locals[file.resolution.localOf.get(name) ?? -1];
  if (local !== undefined && isUnused(local)) yield { at: name.at, message: `function '${name.name}' is never used` };
}

function isUnused({ name, reads }: Local): boolean {
  return reads === 0 && !name.startsWith('_');
}
