/** A global that nothing defines: a misspelt name, or a missing `local`. */
import { nearest } from '../../../runtime/contract/nearest.ts';
import type { Name } from '../../front/ast.ts';
import type { CheckedFile } from '../file.ts';
import { isStandardGlobal, STANDARD_GLOBALS } from '../lua-names.ts';
import type { CheckedProgram } from '../program.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  name: 'undefined-global',
  severity: 'warning',
  doc: 'A global is read that nothing defines; an error where it is called or indexed.',
  *run(file, program) {
    if (program.definitions.areOpen) return;
    const uses = undefinedUses(file, program);
    const tested = new Set(uses.filter((use) => file.isTested(use)).map(({ name }) => name));
    const seen = new Set<string>();
    for (const use of uses) {
      if (tested.has(use.name) || seen.has(use.name)) continue;
      seen.add(use.name);
      yield {
        at: use.at,
        message: `global '${use.name}' is not defined`,
        hint: suggestion(use.name, file, program),
        severity: uses.some((each) => each.name === use.name && mustExist(each, file)) ? 'error' : 'warning',
      };
    }
  },
});

function undefinedUses(file: CheckedFile, program: CheckedProgram): readonly Name[] {
  return file.nodes.filter(
    (node): node is Name =>
      node.kind === 'Name' && file.isGlobal(node) && !file.isTarget(node) && !isKnown(node.name, file, program),
  );
}

function isKnown(name: string, file: CheckedFile, program: CheckedProgram): boolean {
  return (
    isStandardGlobal(name) ||
    program.definitions.globals.has(name) ||
    program.globals.functions.some((each) => each.name === name) ||
    program.tablesNamed(name, file).length > 0
  );
}

/** Would a nil here raise an error? */
function mustExist(node: Name, file: CheckedFile): boolean {
  const parent = file.parentOf(node);
  if (parent?.kind === 'Call') return parent.callee === node;
  return (parent?.kind === 'Index' || parent?.kind === 'MethodCall') && parent.object === node;
}

function suggestion(name: string, file: CheckedFile, program: CheckedProgram): string | undefined {
  const elsewhere = program.globals.tables.find((table) => table.name === name || table.aliases.includes(name));
  if (elsewhere !== undefined)
    return `'${name}' is there in other script classes, not in ${file.classes.join(', ')} scripts`;
  const known = [
    ...STANDARD_GLOBALS,
    ...program.definitions.globals.keys(),
    ...program.globals.functions.map((each) => each.name),
    ...file.classes.flatMap((scriptClass) =>
      program.globals.tables.filter((table) => table.scriptClass === scriptClass).map((table) => table.name),
    ),
    ...file.resolution.locals.map((local) => local.name),
  ];
  const close = nearest(name, known);
  return close === undefined ? undefined : `did you mean '${close}'?`;
}
