// V8 flags for running Lua, plain JavaScript so that the bootstrap can read them before anything is installed.
// V8 reads the first group only when the process starts; see restart.mjs.
import { readFileSync } from 'node:fs';

/** Left to code below V8: it does not know V8's limit. See docs/decisions/002-stack-depth.md. */
const NATIVE_STACK_KB = 1192;
const USUAL_LIMIT_KB = 8192;

/** How much of the main thread's stack (`ulimit -s`) V8 may use, in KB; undefined where that is not known. */
function stackSize() {
  if (process.platform === 'win32') return undefined;
  const limit = process.platform === 'linux' ? softLimit() : USUAL_LIMIT_KB;
  return Math.max(984, Math.min(limit, USUAL_LIMIT_KB) - NATIVE_STACK_KB);
}

function softLimit() {
  try {
    const [, bytes = 'unlimited'] = /^Max stack size\s+(\w+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return bytes === 'unlimited' ? USUAL_LIMIT_KB : Number(bytes) / 1024;
  } catch {
    return USUAL_LIMIT_KB;
  }
}

const stack = stackSize();

export const V8_FLAGS = [
  // Lua programs may recurse 16,000 calls deep; Node's default stack ends before that.
  ...(stack === undefined ? [] : [`--stack-size=${stack}`]),
  // Tables are two small objects each and mostly die young.
  '--max-semi-space-size=64',
  '--min-semi-space-size=32',
  // Compiled Lua functions are two to three times as long as hand-written JavaScript: let V8 inline them all the same.
  '--max-inlined-bytecode-size=1000',
  '--max-inlined-bytecode-size-cumulative=3000',
];
