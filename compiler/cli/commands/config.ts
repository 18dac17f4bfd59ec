/** `nauthilus config`: what the server would run with, for people, and the schema of the file, for editors. */
import { editorSchema, redactConfig } from '../../../runtime/config/index.ts';
import { defineCommand, EXIT } from '../command.ts';
import { loadProject, reportDiagnostics } from '../project.ts';

export default defineCommand({
  name: 'config',
  doc: 'print the effective configuration, secrets hidden, or the JSON Schema of the file',
  details: `The configuration is printed as YAML with every default and with what environment variables override. Secrets are shown
as ***. Mistakes and warnings go to stderr. With --schema no configuration is read.

Exit codes: 0 done, 1 the configuration has mistakes, 2 wrong usage.`,
  options: {
    config: {
      kind: 'value',
      short: 'c',
      value: 'file',
      doc: 'configuration file; without it the usual places are searched',
    },
    schema: { kind: 'flag', doc: 'print the JSON Schema that editors check configuration files with' },
  },
  inArtifact: true,
  run: ({ options, context }) => {
    if (options.schema) {
      context.out(editorSchema());
      return EXIT.ok;
    }
    const { project, diagnostics } = loadProject(options.config, context.env);
    reportDiagnostics(diagnostics, options.config, context, { columns: true });
    if (project === undefined) return EXIT.failed;
    context.out(redactConfig(project.config));
    return EXIT.ok;
  },
});
