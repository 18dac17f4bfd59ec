/** What the tests of small modules share: a program with some modules loaded, and what it prints. */
import assert from 'node:assert/strict';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { runProgram } from './program.ts';

/** Programs find each module under the name that `require` gives it: `nauthilus_gll_tcp` as `tcp`. */
export function printer(opened: () => OpenedServices, ...loaders: string[]): (source: string) => Promise<string> {
  const head = loaders
    .map((loader) => {
      const name = loader.replace('nauthilus_gll_', '');
      return `dynamic_loader("${loader}") local ${name} = require("${name}")`;
    })
    .join(' ');
  return async (source) => {
    const { stdout, failure } = await runProgram(opened(), `${head} ${source}`);
    assert.equal(failure, undefined);
    return stdout;
  };
}
