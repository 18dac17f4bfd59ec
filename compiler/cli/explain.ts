/** `nauthilus check --explain`: which functions may suspend, and because of what. */
import type { HostManifest } from '../../runtime/contract/host.ts';
import type { FunctionLike } from '../front/ast.ts';
import type { ResolvedFile } from '../front/index.ts';
import { analyse } from '../front/suspend/analyse.ts';
import { explain, functionAtLine } from '../front/suspend/explain.ts';
import { CommandFailure } from './main.ts';

/**
 * Lines of text. `place` is a file of the program, or `file:line` for the function around that line; without it all
 * functions that may suspend are told of.
 */
export function explainProgram(
  files: readonly ResolvedFile[],
  manifest: HostManifest,
  place: string | undefined,
): readonly string[] {
  const analysis = analyse(files, manifest);
  if (place === undefined) {
    return files.flatMap((file) =>
      functionsOf(file)
        .filter((node) => analysis.functions.get(node)?.colour === 'suspends')
        .flatMap((node) => explain(node, file, analysis)),
    );
  }
  const [, name = place, line] = /^(.*?)(?::(\d+))?$/.exec(place) ?? [];
  const file = files.find(({ chunk }) => chunk.name === name);
  if (file === undefined) {
    throw new CommandFailure(`'${name}' is no file of the program: ${files.map(({ chunk }) => chunk.name).join(', ')}`);
  }
  const nodes = line === undefined ? functionsOf(file) : [functionAtLine(file, Number(line))];
  return nodes.flatMap((node) => explain(node, file, analysis));
}

function functionsOf({ chunk, resolution }: ResolvedFile): readonly FunctionLike[] {
  return [...new Set<FunctionLike>([chunk, ...resolution.functions.keys()])].sort((one, other) => one.at - other.at);
}
