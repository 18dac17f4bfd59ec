/**
 * The suspension analysis of a program that changes: what is known of the files that stay, stays. The result is that of
 * analysing the program anew.
 */
import type { HostManifest } from '../../../runtime/contract/host.ts';
import type { AnyCall, Chunk, FunctionBody } from '../ast.ts';
import { type Analysis, analyse, WORK_LIMIT } from './analyse.ts';
import { findDirectCalls } from './direct.ts';
import { TooMuchFlow } from './flow.ts';
import { addFile, type ProgramFile, type StoredNames, storedNames } from './graph.ts';
import { KeptVerdicts } from './kept-verdicts.ts';
import { KNOWN_IN_TEXT } from './keys.ts';
import { callHost } from './library.ts';
import { Model } from './model.ts';
import { Ground, NotIncremental, type Owner } from './owner.ts';

export class IncrementalAnalysis {
  #followed: FollowedProgram | undefined;
  /** Files because of which a program has to be analysed anew each time. */
  #obstacles: readonly Chunk[] = [];

  /** Like `analyse`; fast when most files were there the last time, with the same trees. */
  analyse(files: readonly ProgramFile[], manifest: HostManifest): Analysis {
    if (this.#obstacles.some((chunk) => files.some((file) => file.chunk === chunk))) return analyse(files, manifest);
    try {
      const program = this.#followed?.fits(files, manifest) ? this.#followed : new FollowedProgram(files, manifest);
      this.#followed = program;
      return program.update(files);
    } catch (failure) {
      if (!(failure instanceof NotIncremental) && !(failure instanceof TooMuchFlow)) throw failure;
      this.#obstacles = this.#followed?.obstacles(failure instanceof NotIncremental) ?? [];
      this.#followed = undefined;
      return analyse(files, manifest);
    }
  }
}

/** What is known of one file. */
interface Followed extends StoredNames {
  readonly owner: Owner;
  readonly callees: ReadonlyMap<AnyCall, FunctionBody>;
  readonly directOnly: ReadonlySet<FunctionBody>;
}

class FollowedProgram {
  readonly #manifest: HostManifest;
  readonly #model: Model;
  readonly #ground = new Ground();
  readonly #files = new Map<Chunk, Followed>();
  readonly #moduleNames: string;
  /** Unknown globals that have been given to the program. */
  readonly #provided = new Map<string, Owner>();
  /** Calls of handlers, which are only known when everything has been followed. */
  #operations: Owner | undefined;
  readonly #callees = new Map<AnyCall, FunctionBody>();
  readonly #directOnly = new Set<FunctionBody>();
  readonly #verdicts: KeptVerdicts;

  constructor(files: readonly ProgramFile[], manifest: HostManifest) {
    this.#manifest = manifest;
    this.#model = new Model(manifest, callHost, WORK_LIMIT);
    this.#verdicts = new KeptVerdicts(this.#model);
    this.#moduleNames = moduleNames(files);
    for (const { modules } of files) for (const name of modules) this.#model.modules.addName(name);
    this.#model.flow.settle();
  }

  /** May the program go on from here? */
  fits(files: readonly ProgramFile[], manifest: HostManifest): boolean {
    if (manifest !== this.#manifest || this.#moduleNames !== moduleNames(files)) return false;
    let kept = 0;
    const stored = new Set<string>();
    for (const file of files) {
      const known = this.#files.get(file.chunk);
      if (known !== undefined) kept++;
      const names = (known ?? storedNames(file)).stored;
      for (const name of KNOWN_IN_TEXT) if (names.has(name)) stored.add(name);
    }
    return (
      kept > files.length / 2 && KNOWN_IN_TEXT.every((name) => stored.has(name) === this.#model.storedNames.has(name))
    );
  }

  /** These files are the program from now on. The result holds until the next update. */
  update(files: readonly ProgramFile[]): Analysis {
    const { flow } = this.#model;
    flow.allow(WORK_LIMIT);
    this.#endOthers(new Set(files.map(({ chunk }) => chunk)));
    const added = files.filter(({ chunk }) => !this.#files.has(chunk));
    for (const file of added) this.#note(file);
    for (const file of added) {
      flow.owner = (this.#files.get(file.chunk) as Followed).owner;
      this.#verdicts.expect(file.chunk);
      addFile(this.#model, file);
    }
    this.#verdicts.expect(undefined);
    flow.settle();
    this.#provideGlobals();
    this.#operations = this.#ground.file();
    flow.owner = this.#operations;
    this.#model.linkOperations();
    flow.settle();
    return { ...this.#verdicts.update(), callees: this.#callees, directOnly: this.#directOnly };
  }

  /** Files without which it would go on, perhaps; `isOne`: the failure came from what was followed last. */
  obstacles(isOne: boolean): readonly Chunk[] {
    const { owner } = this.#model.flow;
    const all = [...this.#files];
    const found = isOne ? all.filter(([, followed]) => owner.endsWith(followed.owner)) : [];
    return (found.length > 0 ? found : all).map(([chunk]) => chunk);
  }

  #endOthers(next: ReadonlySet<Chunk>): void {
    const ended: Owner[] = this.#operations === undefined ? [] : [this.#operations];
    const { storedNames: names, assignedGlobals, flow } = this.#model;
    for (const [chunk, { owner, stored, assigned, callees, directOnly }] of this.#files) {
      if (next.has(chunk)) continue;
      ended.push(owner);
      this.#files.delete(chunk);
      this.#verdicts.forget(chunk);
      for (const name of stored) names.remove(name);
      for (const name of assigned) assignedGlobals.remove(name);
      for (const call of callees.keys()) this.#callees.delete(call);
      for (const fn of directOnly) this.#directOnly.delete(fn);
    }
    flow.end(ended, this.#ground);
    flow.settle();
  }

  #note(file: ProgramFile): void {
    const { stored, assigned } = storedNames(file);
    const { callees, directOnly } = findDirectCalls([file]);
    this.#files.set(file.chunk, { owner: this.#ground.file(), stored, assigned, callees, directOnly });
    for (const name of stored) this.#model.storedNames.add(name);
    for (const name of assigned) this.#model.assignedGlobals.add(name);
    for (const [call, fn] of callees) this.#callees.set(call, fn);
    for (const fn of directOnly) this.#directOnly.add(fn);
  }

  #provideGlobals(): void {
    const { flow } = this.#model;
    const unknown = new Set(this.#model.unknownGlobals());
    const gone = [...this.#provided].filter(([name]) => !unknown.has(name));
    flow.end(
      gone.map(([, owner]) => owner),
      this.#ground,
    );
    for (const [name] of gone) this.#provided.delete(name);
    for (const name of unknown) {
      if (this.#provided.has(name)) continue;
      const owner = this.#ground.file();
      this.#provided.set(name, owner);
      flow.owner = owner;
      this.#model.provideGlobal(name);
    }
    flow.settle();
  }
}

/** Which file is found under which name. */
function moduleNames(files: readonly ProgramFile[]): string {
  return JSON.stringify(files.flatMap(({ chunk, modules }) => (modules.length === 0 ? [] : [chunk.name, ...modules])));
}
