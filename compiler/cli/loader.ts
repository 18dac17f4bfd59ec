/** Compiled code inside this process: `load` for scripts, and whole programs for `watch`. */
import { readFileSync } from 'node:fs';
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';
import { charge } from '../../runtime/engine/api.ts';
import { createLoader, instantiateCode, type Loader, SourceError } from '../../runtime/engine/load.ts';
import { type CompiledFile, compileChunk } from '../front/index.ts';
import { startLuaThread } from './lua-thread-start.ts';
import type { CompiledProject } from './project.ts';

/**
 * Compiles what scripts hand to `load`, and reads the Lua files they name at run time from the disk. The manifest is only
 * asked for when there is something to compile.
 */
export function createHostLoader(manifest: () => HostManifest): Loader {
  return createLoader({
    compile: (source, chunkName) => {
      const result = compileChunk(source, chunkName, manifest(), { onWork: charge });
      return result.ok ? result.file : new SourceError(result.message);
    },
    read: (path) => {
      try {
        return { bytes: readFileSync(path, 'latin1') };
      } catch (error) {
        return { reason: reasonOf(error) };
      }
    },
    startThread: startLuaThread,
  });
}

/** The reasons that Lua programs meet, in the words of the C library. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOTDIR: 'Not a directory',
  // A name with a zero byte in it, which ends names in C.
  ERR_INVALID_ARG_VALUE: 'No such file or directory',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code === '' ? String(error) : code);
}

/** Runs compiled code as it would run in the artifact, without writing one; `made` are the chunks of earlier programs. */
export function linkInMemory(
  { files, compiled }: CompiledProject,
  made = new WeakMap<CompiledFile, CompiledChunk>(),
): CompiledProgram {
  const chunks = new Map<string, CompiledChunk>(compiled.map((file) => [file.name, chunkOf(file, made)] as const));
  const link = (table: CompiledProject['files']['scripts']): ReadonlyMap<string, CompiledChunk> =>
    new Map(table.flatMap(([path, name]) => (chunks.has(name) ? [[path, chunks.get(name)!] as const] : [])));
  return { scripts: link(files.scripts), modules: link(files.modules) };
}

function chunkOf(file: CompiledFile, made: WeakMap<CompiledFile, CompiledChunk>): CompiledChunk {
  const chunk = made.get(file) ?? instantiateCode(file);
  made.set(file, chunk);
  return chunk;
}
