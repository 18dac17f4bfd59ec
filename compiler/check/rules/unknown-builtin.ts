/** A misspelt name in a global table of the host, such as `nauthilus_builtin`. */

import type { HostGlobalTable } from '../../../runtime/contract/host.ts';
import { nearest } from '../../../runtime/contract/nearest.ts';
import type { Index } from '../../front/ast.ts';
import type { CheckedFile } from '../file.ts';
import type { CheckedProgram } from '../program.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  name: 'unknown-builtin',
  severity: 'error',
  doc: 'A field of nauthilus_builtin or nauthilus_backend_result that does not exist in this script class.',
  *run(file, program) {
    const uses = file.nodes.flatMap((node) => (node.kind === 'Index' ? useOf(node, file, program) : []));
    const tested = new Set(uses.filter(({ node }) => file.isTested(node)).map(({ field }) => field));
    for (const { node, field, tables } of uses) {
      if (tested.has(field) || program.definitions.fields.has(field)) continue;
      const known = tables.flatMap(namesIn);
      if (known.includes(field)) continue;
      const table = tables[0]?.name ?? '';
      yield { at: node.key.at, message: `'${table}' has no '${field}'`, hint: hint(field, known, table, program) };
    }
  },
});

interface Use {
  readonly node: Index;
  readonly field: string;
  readonly tables: readonly HostGlobalTable[];
}

function useOf(node: Index, file: CheckedFile, program: CheckedProgram): readonly Use[] {
  const { object, key } = node;
  if (object.kind !== 'Name' || key.kind !== 'String' || !file.isGlobal(object) || file.isTarget(node)) return [];
  const tables = program.tablesNamed(object.name, file);
  const isOurs = tables.length > 0 && !program.definitions.globals.has(object.name);
  return isOurs ? [{ node, field: key.value, tables }] : [];
}

function namesIn({ functions, constants }: HostGlobalTable): readonly string[] {
  return [...functions.map(({ name }) => name), ...Object.keys(constants)];
}

function hint(field: string, known: readonly string[], table: string, program: CheckedProgram): string | undefined {
  const elsewhere = program.globals.tables.filter((each) => each.name === table && namesIn(each).includes(field));
  if (elsewhere.length > 0)
    return `it is there in ${elsewhere.map(({ scriptClass }) => scriptClass).join(', ')} scripts`;
  const close = nearest(field, known);
  return close === undefined ? undefined : `did you mean '${close}'?`;
}
