/** The entry functions of a script: what the server will call. */
import type { ScriptClass } from '../../runtime/contract/host.ts';
import { ENTRY_FUNCTIONS, type EntryFunction } from '../../runtime/contract/scripts.ts';
import type { FunctionBody } from '../front/ast.ts';
import type { CheckedFile } from './file.ts';
import type { CheckedProgram } from './program.ts';

export interface Entry {
  readonly entry: EntryFunction;
  readonly scriptClass: ScriptClass;
  readonly body: FunctionBody;
}

export function entriesOf(scriptClass: ScriptClass): readonly EntryFunction[] {
  return ENTRY_FUNCTIONS[scriptClass];
}

/** Entry functions that are defined in the file itself, for each class that the file is a script of. */
export function definedEntries(file: CheckedFile, program: CheckedProgram): readonly Entry[] {
  return file.classes.flatMap((scriptClass) =>
    entriesOf(scriptClass).flatMap((entry) =>
      (program.definitions.globals.get(entry.name) ?? []).flatMap(({ file: definer, value }) =>
        definer === file && value?.kind === 'Function' ? [{ entry, scriptClass, body: value }] : [],
      ),
    ),
  );
}
