/** Programs for the checks: a file called like a script class is a script of it, every other file a module. */
import { checkProgram } from '../../compiler/check/index.ts';
import { resolveProgram } from '../../compiler/front/index.ts';
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import { SCRIPT_CLASSES } from '../../runtime/contract/host.ts';
import type { ConfiguredScript } from '../../runtime/contract/scripts.ts';
import { describeGlobals, describeModules } from '../../runtime/index.ts';

const manifest = describeModules();
const globals = describeGlobals();

export interface ProgramSource {
  readonly name: string;
  readonly source: string;
}

/** `scripts` instead of what the names say. */
export function check(sources: readonly ProgramSource[], scripts = scriptsIn(sources)): readonly Diagnostic[] {
  const modules = ({ name }: ProgramSource): readonly string[] =>
    scripts.some(({ path }) => path === name) ? [] : [name.replace(/\.lua$/, '').replaceAll('/', '.')];
  const { files, diagnostics } = resolveProgram(sources.map((source) => ({ ...source, modules: modules(source) })));
  return [...diagnostics, ...checkProgram({ files, scripts, manifest, globals })];
}

function scriptsIn(sources: readonly ProgramSource[]): readonly ConfiguredScript[] {
  return sources.flatMap(({ name }) =>
    SCRIPT_CLASSES.filter((each) => `${each}.lua` === name).map((scriptClass) => ({ scriptClass, name, path: name })),
  );
}

/** One line: place, severity, rule, text and hint. */
export function lineOf({ code, severity, message, place, hint }: Diagnostic): string {
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  return `${where}${severity} ${code}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
}
