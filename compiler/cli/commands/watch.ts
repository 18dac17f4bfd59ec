/** `nauthilus watch`: serves from the sources and swaps scripts in as they change. */
import { createServer, describeModules } from '../../../runtime/index.ts';
import { watchProgram } from '../../build/watch.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';
import { createHostLoader } from '../loader.ts';
import {
  type CompiledProject,
  hasErrors,
  loadProject,
  type Project,
  projectFiles,
  reportDiagnostics,
} from '../project.ts';
import { Recompiler } from '../recompiler.ts';
import { type NextConfig, problemsOf, reloadServer } from '../reload.ts';
import { serveUntilSignal } from '../serve.ts';

export default defineCommand({
  name: 'watch',
  doc: 'serve, and take over scripts and configuration as soon as they change',
  details: `For writing policies. A changed script or module is compiled and swapped in between two requests; requests that are running
end with the scripts they began with. When something does not compile, the error is shown and the old scripts stay.

Exit codes: 0 ended by a signal, 1 cannot start, 2 wrong usage.`,
  options: {
    config: { kind: 'value', short: 'c', value: 'file', doc: 'configuration file', default: 'nauthilus.yml' },
  },
  inArtifact: false,
  run: async ({ options, context }) => {
    const manifest = describeModules();
    const recompiler = new Recompiler(manifest);
    const first = compileAll(options.config, undefined, { recompiler, context });
    if (!first.ok) return EXIT.failed;
    const server = await createServer({
      config: first.project.config,
      program: recompiler.link(first),
      loader: createHostLoader(() => manifest),
    });

    let { watched: files, project } = first;
    const takeOver = async (changed: readonly string[]): Promise<void> => {
      const began = performance.now();
      const isConfigured = !changed.includes(project.configFile ?? options.config);
      const next = compileAll(options.config, isConfigured ? project : undefined, { recompiler, context, changed });
      const problems = await reloadServer(server, nextOf(next, recompiler), context);
      if (next.ok && problems.length === 0) {
        ({ watched: files, project } = next);
        const milliseconds = Math.round(performance.now() - began);
        context.out(`nauthilus watch: took over ${changed.join(', ')} in ${milliseconds} ms\n`);
      } else {
        // What is broken may be a file that was not part of the program before: its repair must be noticed too.
        files = [...new Set([...files, ...next.watched])];
        context.err('nauthilus watch: the scripts from before this change stay in place\n');
      }
      watcher.setFiles(files);
    };
    const watcher = await watchProgram(files, takeOver);
    const code = await serveUntilSignal(server, () => void takeOver([options.config]), context);
    await watcher.close();
    return code;
  },
});

type Attempt =
  | Broken
  | (CompiledProject & { readonly ok: true; readonly project: Project; readonly watched: readonly string[] });

interface Broken {
  readonly ok: false;
  /** Why, one line each. */
  readonly problems: readonly string[];
  /** What the program would consist of; nothing when the configuration is what is broken. */
  readonly watched: readonly string[];
}

/**
 * Reads everything and compiles what is new; the reasons are shown when something is broken. `known`: the configuration, `changed`: all
 * that is different since the last time.
 */
function compileAll(
  configFile: string,
  known: Project | undefined,
  {
    recompiler,
    context,
    changed,
  }: { readonly recompiler: Recompiler; readonly context: CommandContext; readonly changed?: readonly string[] },
): Attempt {
  const { project, diagnostics } =
    known === undefined ? loadProject(configFile, context.env) : { project: known, diagnostics: [] };
  reportDiagnostics(diagnostics, configFile, context);
  if (project === undefined) return { ok: false, problems: problemsOf(diagnostics), watched: [] };
  const compiled = recompiler.compile(project, changed);
  reportDiagnostics(compiled.diagnostics, configFile, context);
  const watched = projectFiles(project, compiled);
  return hasErrors(compiled.diagnostics)
    ? { ok: false, problems: problemsOf(compiled.diagnostics), watched }
    : { ...compiled, ok: true, project, watched };
}

function nextOf(attempt: Attempt, recompiler: Recompiler): NextConfig {
  if (!attempt.ok) return { problems: attempt.problems };
  return { program: recompiler.link(attempt), config: attempt.project.config };
}
