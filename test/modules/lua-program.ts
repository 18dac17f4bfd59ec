/** What the tests of small modules share: a program with some modules loaded, and what it prints. */
import type { OpenedServices } from '../../runtime/services/index.ts';
import { outputOf } from './program.ts';

/** Programs find each module under the name that `require` gives it: `nauthilus_gll_tcp` as `tcp`. */
export function printer(opened: () => OpenedServices, ...loaders: string[]): (source: string) => Promise<string> {
  const head = loaders
    .map((loader) => {
      const name = loader.replace('nauthilus_gll_', '');
      return `dynamic_loader("${loader}") local ${name} = require("${name}")`;
    })
    .join(' ');
  return async (source) => {
    return outputOf(opened(), `${head} ${source}`);
  };
}
