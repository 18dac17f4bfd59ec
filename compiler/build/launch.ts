/**
 * First line of an artifact: takes the rest of the file, which is one comment to Node, apart. So a process that only
 * restarts Node (compiler/cli/restart.mjs) parses next to nothing, and what nobody needs is never parsed at all.
 * compiler/build/artifact-file.ts says how the file is laid out.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { compileFunction, constants, Script } from 'node:vm';
import type { Layout } from './artifact-file.ts';

const NEWLINE = 10;

/** Runs the program of the artifact at `url`, whose parts lie as `layout` says. */
export function launch(url: string, layout: Layout): void {
  const bytes = readFileSync(fileURLToPath(url));
  const behindFirstLine = bytes.subarray(bytes.indexOf(NEWLINE) + 1);
  const [start, end] = layout.program;
  const program = behindFirstLine.toString('latin1', start, end).replaceAll(layout.hiddenEnd, '*/');
  const require = createRequire(url);
  // The file may be replaced while the server runs, so the parts stay in memory, packed.
  const packed = new Map(
    layout.parts.map(([name, from, to]) => [name, Buffer.from(behindFirstLine.subarray(from, to))]),
  );
  const text = (name: string): string => {
    const { inflateRawSync } = require('node:zlib') as typeof import('node:zlib');
    return inflateRawSync(Buffer.from(packed.get(name)?.toString('latin1') ?? '', 'base64')).toString();
  };
  const script = new Script([layout.before, program, ...layout.after].join('\n'), {
    filename: url,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  script.runInThisContext()(require, url, { text, load: loaderOf(text, require, url) });
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
