/**
 * Reads a whole program: the configured scripts and every Lua module they can require, found the way `require` finds
 * them at run time (`package.path`, dots become folders). The compiler then sees all code that can run.
 */

import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import type { HostManifest } from '../../runtime/contract/host.ts';
import { nearest } from '../../runtime/contract/nearest.ts';
import type { ScriptSet } from '../../runtime/contract/scripts.ts';
import type { SourceFile } from '../front/index.ts';
import { type ParseOutcome, parse } from '../front/parser/parse.ts';
import { findRequires, type Requires } from './requires.ts';

/** The files a program is read from; the command line gives the disk, tests give tables. */
export interface LuaFiles {
  /** Content as bytes (latin1 text), or undefined when there is no such readable file. */
  readonly read: (path: string) => string | undefined;
  /** Paths of all `.lua` files below a folder, starting with the folder as given; [] when it is missing. */
  readonly list: (folder: string) => readonly string[];
}

export interface ProgramFiles {
  /** Every file once, in the order it was met; `name` is how Lua messages call it. */
  readonly sources: readonly SourceFile[];
  /** Configured path and name of each script's source. */
  readonly scripts: readonly (readonly [path: string, name: string])[];
  /** Path that `require` will look for and name of the module's source. */
  readonly modules: readonly (readonly [path: string, name: string])[];
  /** Missing scripts (errors) and modules that nothing provides (warnings). */
  readonly diagnostics: readonly Diagnostic[];
  /** Paths that were looked for in vain: once one exists, the program may be another one. */
  readonly absent: readonly string[];
}

/** A file as it was read, with its tree. */
interface ReadFile {
  readonly source: string;
  readonly parsed: ParseOutcome;
  readonly requires: Requires;
}

/** Files of earlier readings by name: one whose content is the same keeps its tree. */
export type ReadMemory = Map<string, ReadFile>;

/** Collects the program of `set`. Files with syntax errors are included: the compiler reports them all at once. */
export function readProgram(
  set: ScriptSet,
  manifest: HostManifest,
  files: LuaFiles,
  memory: ReadMemory = new Map(),
): ProgramFiles {
  const reader = new ProgramReader(
    set.packagePath.split(';').filter((pattern) => pattern !== ''),
    manifest,
    files,
    memory,
  );
  for (const script of set.scripts) reader.addScript(script.path);
  reader.followRequires();
  return reader.result();
}

/** Names that `require` knows without a file: Lua's own libraries. */
const STANDARD = new Set(['_G', 'coroutine', 'debug', 'io', 'math', 'os', 'package', 'string', 'table']);

class ProgramReader {
  private readonly sources = new Map<string, ReadFile>();
  /** By name of the source: what `require` is given to find it. */
  private readonly moduleNames = new Map<string, Set<string>>();
  private readonly scripts = new Map<string, string>();
  private readonly modules = new Map<string, string>();
  private readonly absent = new Set<string>();
  private readonly missing = new Set<string>();
  private readonly diagnostics: Diagnostic[] = [];
  private readonly pending: string[] = [];
  private readonly provided: ReadonlySet<string>;
  private includesAll = false;

  private readonly patterns: readonly string[];
  private readonly files: LuaFiles;
  private readonly memory: ReadMemory;

  constructor(patterns: readonly string[], manifest: HostManifest, files: LuaFiles, memory: ReadMemory) {
    this.patterns = patterns;
    this.files = files;
    this.memory = memory;
    this.provided = new Set(manifest.modules.flatMap(({ requires }) => requires));
  }

  addScript(path: string): void {
    if (this.scripts.has(path)) return;
    if (this.addSource(path)) this.scripts.set(path, path);
    else this.diagnostics.push({ code: 'script-missing', severity: 'error', message: `cannot read script '${path}'` });
  }

  followRequires(): void {
    for (let name = this.pending.pop(); name !== undefined; name = this.pending.pop()) {
      const found = this.sources.get(name)?.requires;
      if (found === undefined) continue;
      for (const module of found.names) this.addModule(module, found, name);
      if (found.dynamic) this.addEveryModule();
    }
  }

  result(): ProgramFiles {
    return {
      sources: [...this.sources].map(([name, { source, parsed }]) => ({
        name,
        source,
        parsed,
        modules: [...(this.moduleNames.get(name) ?? [])],
      })),
      scripts: [...this.scripts],
      modules: [...this.modules],
      diagnostics: this.diagnostics,
      absent: [...this.absent],
    };
  }

  private addModule(name: string, { places }: Requires, from: string): void {
    const candidates = this.patterns.map((pattern) => pattern.replaceAll('?', name.replaceAll('.', '/')));
    for (const path of candidates) {
      if (this.takeModule(path, name)) return;
    }
    if (this.provided.has(name) || STANDARD.has(name) || this.missing.has(name)) return;
    this.missing.add(name);
    const close = nearest(name, [...this.provided, ...STANDARD]);
    this.diagnostics.push({
      code: 'module-missing',
      severity: 'warning',
      message: `module '${name}' is neither a host module nor found in package.path`,
      place: { file: from, ...(places.get(name) ?? { line: 1, column: 1 }) },
      ...(close === undefined ? {} : { hint: `did you mean '${close}'?` }),
    });
  }

  /** A `require` whose name is computed may mean any module of the folders named in `package.path`. */
  private addEveryModule(): void {
    if (this.includesAll) return;
    this.includesAll = true;
    for (const pattern of this.patterns) {
      const [before = '', after = ''] = pattern.split('?', 2);
      const folder = before.replace(/\/$/, '');
      // The working directory is no module folder: it may hold anything.
      if (folder === '' || folder === '.' || !before.endsWith('/')) continue;
      for (const path of this.files.list(folder)) {
        if (path.endsWith(after)) this.takeModule(path, moduleName(path, before, after));
      }
    }
  }

  /** False when there is no such file. */
  private takeModule(path: string, name: string): boolean {
    if (!this.addSource(path)) return false;
    this.modules.set(path, path);
    const names = this.moduleNames.get(path) ?? new Set();
    this.moduleNames.set(path, names.add(name));
    return true;
  }

  private readFile(name: string, source: string): ReadFile {
    const known = this.memory.get(name);
    if (known?.source === source) return known;
    const parsed = parse(source, { name, isFile: true });
    const read = { source, parsed, requires: findRequires(parsed) };
    this.memory.set(name, read);
    return read;
  }

  private addSource(name: string): boolean {
    if (this.sources.has(name)) return true;
    if (this.absent.has(name)) return false;
    const source = this.files.read(name);
    if (source === undefined) {
      this.absent.add(name);
      return false;
    }
    this.sources.set(name, this.readFile(name, source));
    this.pending.push(name);
    return true;
  }
}

/** `lib/a/b.lua` under the pattern `lib/?.lua` is what `require("a.b")` finds. */
function moduleName(path: string, before: string, after: string): string {
  return path.slice(before.length, path.length - after.length).replaceAll('/', '.');
}
