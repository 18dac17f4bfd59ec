/** Entry functions that return another number of values than the server reads. */
import { isMultiple } from '../../front/ast.ts';
import { definedEntries, type Entry } from '../entries.ts';
import type { CheckedFile } from '../file.ts';
import { fallsOffEnd, returnsOf } from '../flow.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  name: 'return-count',
  severity: 'warning',
  doc: 'An entry function returns fewer or more values than its class has, or comes to its end without a return.',
  *run(file, program) {
    for (const entry of definedEntries(file, program)) {
      if (entry.entry.results.length > 0) yield* countsOf(entry, file);
    }
  },
});

function* countsOf({ entry, body }: Entry, file: CheckedFile): Iterable<Finding> {
  const wanted = entry.results.length;
  const hint = `results: ${entry.results.map(({ name }) => name).join(', ')}`;
  for (const { at, values } of returnsOf(body)) {
    const last = values.at(-1);
    const isOpen = last !== undefined && isMultiple(last);
    const given = values.length;
    if (isOpen ? given <= wanted : given === wanted) continue;
    yield { at, message: `'${entry.name}' has to return ${valuesOf(wanted)}, here it is ${given}`, hint };
  }
  if (fallsOffEnd(body, file)) {
    yield { at: body.end - 'end'.length, message: `'${entry.name}' may end without a return`, hint };
  }
}

function valuesOf(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}
