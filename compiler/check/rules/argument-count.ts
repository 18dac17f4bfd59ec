/** Calls of host functions with too few or too many arguments. */
import type { HostParameter } from '../../../runtime/contract/host.ts';
import { isMultiple } from '../../front/ast.ts';
import { hostCall } from '../host-values.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  name: 'argument-count',
  severity: 'error',
  doc: 'A host function is called with too few arguments, or with more than it looks at (a warning).',
  *run(file, program) {
    for (const node of file.nodes) {
      if (node.kind !== 'Call' && node.kind !== 'MethodCall') continue;
      const site = hostCall(node, file, program);
      // Of a module's function called with `:` argument-type speaks.
      if (site === undefined || site.passesModule) continue;
      const { called } = site;
      const last = node.args.at(-1);
      const given = site.given.length;
      const isOpen = last !== undefined && isMultiple(last);
      const problems = called.candidates.map(({ params }) => problemOf(params, given, isOpen));
      const [problem] = problems;
      if (problem === undefined || problems.some((each) => each === undefined)) continue;
      yield {
        at: node.open,
        message: `'${called.label}' ${problem.text}, got ${given}`,
        severity: problem.isFatal ? 'error' : 'warning',
        hint: `parameters: ${(called.candidates[0]?.params ?? []).map(shown).join(', ') || 'none'}`,
      };
    }
  },
});

interface Problem {
  readonly text: string;
  readonly isFatal: boolean;
}

/** `isOpen`: the last argument may stand for any number of them. */
function problemOf(params: readonly HostParameter[], given: number, isOpen: boolean): Problem | undefined {
  const needed = params.filter(({ optional, variadic }) => !optional && !variadic).length;
  if (given < needed && !isOpen) return { text: `needs ${amount(needed)}`, isFatal: true };
  const isBounded = !params.some(({ variadic }) => variadic);
  const extra = isOpen ? given - 1 : given;
  return isBounded && extra > params.length ? { text: `takes ${amount(params.length)}`, isFatal: false } : undefined;
}

function amount(count: number): string {
  if (count === 0) return 'no arguments';
  return count === 1 ? '1 argument' : `${count} arguments`;
}

function shown({ name, optional, variadic }: HostParameter): string {
  if (variadic) return `${name}...`;
  return optional ? `${name}?` : name;
}
