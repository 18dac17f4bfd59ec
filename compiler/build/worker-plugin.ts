/** Worker threads in a single-file artifact: their program is bundled on its own and travels as text inside the artifact. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';

/** Gives the JavaScript expression for the text of a worker, from its file. */
export type PlaceWorker = (path: string, build: PluginBuild) => Promise<string> | string;

/**
 * Replaces `worker-source.ts` beside a `worker.ts` by a module that gives the bundled text of that worker
 * (`runtime/services/passwords/worker-source.ts` says what for).
 */
export function workerPlugin(place: PlaceWorker = asText): Plugin {
  return {
    name: 'worker-source',
    setup(build) {
      build.onLoad({ filter: /[\\/]worker-source\.ts$/ }, async ({ path }) => ({
        contents: `export const workerSource = () => ${await place(join(dirname(path), 'worker.ts'), build)};`,
        loader: 'js',
      }));
    },
  };
}

async function asText(path: string, { esbuild }: PluginBuild): Promise<string> {
  return JSON.stringify(await bundleWorker(esbuild, path));
}

/** The program of a worker as one CommonJS script. */
export async function bundleWorker({ build }: Pick<PluginBuild['esbuild'], 'build'>, path: string): Promise<string> {
  const result = await build({
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The ES module form of a library lets unused parts fall away.
    mainFields: ['module', 'main'],
    plugins: [wasmPlugin()],
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return result.outputFiles[0]?.text ?? '';
}

/** Where node-sqlite3-wasm holds its WebAssembly; it looks for the file beside itself when there is nothing. */
const WASM_VARIABLE = 'var wasmBinary;';

/** SQLite's WebAssembly travels inside the program. */
function wasmPlugin(): Plugin {
  return {
    name: 'sqlite-wasm',
    setup(build) {
      build.onLoad({ filter: /[\\/]node-sqlite3-wasm\.js$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (!text.includes(WASM_VARIABLE)) throw new Error(`${path} has no ${WASM_VARIABLE} any more`);
        const bytes = await readFile(path.replace(/\.js$/, '.wasm'), 'base64');
        const inside = `var wasmBinary = Buffer.from(${JSON.stringify(bytes)}, 'base64');`;
        return { contents: text.replace(WASM_VARIABLE, () => inside), loader: 'js' };
      });
    },
  };
}
