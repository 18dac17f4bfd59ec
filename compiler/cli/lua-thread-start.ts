/** Starting a thread that runs a script: its program is the artifact itself, or a bundle of the sources. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import type { ThreadStart } from '../../runtime/engine/loader.ts';
import { type SystemAccess, systemAccess } from '../../runtime/engine/stdlib/system.ts';

/** `workerData` of such a thread. */
export interface LuaThreadData {
  readonly luaThread: ThreadStart;
  /** What scripts may do to the machine is the same as where it was started. */
  readonly access: SystemAccess;
  /** Its own program as text, for further threads; undefined where that is a file. */
  readonly program: string | undefined;
}

/** Deep recursion needs as much stack as in the main thread; memory is what one script may hold. */
const LIMITS = { stackSizeMb: 8, maxOldGenerationSizeMb: 256 };

export function startLuaThread(luaThread: ThreadStart): Worker {
  const program = ownProgram();
  const data: LuaThreadData = { luaThread, access: { ...systemAccess(), exit: 'script' }, program };
  const options = { workerData: data, transferList: [luaThread.port], resourceLimits: LIMITS, name: 'script' };
  if (program === undefined) return new Worker(new URL(import.meta.url), options);
  return new Worker(program, { ...options, eval: true });
}

/** Is this thread one of those? Workers of passwords have a program of their own. */
export function isLuaThread(data: unknown): data is LuaThreadData {
  return !isMainThread && typeof data === 'object' && data !== null && 'luaThread' in data;
}

let bundled: string | undefined;

function ownProgram(): string | undefined {
  if (isLuaThread(workerData)) return workerData.program;
  if (!import.meta.url.endsWith('.ts')) return undefined;
  bundled ??= bundleSources();
  return bundled;
}

/**
 * Only from sources. A thread that loaded each of them would take seconds to start. The bundler is not imported, so that
 * it does not become part of artifacts.
 */
function bundleSources(): string {
  const esbuild: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  const { outputFiles } = esbuild.buildSync({
    stdin: {
      contents:
        "import { workerData } from 'node:worker_threads'; import { runLuaThread } from './lua-thread.ts'; void runLuaThread(workerData);",
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'ascii',
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}
