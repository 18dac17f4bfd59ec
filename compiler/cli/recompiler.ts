/** A project that is compiled again and again, in memory: what has not changed is not compiled again. */
import type { CompiledChunk } from '../../runtime/contract/abi.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import type { CompiledProgram } from '../../runtime/contract/scripts.ts';
import type { CompiledFile } from '../front/index.ts';
import { linkInMemory } from './loader.ts';
import { type CompiledProject, compileProject, newProjectMemory, type Project } from './project.ts';

export class Recompiler {
  readonly #manifest: HostManifest;
  readonly #memory = newProjectMemory();
  readonly #chunks = new WeakMap<CompiledFile, CompiledChunk>();

  constructor(manifest: HostManifest) {
    this.#manifest = manifest;
  }

  compile(project: Project): CompiledProject {
    return compileProject(project, this.#manifest, this.#memory);
  }

  /** Only for projects without errors. */
  link(compiled: CompiledProject): CompiledProgram {
    return linkInMemory(compiled, this.#chunks);
  }
}
