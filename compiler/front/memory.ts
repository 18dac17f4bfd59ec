/**
 * What a compiler that runs again and again remembers, so that a change of one file costs little more than that file: what
 * names mean, by tree, and emitted code as long as nothing that the analysis says of the file has changed.
 */
import type { AnyCall, Chunk, FunctionLike, GenericFor } from './ast.ts';
import type { TailCalls } from './emit/tail-calls.ts';
import { walk } from './emit/walk.ts';
import type { ResolveOutcome } from './resolve.ts';
import type { Analysis } from './suspend/analyse.ts';
import { IncrementalAnalysis } from './suspend/incremental.ts';

/** Everything beside the tree that emitted code depends on. */
export interface EmitFacts {
  readonly analysis: Analysis;
  readonly tailCalls: TailCalls;
  /** Settings of the whole program, as text. */
  readonly settings: string;
}

interface Emitted<Code> {
  readonly settings: string;
  readonly tailCalls: string;
  readonly verdicts: string;
  readonly code: Code;
}

/** Forgets a file with its tree: whoever compiles again has to hand in the same tree. */
export class CompilerMemory<Code> {
  readonly analysis = new IncrementalAnalysis();
  readonly #resolved = new WeakMap<Chunk, ResolveOutcome>();
  readonly #emitted = new WeakMap<Chunk, Emitted<Code>>();
  readonly #nodes = new WeakMap<Chunk, Nodes>();
  readonly #traits = new WeakMap<Chunk, Map<string, boolean>>();

  resolve(chunk: Chunk, make: () => ResolveOutcome): ResolveOutcome {
    const known = this.#resolved.get(chunk) ?? make();
    this.#resolved.set(chunk, known);
    return known;
  }

  /** Something that is true of a tree or not. */
  trait(chunk: Chunk, name: string, find: () => boolean): boolean {
    const traits = this.#traits.get(chunk) ?? new Map<string, boolean>();
    this.#traits.set(chunk, traits);
    const known = traits.get(name) ?? find();
    traits.set(name, known);
    return known;
  }

  emit(chunk: Chunk, { analysis, tailCalls, settings }: EmitFacts, make: () => Code): Code {
    const known = this.#emitted.get(chunk);
    const facts = { settings, tailCalls: tailCalls.factsOf(chunk) };
    const isSame = known?.settings === settings && known.tailCalls === facts.tailCalls;
    if (isSame && analysis.changed?.has(chunk) === false) return known.code;
    const nodes = this.#nodes.get(chunk) ?? collectNodes(chunk);
    this.#nodes.set(chunk, nodes);
    const verdicts = verdictsText(nodes, analysis);
    if (isSame && known.verdicts === verdicts) return known.code;
    // It may fail.
    this.#emitted.delete(chunk);
    const code = make();
    this.#emitted.set(chunk, { ...facts, verdicts, code });
    return code;
  }
}

interface Nodes {
  readonly functions: readonly FunctionLike[];
  readonly calls: readonly (AnyCall | GenericFor)[];
}

function collectNodes(chunk: Chunk): Nodes {
  const functions: FunctionLike[] = [chunk];
  const calls: (AnyCall | GenericFor)[] = [];
  walk(chunk, (node) => {
    if (node.kind === 'Function') functions.push(node);
    else if (node.kind === 'Call' || node.kind === 'MethodCall' || node.kind === 'GenericFor') calls.push(node);
  });
  return { functions, calls };
}

/** What the analysis says of each function and call of a file, in order. */
function verdictsText({ functions, calls }: Nodes, analysis: Analysis): string {
  const facts: (string | number)[] = [];
  for (const fn of functions) {
    const isDirect = fn.kind === 'Function' && analysis.directOnly.has(fn);
    facts.push([analysis.functions.get(fn)?.colour === 'suspends', isDirect].map(Number).join(''));
  }
  for (const call of calls) {
    facts.push(analysis.calls.get(call) ?? 'maybe');
    const callee = call.kind === 'GenericFor' ? undefined : analysis.callees.get(call);
    if (callee !== undefined) facts.push(callee.at);
  }
  return facts.join(' ');
}
