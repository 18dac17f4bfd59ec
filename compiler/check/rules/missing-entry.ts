/** A script without the function that the server calls. */

import type { ScriptClass } from '../../../runtime/contract/host.ts';
import { nearest } from '../../../runtime/contract/nearest.ts';
import type { EntryFunction } from '../../../runtime/contract/scripts.ts';
import { entriesOf } from '../entries.ts';
import type { CheckedFile } from '../file.ts';
import type { CheckedProgram } from '../program.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  name: 'missing-entry',
  severity: 'error',
  doc: 'A script does not define the function that the server calls in its class.',
  *run(file, program) {
    for (const scriptClass of file.classes) {
      for (const entry of entriesOf(scriptClass)) {
        if (!entry.isRequired || program.definitions.areOpen) continue;
        const places = (program.definitions.globals.get(entry.name) ?? []).map((each) => each.file);
        if (places.some((place) => place === file || place.classes.length === 0)) continue;
        const close = nearest(
          entry.name,
          [...program.definitions.globals.keys()].filter((name) => isOwn(name, file, program)),
        );
        yield {
          at: 0,
          message: missing(scriptClass, entry, places),
          severity: places.some((place) => place.classes.includes(scriptClass)) ? 'warning' : 'error',
          hint:
            close === undefined ? `define: function ${entry.name}(...)` : `did you mean '${entry.name}' by '${close}'?`,
        };
      }
    }
  },
});

function missing(scriptClass: ScriptClass, { name }: EntryFunction, places: readonly CheckedFile[]): string {
  const other = places.find((place) => place.classes.includes(scriptClass));
  const text = `this ${scriptClass} script does not define the global function '${name}'`;
  return other === undefined ? text : `${text}: that of '${other.chunk.name}' would run again`;
}

function isOwn(name: string, file: CheckedFile, program: CheckedProgram): boolean {
  return (program.definitions.globals.get(name) ?? []).some((each) => each.file === file);
}
