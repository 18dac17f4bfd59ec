/** What is emitted, as text: few, readable cases. Behaviour is tested elsewhere; here one sees what changed. */
import assert from 'node:assert/strict';
import { compileProgram } from '../../compiler/front/index.ts';
import { testManifest } from '../run-lua.ts';
import { runSamples } from '../samples.ts';

runSamples('emit', (sample) => {
  const sources = sample.inputs.map((name) => ({ name, source: sample.read(name) }));
  const { files, diagnostics } = compileProgram(sources, testManifest);
  assert.deepEqual(diagnostics, []);
  return files.map(({ code }) => `${code}\n`).join('\n');
});
