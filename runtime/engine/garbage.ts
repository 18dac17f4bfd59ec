/** V8's collector, called on purpose: only where the size of the heap decides whether a script may go on. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' | 'major' }) => void;

let collect: Collect | undefined;

/** `minor`: young objects only, a few milliseconds; `major`: everything. */
export function collectGarbage(type: 'minor' | 'major'): void {
  collect ??= exposedCollector();
  collect({ type });
}

/** The function of `--expose-gc`, without leaving it among the globals of anything. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc');
  const exposed: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof exposed !== 'function') throw new Error('this V8 does not offer its collector');
  return exposed as Collect;
}
