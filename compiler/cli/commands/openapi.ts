/** `nauthilus openapi`: the endpoints as a document that other programs can read. */
import { describeApi } from '../../../runtime/index.ts';
import { defineCommand, EXIT } from '../command.ts';
import { loadProject, reportDiagnostics } from '../project.ts';

export default defineCommand({
  name: 'openapi',
  doc: 'print the OpenAPI document of the endpoints',
  details: `Names of headers and paths of hooks are those of the configuration. A running server answers the same at
/api/v1/openapi.json. Mistakes and warnings of the configuration go to stderr.

Exit codes: 0 done, 1 the configuration has mistakes, 2 wrong usage.`,
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
    reportDiagnostics(diagnostics, options.config, context, { columns: true });
    if (project === undefined) return EXIT.failed;
    context.out(`${JSON.stringify(describeApi(project.config), null, 2)}\n`);
    return EXIT.ok;
  },
});
