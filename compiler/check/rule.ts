/** What a rule of `nauthilus check` is: one file in `rules/` with `export default defineRule({...})`, found by its folder. */
import type { Severity } from '../../runtime/contract/diagnostic.ts';
import type { Offset } from '../front/ast.ts';
import type { CheckedFile } from './file.ts';
import type { CheckedProgram } from './program.ts';

export interface Finding {
  /** Offset in the file; line and column follow from it. */
  readonly at: Offset;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Where a finding is weightier or lighter than the rule. */
  readonly severity?: Severity;
}

/**
 * `error`: the script fails, or decides wrongly, as soon as the place is reached. `warning`: surely not what was meant.
 * `notice`: may well be meant. Only errors make the command fail.
 */
export interface Rule {
  /** In kebab-case, like its file: the code of its diagnostics, and what `-- check: ignore <name>` names. */
  readonly name: string;
  readonly severity: Severity;
  /** One line for the documentation. */
  readonly doc: string;
  readonly run: (file: CheckedFile, program: CheckedProgram) => Iterable<Finding>;
}

/** Declares a rule. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
