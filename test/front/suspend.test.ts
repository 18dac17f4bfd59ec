/** Each sample is a program; expected are the colours of its functions with the reasons. Speed asserted by structure. */
import { analyse } from '../../compiler/front/suspend/analyse.ts';
import { explain } from '../../compiler/front/suspend/explain.ts';
import { runSamples } from '../samples.ts';
import { manifest } from './manifest.ts';
import { fileOf } from './sources.ts';

runSamples('suspend', (sample) => {
  const files = sample.inputs.map((name) => fileOf(sample.read(name), name, [name.replace(/\.lua$/, '')]));
  const analysis = analyse(files, manifest);
  const lines = files.flatMap((file) =>
    [file.chunk, ...file.resolution.functions.keys()]
      .filter((node, index, all) => all.indexOf(node) === index)
      .sort((one, other) => one.at - other.at)
      .flatMap((node) => explain(node, file, analysis)),
  );
  return `${[...lines, `events: ${[...analysis.events].sort().join(' ') || 'none'}`].join('\n')}\n`;
});
