/** `nauthilus build`: compiles the configured scripts and bundles them with the runtime. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeModules } from '../../../runtime/index.ts';
import { defineCommand, EXIT } from '../command.ts';
import { compileInTurns, hasErrors, loadProject, projectFiles, reportDiagnostics } from '../project.ts';
import { startArtifact } from '../write-artifact.ts';

export default defineCommand({
  name: 'build',
  doc: 'compile the configured scripts and bundle them with the runtime into one file',
  details: `Writes nauthilus.mjs and its source map into the output folder. The artifact runs alone, beside the configuration file,
on a bare Node. When a script does not compile, every error is shown and the old artifact stays as it is.

Exit codes: 0 built, 1 configuration or a script is broken, 2 wrong usage.`,
  options: {
    config: { kind: 'value', short: 'c', value: 'file', doc: 'configuration file', default: 'nauthilus.yml' },
    out: { kind: 'value', short: 'o', value: 'folder', doc: 'output folder', default: 'dist' },
    inputs: { kind: 'value', value: 'file', doc: 'also write the list of configuration and Lua files as JSON' },
  },
  inArtifact: false,
  run: async ({ options, context }) => {
    const began = performance.now();
    const { project, diagnostics } = loadProject(options.config, context.env);
    // What else there is to say about the configuration concerns a start: `start` and `check` say it.
    reportDiagnostics(
      diagnostics.filter(({ severity }) => severity === 'error'),
      options.config,
      context,
    );
    if (project === undefined) return EXIT.failed;
    const artifact = await startArtifact(resolve(options.out));
    const compiled = await compileInTurns(project, describeModules());
    reportDiagnostics(compiled.diagnostics, options.config, context);
    if (hasErrors(compiled.diagnostics)) {
      context.err('nauthilus build: nothing was written\n');
      await artifact.drop();
      return EXIT.failed;
    }
    if (options.inputs !== undefined) writeFileSync(options.inputs, JSON.stringify(projectFiles(project, compiled)));
    const path = await artifact.write(compiled);
    const seconds = ((performance.now() - began) / 1000).toFixed(2);
    context.out(`built ${path} from ${compiled.files.sources.length} Lua files in ${seconds} s\n`);
    return EXIT.ok;
  },
});
