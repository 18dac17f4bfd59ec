/** What emitters share: names, temporaries, sites and the parts of a chunk that stand in front of its functions. */
import type { EmittedApi, EmittedSite, NameKind } from '../../../runtime/contract/abi.ts';
import { type Chunk, type Expression, type FunctionLike, type Label, lineAt, type Offset } from '../ast.ts';
import type { Local, LocalId, Resolution } from '../resolve.ts';
import type { Analysis } from '../suspend/analyse.ts';
import type { Jumps } from './gotos.ts';
import { Inference, type LuaType } from './inference.ts';
import { identifierPart, isPropertyName, propertyAccess, stringLiteral } from './literals.ts';
import type { LoopState } from './loops.ts';
import { Marks } from './source-map.ts';
import type { TailCalls } from './tail-calls.ts';

/** JavaScript text. Expressions are always safe to use as an operand. */
export type Code = string;

export interface EmitOptions {
  /** Unknown calls in plain code test for an activation: finds gaps of the suspension analysis. */
  readonly checkPlain: boolean;
  /**
   * Functions have environments of their own, and calls say who makes them: the program uses `setfenv`, `getfenv` or
   * `module`, or it is code made at run time.
   */
  readonly environments: boolean;
  /** The program runs code in other environments or threads, and may hand it functions: their Lua text is kept. */
  readonly startsCode: boolean;
  /** Told of the work done; may throw to end it. */
  readonly onWork?: ((work: number) => void) | undefined;
}

/** Where a slow path stands, how its operands are called, and whose handlers it may run. */
export interface SlowSite {
  readonly at: Offset;
  readonly left?: string;
  readonly right?: string;
  readonly event?: string;
}

/** How a binding is reached in emitted code. */
export type Placement = 'var' | 'let' | 'const';

/** How code is emitted that runs before anything has waited, see optimistic.ts. */
export interface Optimism {
  /** Slow paths are not taken: `UNSURE` is set, and the statement runs again where it may wait. Nothing else may happen in it. */
  readonly cautious: boolean;
  /** Something in the code cannot be done so. */
  gaveUp: boolean;
}

/** The variable that says that a slow path was not taken. */
export const UNSURE = 'unsure';

/** A call that was made before the expression it stands in. */
export interface MadeCall {
  readonly result: Code;
  /** What the callee returned; otherwise it was cut to one value. */
  readonly raw: boolean;
}

/** State of the function being emitted. */
export class FunctionState {
  readonly node: FunctionLike;
  readonly suspends: boolean;
  readonly parent: FunctionState | undefined;
  /** Function-level variables: locals nobody captures, and temporaries. */
  readonly variables: string[] = [];
  /** Contains a call, so that its activations may nest or repeat without end. */
  calls = 0;
  /** Contains a call that says who makes it. */
  announces = false;
  /** The body is a loop for tail calls of the function itself. */
  readonly selfLoop: boolean;
  /** Labels of loops and blocks, and of `break` out of a `switch`. */
  labels = 0;
  optimism: Optimism | undefined;
  readonly made = new Map<Expression, MadeCall>();
  private temporaries = 0;
  private mostTemporaries = 0;

  constructor(node: FunctionLike, suspends: boolean, selfLoop: boolean, parent: FunctionState | undefined) {
    this.node = node;
    this.suspends = suspends;
    this.selfLoop = selfLoop;
    this.parent = parent;
  }

  /** A temporary, reserved until `release` with a mark taken before. */
  temporary(): string {
    this.temporaries++;
    this.mostTemporaries = Math.max(this.mostTemporaries, this.temporaries);
    return `t${this.temporaries}`;
  }

  /** How many variables of the whole function its activation keeps. */
  get width(): number {
    return this.variables.length + this.mostTemporaries;
  }

  mark(): number {
    return this.temporaries;
  }

  release(mark: number): void {
    this.temporaries = mark;
  }

  /** `var` line of the function; empty if it needs none. */
  declarations(): Code {
    const names = [...this.variables];
    for (let i = 1; i <= this.mostTemporaries; i++) names.push(`t${i}`);
    return names.length === 0 ? '' : `var ${names.join(', ')};\n`;
  }
}

export class EmitContext {
  readonly chunk: Chunk;
  readonly resolution: Resolution;
  readonly analysis: Analysis;
  readonly options: EmitOptions;
  readonly inference: Inference;
  readonly tailCalls: TailCalls;
  readonly marks = new Marks();
  fn: FunctionState;
  /** The innermost Lua loop. */
  loop: LoopState | undefined;
  /** How to get to the labels around the current statement. */
  readonly jumps = new Map<Label, Jumps>();
  /** Locals that live in a box `{ v }`, see gotos.ts. */
  readonly boxed = new Set<LocalId>();
  /** Locals that live in a box because suspendable functions share them, see functions.ts. */
  readonly shared: ReadonlySet<LocalId>;
  /** Locals declared by an enclosing construct already. */
  readonly hoisted = new Set<LocalId>();
  /** Generators of the suspendable functions, each made once per chunk. */
  private readonly generators: { readonly at: Offset; readonly code: Code }[] = [];
  private readonly sites: EmittedSite[] = [];
  private readonly used = new Set<keyof EmittedApi>();
  private readonly prelude = new Map<string, Code>();

  constructor(chunk: Chunk, resolution: Resolution, analysis: Analysis, tailCalls: TailCalls, options: EmitOptions) {
    this.chunk = chunk;
    this.resolution = resolution;
    this.analysis = analysis;
    this.tailCalls = tailCalls;
    this.options = options;
    this.inference = new Inference(chunk, resolution, analysis);
    this.fn = new FunctionState(chunk, this.suspends(chunk), false, undefined);
    this.shared = this.findShared();
  }

  private findShared(): ReadonlySet<LocalId> {
    const shared = new Set<LocalId>();
    for (const [fn, { upvalues }] of this.resolution.functions) {
      if (!this.suspends(fn)) continue;
      for (const id of upvalues) if (this.local(id).writes === 'many') shared.add(id);
    }
    return shared;
  }

  suspends(fn: FunctionLike): boolean {
    return this.analysis.functions.get(fn)?.colour === 'suspends';
  }

  /** Name of an operation of the engine in emitted code. */
  api(name: keyof EmittedApi): Code {
    this.used.add(name);
    return `$${name}`;
  }

  local(id: LocalId): Local {
    return this.resolution.locals[id] as Local;
  }

  /** JS variable of a local; the id keeps it apart from every other name. */
  variable(id: LocalId): Code {
    return `${identifierPart(this.local(id).name)}$${id}`;
  }

  /** Is the value of the local read from a box? */
  isBoxed(id: LocalId): boolean {
    return this.boxed.has(id) || this.shared.has(id);
  }

  /** Adds a generator to the chunk; returns the name of its variable. `at` is where the function stands. */
  addGenerator(at: Offset, code: Code): Code {
    const name = `run$${this.generators.length + 1}`;
    // Without a mark of its own, a stack that ends at its entry would be blamed on the text before it.
    this.generators.push({ at, code: `const ${name} = ${this.marks.mark(at)}${code};` });
    return name;
  }

  typeOf(node: Expression): LuaType {
    return this.inference.typeOf(node);
  }

  /** Argument for a slow path: the site at this offset, with the names of its operands. */
  site(at: Offset, left: string | undefined = '', right: string | undefined = '', suspends = false): Code {
    return `S[${this.siteNumber(at, left, right, suspends)}]`;
  }

  /** Only the number, for accessors and lists of sites, which add the list themselves. */
  siteNumber(at: Offset, left: string | undefined = '', right: string | undefined = '', suspends = false): number {
    const line = lineAt(this.chunk, at) * (suspends ? -1 : 1);
    this.sites.push(right !== '' ? [line, left, right] : left !== '' ? [line, left] : [line]);
    return this.sites.length - 1;
  }

  /** Must the result of an operation with this event be tested for an activation here? */
  mayWait(event: string): boolean {
    return this.fn.suspends && this.analysis.events.has(event);
  }

  /** Waits for `code` if it gives an activation; `mark` is that of the call, whose frame waits there. */
  wait(code: Code, mark: Code): Code {
    if (this.fn.optimism !== undefined) return this.giveUp();
    const t = this.fn.temporary();
    return `((${t} = ${code}) instanceof ${this.api('GENERATOR')} ? ${mark}yield* ${mark}${t} : ${t})`;
  }

  /** There is no optimistic code for this. */
  giveUp(): Code {
    if (this.fn.optimism !== undefined) this.fn.optimism.gaveUp = true;
    return 'undefined';
  }

  /** In code that is emitted cautiously, what stands for a slow path; its value is nil, so that of a known type has none. */
  insteadOfSlow(type: LuaType = 'any'): Code | undefined {
    if (this.fn.optimism?.cautious !== true) return undefined;
    return type === 'any' ? `(${UNSURE} = true, undefined)` : this.giveUp();
  }

  /** How many sites there are; `forgetSites` drops those of code that is not used. */
  countSites(): number {
    return this.sites.length;
  }

  forgetSites(count: number): void {
    this.sites.length = count;
  }

  /** Call of an operation that can fail, whose last argument is its site; waits where a handler of `event` may. */
  slow(operation: keyof EmittedApi, args: readonly Code[], { at, left, right, event }: SlowSite): Code {
    const instead = this.insteadOfSlow(operation === 'tableFrom' ? 'table' : 'any');
    if (instead !== undefined) return instead;
    const waits = event !== undefined && this.mayWait(event);
    const mark = this.marks.mark(at);
    const code = `${mark}${this.api(operation)}(${[...args, this.site(at, left, right, waits)].join(', ')})`;
    return waits ? this.wait(code, mark) : code;
  }

  /** The same for an accessor of a field, which takes the number of the site. */
  slowAccess(accessor: Code, args: readonly Code[], { at, left, right, event }: SlowSite): Code {
    const instead = this.insteadOfSlow();
    if (instead !== undefined) return instead;
    const waits = event !== undefined && this.mayWait(event);
    const site = this.siteNumber(at, left, right, waits);
    const mark = this.marks.mark(at);
    const code = `${mark}${accessor}(${[...args, site].join(', ')})`;
    return waits ? this.wait(code, mark) : code;
  }

  /** Reader of a field that is missing in the table itself: one function per field name, for its inline caches. */
  reader(name: string): Code {
    const fn = `get$${identifierPart(name)}${/^[A-Za-z_]\w*$/.test(name) ? '' : `$${this.prelude.size}`}`;
    const known = this.accessors.get(name);
    if (known !== undefined) return known;
    this.accessors.set(name, fn);
    const key = propertyAccess(name);
    const plain = this.api('PLAIN');
    this.prelude.set(
      fn,
      [
        `function ${fn}(o, s) {`,
        '  if (o !== undefined) {',
        `    const m = o.$mt, v = m.c${key};`,
        '    if (v !== undefined) return v;',
        `    if (m.leaf || m.ix.$mt === ${plain}) return undefined;`,
        '  }',
        `  return ${this.api('index')}(o, ${stringLiteral(name)}, S[s]);`,
        '}',
      ].join('\n'),
    );
    return fn;
  }

  private readonly accessors = new Map<string, string>();
  private readonly writers = new Map<string, string>();

  /** Writer of a field that cannot be written directly: a new key of a table without string part, or the slow path. */
  writer(name: string): Code {
    const known = this.writers.get(name);
    if (known !== undefined) return known;
    const fn = `set$${identifierPart(name)}${/^[A-Za-z_]\w*$/.test(name) ? '' : `$${this.prelude.size}`}`;
    this.writers.set(name, fn);
    const key = propertyAccess(name);
    this.prelude.set(
      fn,
      [
        `function ${fn}(o, v, s) {`,
        '  if (o !== undefined && o.x === null) {',
        '    const h = o.$h;',
        `    if (h${key} !== undefined) { h${key} = v; return; }`,
        `    if (h === ${this.api('NO_STRINGS')} && o.m === null && v !== undefined) {`,
        '      const u = o.$mt.up;',
        `      if (u !== null) { const n = new ${this.api('Strings')}(); n${key} = v; o.$h = n; o.$mt = u; return; }`,
        '    }',
        '  }',
        `  return ${this.api('setIndex')}(o, ${stringLiteral(name)}, v, S[s]);`,
        '}',
      ].join('\n'),
    );
    return fn;
  }

  /** Constructor of a string part with these keys, in this order. */
  shape(names: readonly string[]): Code {
    const key = JSON.stringify(names);
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const fn = `shape$${this.shapes.size + 1}`;
    this.shapes.set(key, fn);
    const params = names.map((_, i) => `p${i}`);
    const stores = names.map((name, i) => `this${propertyAccess(name)} = p${i};`);
    this.prelude.set(
      fn,
      `function ${fn}(${params.join(', ')}) { ${stores.join(' ')} }\n${fn}.prototype = ${this.api('NO_PROTOTYPE')};`,
    );
    return fn;
  }

  private readonly shapes = new Map<string, string>();

  /** The table from which globals are read: of the environment, or in `environments` mode of the running function. */
  globals(): Code {
    return this.options.environments ? 'E.t' : 'G';
  }

  /** The chunk's body: what stands before `instantiate`, to be called last. */
  head(): Code {
    const parts: Code[] = [];
    const prelude = [...this.prelude.values()].join('\n');
    const names = [...this.used].sort().map((name) => `${name}: $${name}`);
    if (names.length > 0) parts.push(`const { ${names.join(', ')} } = $;`);
    const list = this.sites.map(
      (site) => `[${site.map((part) => (typeof part === 'string' ? stringLiteral(part) : part)).join(', ')}]`,
    );
    parts.push(`const S = $.sites(${stringLiteral(this.chunk.name)}, [${list.join(', ')}]);`);
    if (prelude !== '') parts.push(prelude);
    parts.push(...this.generators.toSorted((a, b) => a.at - b.at).map(({ code }) => code));
    return parts.join('\n');
  }
}

/** `local 'x'`, as sites carry it. */
export function operandName(kind: NameKind, name: string): string {
  return kind === '' ? '' : `${kind} '${name}'`;
}

/** May emitted code access this key as a property without asking the engine first? Metatable events never. */
export function isFieldName(name: string): boolean {
  return isPropertyName(name);
}

/** May emitted code write it directly? A key that begins with `__` may change a descriptor. */
export function isPlainFieldName(name: string): boolean {
  return isPropertyName(name) && !name.startsWith('__');
}
