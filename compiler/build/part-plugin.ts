/** Libraries that an artifact unpacks when they are first needed, instead of parsing them at each start. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuildOptions, Plugin, PluginBuild } from 'esbuild';
import { INSIDE } from './artifact-file.ts';

const NAMESPACE = 'artifact-part';

/** Asked for by other libraries, in functions that we never call or only in tests. */
const RARELY_NEEDED = ['@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', 'light-my-request'];

const NOT_ON_DEMAND = 'an artifact cannot import() what is not in it: use process.getBuiltinModule for modules of Node';

/**
 * Makes a part of every package that our sources load with `import()`, and of the few above. `parts` receives name and
 * path of each.
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
        if (found.errors.length > 0) return undefined;
        if (found.external) return isOurs ? { errors: [{ text: NOT_ON_DEMAND }] } : undefined;
        parts.set(path, found.path);
        return { path, namespace: NAMESPACE };
      });
      build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ path }) => {
        const names = await exportsOf(build.esbuild, parts.get(path) ?? path);
        return { contents: standIn(`${INSIDE.parts}.load(${JSON.stringify(path)})`, names), loader: 'js' };
      });
    },
  };
}

/** What an ES module exports; nothing for a CommonJS module. */
async function exportsOf({ build }: PluginBuild['esbuild'], path: string): Promise<readonly string[]> {
  const common = {
    entryPoints: [path],
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    outdir: dirname(path),
    logLevel: 'silent',
  } as const satisfies BuildOptions;
  // A look at the one file first: bundling is what costs time.
  const { metafile } = await build(common);
  if (!Object.values(metafile.inputs).some(({ format }) => format === 'esm')) return [];
  const { metafile: whole } = await build({ ...common, bundle: true, packages: 'external' });
  return Object.values(whole.outputs).flatMap((output) => output.exports);
}

/**
 * The module that stands for a part. For an ES module it names each export, because the bundler takes the whole of a
 * CommonJS module for its default export.
 */
function standIn(loaded: string, names: readonly string[]): string {
  if (names.length === 0) return `module.exports = ${loaded};`;
  return [
    `const loaded = ${loaded};`,
    ...names.map((name, at) => `const export${at} = loaded[${JSON.stringify(name)}];`),
    `export { ${names.map((name, at) => `export${at} as ${JSON.stringify(name)}`).join(', ')} };`,
  ].join('\n');
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
