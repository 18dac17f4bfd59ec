/** `nauthilus start`: runs the artifact; from the sources it hands over to `dist/nauthilus.mjs`. */
import cluster from 'node:cluster';
import { existsSync } from 'node:fs';
import { type Config, scriptSet } from '../../../runtime/config/index.ts';
import type { CompiledProgram } from '../../../runtime/contract/scripts.ts';
import { askPrimary, createServer, describeModules } from '../../../runtime/index.ts';
import { type CommandContext, defineCommand, EXIT, type ExitCode } from '../command.ts';
import { createHostLoader } from '../loader.ts';
import { CommandFailure } from '../main.ts';
import { type LoadedProject, loadProject, type Project, reportDiagnostics } from '../project.ts';
import { type NextConfig, problemsOf, reloadServer } from '../reload.ts';
import { runArtifactProcess } from '../run-artifact.ts';
import { serveUntilSignal } from '../serve.ts';
import { reportReload } from '../worker-reports.ts';
import { withoutSockets, withSockets } from '../worker-sockets.ts';
import { awaitLastConnections, reportListening, superviseWorkers } from '../workers.ts';

export default defineCommand({
  name: 'start',
  doc: 'serve the API with the compiled scripts',
  details: `SIGINT and SIGTERM finish running requests and end the server, SIGHUP reads the configuration again. Every script that the
configuration names must have been compiled into the artifact (nauthilus build).

Exit codes: 0 ended by a signal, 1 cannot start, 2 wrong usage.`,
  options: {
    config: {
      kind: 'value',
      short: 'c',
      value: 'file',
      doc: 'configuration file; without it the usual places are searched',
    },
    artifact: {
      kind: 'value',
      value: 'file',
      doc: 'artifact to run, when this command line is not itself one',
      default: 'dist/nauthilus.mjs',
    },
  },
  inArtifact: true,
  run: async ({ options, context }): Promise<ExitCode> => {
    const { program } = context;
    if (program === undefined) return startArtifact(options.artifact, options.config);
    const isWorker = cluster.isWorker;
    const env = withoutSockets(context.env);
    const { project, diagnostics } = loadProject(options.config, env);
    // Workers would repeat what the process that started them says.
    if (!isWorker || project === undefined) reportDiagnostics(diagnostics, options.config, context);
    if (project === undefined) return EXIT.failed;
    refuseMissingScripts(project, program);
    if (project.config.server.workers > 1 && !isWorker) {
      const readAgain = (): Config | undefined => {
        const next = loadProject(project.configFile, env);
        reportDiagnostics(next.diagnostics, project.configFile, context);
        return next.project?.config;
      };
      return superviseWorkers({ config: project.config, readAgain, context });
    }
    const server = await createServer({
      config: isWorker ? shareOf(project.config) : project.config,
      program,
      loader: createHostLoader(describeModules),
      ...(isWorker ? { started: withSockets(project.config, context.env), siblings: askPrimary(process) } : {}),
    });
    const reload = async (): Promise<void> => {
      const next = loadProject(project.configFile, env);
      if (!isWorker) reportDiagnostics(next.diagnostics, project.configFile, context);
      const quiet = { err: isWorker ? () => undefined : context.err };
      const problems = await reloadServer(server, nextOf(next, program, isWorker, quiet), quiet);
      if (isWorker) reportReload(problems);
    };
    if (!isWorker) return serveUntilSignal(server, () => void reload(), context);
    const code = await serveUntilSignal(server, () => void reload(), context, reportListening);
    await awaitLastConnections();
    // The channel to the primary would keep this process.
    process.disconnect();
    return code;
  },
});

function nextOf(
  { project, diagnostics }: LoadedProject,
  program: CompiledProgram,
  isWorker: boolean,
  { err }: Pick<CommandContext, 'err'>,
): NextConfig {
  if (project === undefined) return { problems: problemsOf(diagnostics) };
  const missing = missingScripts(project, program);
  if (missing.length === 0) return { program, config: isWorker ? shareOf(project.config) : project.config };
  const problem = missingText(missing);
  err(`nauthilus: not reloaded: ${problem}\n`);
  return { problems: [problem] };
}

/** What one of several workers may do at the same time, so that the instance keeps to its limit. */
function shareOf(config: Config): Config {
  const { server } = config;
  const share = Math.ceil(server.max_concurrent_requests / server.workers);
  return { ...config, server: { ...server, max_concurrent_requests: share } };
}

function startArtifact(artifact: string, config: string | undefined): Promise<ExitCode> {
  if (!existsSync(artifact)) throw new CommandFailure(`there is no ${artifact} yet: run 'nauthilus build' first`);
  return runArtifactProcess(artifact, ['start', ...(config === undefined ? [] : ['-c', config])]);
}

function missingScripts({ config }: Project, program: CompiledProgram): readonly string[] {
  return scriptSet(config)
    .scripts.map(({ path }) => path)
    .filter((path) => !program.scripts.has(path));
}

function refuseMissingScripts(project: Project, program: CompiledProgram): void {
  const missing = missingScripts(project, program);
  if (missing.length > 0) throw new CommandFailure(missingText(missing));
}

function missingText(paths: readonly string[]): string {
  const list = paths.map((path) => `'${path}'`).join(', ');
  return `the configuration names scripts that are not in this artifact: ${list}; run 'nauthilus build' with this configuration`;
}
