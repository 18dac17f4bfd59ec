/** Worker threads in a single-file artifact: their program is bundled on its own and travels as text inside the artifact. */
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Replaces `worker-source.ts` beside a `worker.ts` by a module with the bundled text of that worker
 * (`runtime/services/passwords/worker-source.ts` says what for).
 */
export function workerPlugin(): Plugin {
  return {
    name: 'worker-source',
    setup(build) {
      build.onLoad({ filter: /[\\/]worker-source\.ts$/ }, async ({ path }) => {
        const result = await build.esbuild.build({
          entryPoints: [join(dirname(path), 'worker.ts')],
          bundle: true,
          write: false,
          platform: 'node',
          target: 'node20',
          format: 'cjs',
          // The ES module form of a library lets unused parts fall away.
          mainFields: ['module', 'main'],
          minify: true,
          charset: 'ascii',
          legalComments: 'none',
          logLevel: 'silent',
        });
        const text = result.outputFiles[0]?.text ?? '';
        return { contents: `export const workerSource = ${JSON.stringify(text)};`, loader: 'js' };
      });
    },
  };
}
