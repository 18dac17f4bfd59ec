// V8 flags for running Lua, plain JavaScript so that the bootstrap can read them before anything is installed.
// V8 reads the first group only when the process starts; see restart.mjs.
export const V8_FLAGS = [
  // Lua programs may recurse 16,000 calls deep; Node's default stack ends before that.
  '--stack-size=3900',
  // Tables are two small objects each and mostly die young.
  '--max-semi-space-size=64',
  '--min-semi-space-size=32',
  // Compiled Lua functions are two to three times as long as hand-written JavaScript: let V8 inline them all the same.
  '--max-inlined-bytecode-size=1000',
  '--max-inlined-bytecode-size-cumulative=3000',
];
