/** `nauthilus check`: is everything that a start would need in order, and what in the scripts is not what was meant? */
import { scriptSet } from '../../../runtime/config/index.ts';
import type { Diagnostic } from '../../../runtime/contract/diagnostic.ts';
import type { CompiledProgram } from '../../../runtime/contract/scripts.ts';
import { describeGlobals, describeModules } from '../../../runtime/index.ts';
import { readProgram } from '../../build/program.ts';
import { checkProgram } from '../../check/index.ts';
import { resolveProgram } from '../../front/index.ts';
import { defineCommand, EXIT } from '../command.ts';
import { explainProgram } from '../explain.ts';
import { hasErrors, loadProject, type Project, reportDiagnostics } from '../project.ts';

export default defineCommand({
  name: 'check',
  doc: 'validate configuration and scripts without starting anything',
  details: `Reports everything at once, each with its place. A comment '-- check: ignore' on a line hides what is found there,
'-- check: ignore unused-local' only that. In an artifact the scripts that count are the ones compiled into it.

Exit codes: 0 no errors, 1 something is wrong, 2 wrong usage.`,
  args: [{ name: 'place', doc: 'with --explain: a file of the program, or file:line', kind: 'optional' }],
  options: {
    config: {
      kind: 'value',
      short: 'c',
      value: 'file',
      doc: 'configuration file; without it the usual places are searched',
    },
    strict: { kind: 'flag', doc: 'fail for warnings too' },
    explain: { kind: 'flag', doc: 'show which functions may suspend, and why' },
  },
  inArtifact: true,
  run: ({ options, args, context }) => {
    const { project, diagnostics } = loadProject(options.config, context.env);
    reportDiagnostics(diagnostics, options.config, context, { columns: true });
    if (project === undefined) return EXIT.failed;
    if (options.explain) {
      context.out(explain(project, args[0]).join(''));
      return EXIT.ok;
    }
    const found = context.program === undefined ? findIn(project) : missingIn(project, context.program);
    reportDiagnostics(found, options.config, context, { columns: true });
    const isWarned = found.some(({ severity }) => severity === 'warning');
    if (hasErrors(found) || (options.strict && isWarned)) return EXIT.failed;
    const file = project.configFile ?? 'the configuration';
    context.out(`${file} and its scripts are in order${isWarned ? ', but for the warnings' : ''}\n`);
    return EXIT.ok;
  },
});

/** Everything that can be said of the program. */
function findIn({ config, luaFiles }: Project): readonly Diagnostic[] {
  const manifest = describeModules();
  const set = scriptSet(config);
  const read = readProgram(set, manifest, luaFiles);
  const { files, diagnostics } = resolveProgram(read.sources);
  const found = checkProgram({ files, scripts: set.scripts, manifest, globals: describeGlobals() });
  return [...read.diagnostics, ...diagnostics, ...found];
}

function missingIn({ config }: Project, program: CompiledProgram): readonly Diagnostic[] {
  return scriptSet(config)
    .scripts.filter(({ path }) => !program.scripts.has(path))
    .map(({ path }) => ({
      code: 'script-not-compiled',
      severity: 'error' as const,
      message: `script '${path}' is not in this artifact`,
    }));
}

function explain({ config, luaFiles }: Project, place: string | undefined): readonly string[] {
  const manifest = describeModules();
  const { files } = resolveProgram(readProgram(scriptSet(config), manifest, luaFiles).sources);
  return explainProgram(files, manifest, place).map((line) => `${line}\n`);
}
