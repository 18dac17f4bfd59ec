/** Functions and methods that a host module, a global table, userdata or a library of Lua does not have. */
import { nearest } from '../../../runtime/contract/nearest.ts';
import type { AnyCall, Index } from '../../front/ast.ts';
import type { CheckedFile } from '../file.ts';
import { hostValue } from '../host-values.ts';
import { LATER_FUNCTIONS, libraryFunctions } from '../lua-names.ts';
import type { CheckedProgram } from '../program.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'unknown-function',
  severity: 'error',
  doc: 'A call of a function that the host module, the userdata or the library of Lua does not have.',
  *run(file, program) {
    const tested = testedFields(file);
    for (const node of file.nodes) {
      if (node.kind !== 'Call' && node.kind !== 'MethodCall') continue;
      const called = calledField(node);
      if (called === undefined || tested.has(called.name) || program.definitions.fields.has(called.name)) continue;
      yield* check(called, file, program);
    }
  },
});

interface CalledField {
  readonly object: Index['object'];
  readonly name: string;
  readonly at: number;
}

function calledField(node: AnyCall): CalledField | undefined {
  if (node.kind === 'MethodCall') return { object: node.object, name: node.name, at: node.nameAt };
  const { callee } = node;
  if (callee.kind !== 'Index' || callee.key.kind !== 'String') return undefined;
  return { object: callee.object, name: callee.key.value, at: callee.key.at };
}

function testedFields(file: CheckedFile): ReadonlySet<string> {
  return new Set(
    file.nodes.flatMap((node) =>
      node.kind === 'Index' && node.key.kind === 'String' && file.isTested(node) ? [node.key.value] : [],
    ),
  );
}

function* check({ object, name, at }: CalledField, file: CheckedFile, program: CheckedProgram): Iterable<Finding> {
  const known = libraryOf(object, file, program) ?? namesIn(hostValue(object, file, program));
  if (known === undefined || known.names.includes(name)) return;
  const close = nearest(name, known.names);
  const isLater = LATER_FUNCTIONS.has(`${known.label}.${name}`);
  yield {
    at,
    message: `'${known.label}' has no function '${name}'${isLater ? ' in Lua 5.1' : ''}`,
    // Code for several versions of Lua asks for the version before it comes here.
    severity: isLater ? 'warning' : 'error',
    hint: close === undefined ? undefined : `did you mean '${close}'?`,
  };
}

interface KnownNames {
  readonly label: string;
  readonly names: readonly string[];
}

function namesIn(value: ReturnType<typeof hostValue>): KnownNames | undefined {
  // Of global tables unknown-builtin speaks, which also sees reads.
  if (value?.kind !== 'table' || value.origin === 'global' || value.functions.length === 0) return undefined;
  return { label: value.label, names: [...value.functions.map((each) => each.name), ...value.others] };
}

function libraryOf(object: Index['object'], file: CheckedFile, program: CheckedProgram): KnownNames | undefined {
  if (object.kind !== 'Name' || !file.isGlobal(object) || program.definitions.globals.has(object.name))
    return undefined;
  const functions = libraryFunctions(object.name);
  return functions === undefined ? undefined : { label: object.name, names: [...functions] };
}
