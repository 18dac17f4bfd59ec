/**
 * First line of an artifact: takes the rest of the file, which is one comment to Node, apart. So a process that only
 * restarts Node (compiler/cli/restart.mjs) parses next to nothing, and what nobody needs is never parsed at all.
 * compiler/build/artifact-file.ts says how the file is laid out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileFunction, constants, Script } from 'node:vm';
import type { Layout } from './artifact-file.ts';

const NEWLINE = 10;

/** Runs the program of the artifact at `url`, whose parts lie as `layout` says. */
export function launch(url: string, layout: Layout): void {
  const require = createRequire(url);
  const { program, packed, cachedData } = takeApart(url, layout);
  const text = (name: string): string => {
    const { inflateRawSync } = require('node:zlib') as typeof import('node:zlib');
    return inflateRawSync(decode(packed.get(name)?.toString('latin1') ?? '')).toString();
  };
  const [, , option, cacheFile] = process.argv;
  const writesCache = option === layout.codeCacheOption && cacheFile !== undefined;
  // V8 takes the name from its cache, which knows no place; a debugger needs the place to find the source map.
  const filename = cachedData !== undefined || writesCache ? NAME_IN_CACHE : url;
  const script = new Script([layout.before, program, ...layout.after].join('\n'), {
    filename,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  });
  if (writesCache) process.once('beforeExit', () => writeFileSync(cacheFile, script.createCachedData()));
  script.runInThisContext()(require, url, filename, { text, load: loaderOf(text, require, url) });
}

/** A function of its own, so that nothing keeps the whole file in memory. */
function takeApart(url: string, { program: [start, end], parts, codeCache, hiddenEnd }: Layout) {
  const bytes = readFileSync(fileURLToPath(url));
  const behindFirstLine = bytes.subarray(bytes.indexOf(NEWLINE) + 1);
  const cache = isDebugged() ? undefined : codeCache;
  return {
    program: behindFirstLine.toString('latin1', start, end).replaceAll(hiddenEnd, '*/'),
    // The file may be replaced while the server runs, so the parts stay in memory, packed.
    packed: new Map(parts.map(([name, from, to]) => [name, Buffer.from(behindFirstLine.subarray(from, to))])),
    cachedData: cache && decode(behindFirstLine.toString('latin1', ...cache)),
  };
}

/** What stacks call the program; the source map lies beside the artifact. */
const NAME_IN_CACHE = 'nauthilus.mjs';

function isDebugged(): boolean {
  return process.execArgv.some((flag) => flag.startsWith('--inspect'));
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** Packages that are parts: each is a CommonJS module, made when it is first asked for. */
function loaderOf(text: (name: string) => string, require: NodeJS.Require, url: string): (name: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>();
  return (name) => {
    let module = loaded.get(name);
    if (module === undefined) {
      module = { exports: {} };
      loaded.set(name, module);
      const run = compileFunction(text(name), ['module', 'exports', 'require'], { filename: `${url}/${name}` });
      run(module, module.exports, require);
    }
    return module.exports;
  };
}
