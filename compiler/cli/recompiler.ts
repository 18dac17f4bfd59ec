/** A project that is compiled again and again, in memory: what has not changed is not compiled again. */
import { scriptCandidates } from '../../runtime/config/index.ts';
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
  #project: Project | undefined;
  /** Names of the files of the program, and of the one before it. */
  #names: ReadonlySet<string> = new Set();
  #namesBefore: ReadonlySet<string> = new Set();

  constructor(manifest: HostManifest) {
    this.#manifest = manifest;
  }

  /**
   * With `changed`, the only paths at which something is different since the last time, other files are not even read: those
   * of the same project that whoever says so has watched since.
   */
  compile(project: Project, changed?: readonly string[]): CompiledProject {
    const unchanged = changed === undefined || project !== this.#project ? new Set<string>() : this.#unchanged(changed);
    const { list } = project.luaFiles;
    const read = (path: string): string | undefined =>
      unchanged.has(path) ? this.#memory.files.get(path)?.source : project.luaFiles.read(path);
    const compiled = compileProject({ ...project, luaFiles: { read, list } }, this.#manifest, this.#memory);
    this.#project = project;
    this.#namesBefore = this.#names;
    this.#names = new Set(compiled.files.sources.map(({ name }) => name));
    return compiled;
  }

  /** A new file is watched only when it has been read once, so it is read once more. */
  #unchanged(changed: readonly string[]): ReadonlySet<string> {
    const paths = new Set(changed);
    const isKnown = (name: string): boolean => this.#namesBefore.has(name);
    const hasChanged = (name: string): boolean =>
      scriptCandidates(name, this.#project?.configFile).some((path) => paths.has(path));
    return new Set([...this.#names].filter((name) => isKnown(name) && !hasChanged(name)));
  }

  /** Only for projects without errors. */
  link(compiled: CompiledProject): CompiledProgram {
    return linkInMemory(compiled, this.#chunks);
  }
}
