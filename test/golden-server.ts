/**
 * The server of the recorded HTTP cases: `node BUNDLE start -c FILE` compiles in memory and serves. Bundled once per
 * test run, because a separate artifact for each of the hundred groups would take most of the time.
 */
import '../compiler/cli/restart.mjs';
import type { CommandContext } from '../compiler/cli/command.ts';
import { createHostLoader, linkInMemory } from '../compiler/cli/loader.ts';
import { compileProject, hasErrors, loadProject, reportDiagnostics } from '../compiler/cli/project.ts';
import { serveUntilSignal } from '../compiler/cli/serve.ts';
import { createServer, describeModules } from '../runtime/index.ts';

const context: CommandContext = {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  program: undefined,
};

async function serve(configFile: string): Promise<number> {
  const manifest = describeModules();
  const { project, diagnostics } = loadProject(configFile, context.env);
  reportDiagnostics(diagnostics, configFile, context);
  if (project === undefined) return 1;
  const compiled = compileProject(project, manifest);
  reportDiagnostics(compiled.diagnostics, configFile, context);
  if (hasErrors(compiled.diagnostics)) return 1;
  const server = await createServer({
    config: project.config,
    program: linkInMemory(compiled),
    loader: createHostLoader(() => manifest),
  });
  return serveUntilSignal(server, () => {}, context);
}

process.exitCode = await serve(process.argv[4] ?? '');
