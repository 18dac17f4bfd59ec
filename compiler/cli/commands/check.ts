/** `nauthilus check`: is everything that a start would need in order? */
import { scriptSet } from '../../../runtime/config/index.ts';
import { describeModules } from '../../../runtime/index.ts';
import { defineCommand, EXIT } from '../command.ts';
import { compileProject, hasErrors, loadProject, reportDiagnostics } from '../project.ts';

export default defineCommand({
  name: 'check',
  doc: 'validate configuration and scripts without starting anything',
  details: `Reports everything that is wrong at once. In an artifact the scripts that count are the ones compiled into it.

Exit codes: 0 nothing is wrong, 1 something is, 2 wrong usage.`,
  options: {
    config: {
      kind: 'value',
      short: 'c',
      value: 'file',
      doc: 'configuration file; without it the usual places are searched',
    },
  },
  inArtifact: true,
  run: ({ options, context }) => {
    const { project, diagnostics } = loadProject(options.config, context.env);
    reportDiagnostics(diagnostics, options.config, context);
    if (project === undefined) return EXIT.failed;
    const { program } = context;
    const found =
      program === undefined
        ? compileProject(project, describeModules()).diagnostics
        : scriptSet(project.config)
            .scripts.filter(({ path }) => !program.scripts.has(path))
            .map(({ path }) => ({
              code: 'script-not-compiled',
              severity: 'error' as const,
              message: `script '${path}' is not in this artifact`,
            }));
    reportDiagnostics(found, options.config, context);
    if (hasErrors(found)) return EXIT.failed;
    context.out(`${project.configFile ?? 'the configuration'} and its scripts are in order\n`);
    return EXIT.ok;
  },
});
