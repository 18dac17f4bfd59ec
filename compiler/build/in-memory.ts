/** Compiles Lua files and runs them in this process, without an artifact: for `run`, and for tests. */
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import { type ChunkCode, instantiateCode } from '../../runtime/engine/load.ts';
import { type CompileOptions, compileProgram, type SourceFile } from '../front/index.ts';

export interface InMemoryProgram {
  /** By name of the source; empty when a diagnostic is an error. */
  readonly chunks: ReadonlyMap<string, CompiledChunk>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles `sources` as one program and makes its chunks. Broken files are reported, all of them. */
export function compileInMemory(
  sources: readonly SourceFile[],
  manifest: HostManifest,
  options?: CompileOptions,
): InMemoryProgram {
  const { files, diagnostics } = compileProgram(sources, manifest, options);
  const broken = diagnostics.some(({ severity }) => severity === 'error');
  return { chunks: broken ? new Map() : chunksByName(files), diagnostics };
}

function chunksByName(files: readonly ChunkCode[]): ReadonlyMap<string, CompiledChunk> {
  return new Map(files.map((file) => [file.name, instantiateCode(file)] as const));
}
