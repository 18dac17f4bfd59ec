/** `dynamic_loader` and `require` of modules that do not exist, or not for scripts of this class. */
import { nearest } from '../../../runtime/contract/nearest.ts';
import type { Call } from '../../front/ast.ts';
import type { CheckedFile } from '../file.ts';
import { requiredName } from '../host-values.ts';
import type { CheckedProgram } from '../program.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'unknown-module',
  severity: 'error',
  doc: 'A host module that does not exist (dynamic_loader ignores it), or is not available in this script class.',
  *run(file, program) {
    for (const node of file.nodes) {
      if (node.kind !== 'Call' || isProtected(node, file)) continue;
      const required = requiredName(node, file);
      if (required !== undefined) yield* unavailable(required, node, file, program);
      else yield* unknownLoader(node, file, program);
    }
  },
});

function* unavailable(name: string, node: Call, { classes }: CheckedFile, program: CheckedProgram): Iterable<Finding> {
  const modules = program.hostModules(name);
  const missing = classes.filter((each) => !modules.some((module) => module.classes.includes(each)));
  if (modules.length === 0 || missing.length === 0) return;
  yield { at: node.at, message: `host module '${name}' is not available in ${missing.join(' and ')} scripts` };
}

function* unknownLoader(node: Call, file: CheckedFile, program: CheckedProgram): Iterable<Finding> {
  const { callee, args } = node;
  const [name] = args;
  if (callee.kind !== 'Name' || callee.name !== 'dynamic_loader' || !file.isGlobal(callee)) return;
  if (name?.kind !== 'String' || program.definitions.globals.has('dynamic_loader')) return;
  const known = program.manifest.modules.flatMap(({ loader, requires }) => [loader, ...requires]);
  if (known.includes(name.value)) return;
  const close = nearest(name.value, known);
  yield {
    at: name.at,
    message: `there is no host module '${name.value}'`,
    // It is ignored; only what is required afterwards fails.
    severity: 'warning',
    hint: close === undefined ? undefined : `did you mean '${close}'?`,
  };
}

/** `pcall(function() … require("x") … end)`. */
function isProtected(node: Call, file: CheckedFile): boolean {
  for (let around = file.parentOf(node); around !== undefined; around = file.parentOf(around)) {
    if (around.kind !== 'Function') continue;
    const user = file.parentOf(around);
    if (user?.kind === 'Call' && user.callee.kind === 'Name' && /^x?pcall$/.test(user.callee.name)) return true;
  }
  return false;
}
