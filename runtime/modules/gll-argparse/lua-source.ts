/** Text of `library.lua`, argparse 0.7.1 as Debian has it (MIT licence); in an artifact the build puts a packed copy in its place. */
import { readFileSync } from 'node:fs';

export const luaSource = (): string => readFileSync(new URL('./library.lua', import.meta.url), 'latin1');
