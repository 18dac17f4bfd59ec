/** What `watch` does after a change, without serving. */
import { loadProject } from '../../compiler/cli/project.ts';
import { Recompiler } from '../../compiler/cli/recompiler.ts';
import { describeModules } from '../../runtime/index.ts';

/**
 * Milliseconds of processor time of each of `rounds` compilations, each after a change of the file whose path `change`
 * returns; the first one compiles everything.
 */
export function recompile(folder: string, change: (round: number) => string, rounds: number): readonly number[] {
  const home = process.cwd();
  process.chdir(folder);
  try {
    const { project } = loadProject('nauthilus.yml', {});
    if (project === undefined) throw new Error('the project has no valid configuration');
    const recompiler = new Recompiler(describeModules());
    return Array.from({ length: rounds }, (_, round) => {
      const changed = change(round);
      const began = process.cpuUsage();
      recompiler.link(recompiler.compile(project, [changed]));
      const { user, system } = process.cpuUsage(began);
      return (user + system) / 1000;
    });
  } finally {
    process.chdir(home);
  }
}
