/** What `watch` does after a change, without serving. */
import { compileProject, loadProject } from '../../compiler/cli/project.ts';
import { linkInMemory } from '../../compiler/cli/loader.ts';
import { describeModules } from '../../runtime/index.ts';

/** Milliseconds of each of `rounds` compilations, each after a change. */
export function recompile(folder: string, change: (round: number) => void, rounds: number): readonly number[] {
  const manifest = describeModules();
  const home = process.cwd();
  process.chdir(folder);
  try {
    return Array.from({ length: rounds }, (_, round) => {
      change(round);
      const began = performance.now();
      const { project } = loadProject('nauthilus.yml', {});
      if (project === undefined) throw new Error('the project has no valid configuration');
      linkInMemory(compileProject(project, manifest));
      return performance.now() - began;
    });
  } finally {
    process.chdir(home);
  }
}
