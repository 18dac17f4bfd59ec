/** The whole program as rules see it: its files, who defines which global, and what the host offers. */
import type {
  HostFunction,
  HostGlobalTable,
  HostManifest,
  HostModule,
  ScriptClass,
} from '../../runtime/contract/host.ts';
import type { ConfiguredScript } from '../../runtime/contract/scripts.ts';
import type { ResolvedFile } from '../front/index.ts';
import { type Definitions, definitionsOf } from './definitions.ts';
import { CheckedFile } from './file.ts';

export interface CheckInput {
  readonly files: readonly ResolvedFile[];
  /** The configured scripts; `path` is the name of the chunk. */
  readonly scripts: readonly ConfiguredScript[];
  readonly manifest: HostManifest;
  /** Global tables of the script classes, and global functions beside Lua's. */
  readonly globals: { readonly functions: readonly HostFunction[]; readonly tables: readonly HostGlobalTable[] };
}

export class CheckedProgram {
  readonly files: readonly CheckedFile[];
  readonly manifest: HostManifest;
  readonly globals: CheckInput['globals'];
  /** What the code itself defines. */
  readonly definitions: Definitions;
  readonly #fileModules: ReadonlySet<string>;

  constructor({ files, scripts, manifest, globals }: CheckInput) {
    const classes = new Map<string, Set<ScriptClass>>();
    for (const { path, scriptClass } of scripts) classes.set(path, (classes.get(path) ?? new Set()).add(scriptClass));
    this.files = files.map((file) => new CheckedFile(file, [...(classes.get(file.chunk.name) ?? [])]));
    this.manifest = manifest;
    this.globals = globals;
    this.definitions = definitionsOf(this.files);
    this.#fileModules = new Set(files.flatMap(({ modules }) => modules));
  }

  /** The host modules that `require(name)` may give; none when a file of the program has the name. */
  hostModules(name: string): readonly HostModule[] {
    if (this.#fileModules.has(name)) return [];
    return this.manifest.modules.filter(({ requires, loader }) => requires.includes(name) || loader === name);
  }

  /** The global tables of this name in the classes of a file; of all classes for a module, which any script may use. */
  tablesNamed(name: string, { classes }: CheckedFile): readonly HostGlobalTable[] {
    return this.globals.tables.filter(
      (table) =>
        (table.name === name || table.aliases.includes(name)) &&
        (classes.length === 0 || classes.includes(table.scriptClass)),
    );
  }
}
