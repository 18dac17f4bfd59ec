/** `nauthilus watch`: serves from the sources and swaps scripts in as they change. */
import { scriptCandidates } from '../../../runtime/config/index.ts';
import type { HostManifest } from '../../../runtime/contract/host.ts';
import { createServer, describeModules } from '../../../runtime/index.ts';
import { watchProgram } from '../../build/watch.ts';
import { type CommandContext, defineCommand, EXIT } from '../command.ts';
import { createHostLoader, linkInMemory } from '../loader.ts';
import {
  type CompiledProject,
  compileProject,
  hasErrors,
  loadProject,
  type Project,
  reportDiagnostics,
} from '../project.ts';
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
    const first = compileAll(options.config, manifest, context);
    if (first === undefined) return EXIT.failed;
    const server = await createServer({
      config: first.project.config,
      program: linkInMemory(first),
      loader: createHostLoader(manifest),
    });

    const takeOver = async (changed: readonly string[]): Promise<void> => {
      const began = performance.now();
      const next = compileAll(options.config, manifest, context);
      if (next === undefined) {
        context.err('nauthilus watch: the scripts from before this change stay in place\n');
        return;
      }
      server.swap({ program: linkInMemory(next), config: next.project.config });
      watcher.setFiles(watchedFiles(next));
      const milliseconds = Math.round(performance.now() - began);
      context.out(`nauthilus watch: took over ${changed.join(', ')} in ${milliseconds} ms\n`);
    };
    const watcher = await watchProgram(watchedFiles(first), takeOver);
    const code = await serveUntilSignal(server, () => void takeOver([options.config]), context);
    await watcher.close();
    return code;
  },
});

type Compilation = CompiledProject & { readonly project: Project };

/** Reads and compiles everything anew; undefined (and the reasons shown) when something is broken. */
function compileAll(configFile: string, manifest: HostManifest, context: CommandContext): Compilation | undefined {
  const { project, diagnostics } = loadProject(configFile, context.env);
  reportDiagnostics(diagnostics, configFile, context);
  if (project === undefined) return undefined;
  const compiled = compileProject(project, manifest);
  reportDiagnostics(compiled.diagnostics, configFile, context);
  return hasErrors(compiled.diagnostics) ? undefined : { ...compiled, project };
}

/** The configuration, every file of the program, and the places where a file would become part of it. */
function watchedFiles({ project, files }: Compilation): readonly string[] {
  const lua = [...files.sources.map(({ name }) => name), ...files.absent];
  const { configFile } = project;
  const places = lua.flatMap((path) => scriptCandidates(path, configFile));
  return configFile === undefined ? places : [configFile, ...places];
}
