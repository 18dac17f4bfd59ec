/** Libraries that an artifact unpacks when they are first needed, instead of parsing them at each start. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { INSIDE } from './artifact-file.ts';

const NAMESPACE = 'artifact-part';

/** Asked for by other libraries, in functions that we never call or only in tests. */
const RARELY_NEEDED = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'];

/**
 * Makes a part of every package that our sources load with `import()`, and of the few above. A package's default export
 * is its `module.exports`: of an ES module only named exports can be used. `parts` receives name and path of each.
 */
export function partPlugin(parts: Map<string, string>): Plugin {
  return {
    name: NAMESPACE,
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, namespace, importer, pluginData }) => {
        if (pluginData === NAMESPACE || namespace === NAMESPACE) return undefined;
        const isOurs = kind === 'dynamic-import' && !importer.includes('node_modules');
        if (!isOurs && !RARELY_NEEDED.includes(path)) return undefined;
        const found = await build.resolve(path, { kind, resolveDir, importer, pluginData: NAMESPACE });
        if (found.external || found.errors.length > 0) return undefined;
        parts.set(path, found.path);
        return { path, namespace: NAMESPACE };
      });
      build.onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
        contents: `module.exports = ${INSIDE.parts}.load(${JSON.stringify(path)});`,
        loader: 'js',
      }));
    },
  };
}

/**
 * Replaces `lua-source.ts` beside a `library.lua` by a module that gives the text of that file. `texts` receives part name
 * and text of each.
 */
export function luaSourcePlugin(texts: Map<string, string>): Plugin {
  return {
    name: 'lua-source',
    setup(build) {
      build.onLoad({ filter: /[\\/]lua-source\.ts$/ }, async ({ path }) => {
        const name = `lua-${texts.size}`;
        texts.set(name, await readFile(join(dirname(path), 'library.lua'), 'latin1'));
        return {
          contents: `export const luaSource = () => ${INSIDE.parts}.text(${JSON.stringify(name)});`,
          loader: 'js',
        };
      });
    },
  };
}
