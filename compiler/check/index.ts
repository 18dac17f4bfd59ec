/** `nauthilus check` over a whole program: every rule over every file. */
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import { lineAt } from '../front/ast.ts';
import { placeOf } from '../front/messages.ts';
import type { CheckedFile } from './file.ts';
import { CheckedProgram, type CheckInput } from './program.ts';
import type { Finding, Rule } from './rule.ts';
import rules from './rules/index.gen.ts';

export type { CheckInput } from './program.ts';

/** The rules, by name. */
export const RULES: readonly Rule[] = rules;

/** What the rules find, file by file in the order of the places. Nothing in it is a syntax error: those files are not here. */
export function checkProgram(input: CheckInput): readonly Diagnostic[] {
  const program = new CheckedProgram(input);
  return program.files.flatMap((file) => checkFile(file, program));
}

function checkFile(file: CheckedFile, program: CheckedProgram): readonly Diagnostic[] {
  const found = RULES.flatMap((rule) => [...rule.run(file, program)].map((finding) => ({ rule, finding })));
  return found
    .filter(({ rule, finding }) => !isIgnored(rule, finding, file))
    .sort((one, other) => one.finding.at - other.finding.at)
    .map(({ rule, finding }) => diagnosticOf(rule, finding, file));
}

function diagnosticOf(rule: Rule, { at, message, hint, severity }: Finding, { chunk }: CheckedFile): Diagnostic {
  return {
    code: rule.name,
    severity: severity ?? rule.severity,
    message,
    place: placeOf(chunk, at),
    ...(hint === undefined ? {} : { hint }),
  };
}

const IGNORE = /--\s*check:\s*ignore\b([^\n]*)/;

/** `-- check: ignore` on the line, with the names of rules behind it or for all of them. */
function isIgnored({ name }: Rule, { at }: Finding, { chunk }: CheckedFile): boolean {
  const line = lineAt(chunk, at);
  const text = chunk.source.slice(chunk.lineStarts[line - 1], chunk.lineStarts[line]);
  const names = IGNORE.exec(text)?.[1]?.match(/[a-z-]+/g);
  return IGNORE.test(text) && (names == null || names.includes(name));
}
