/**
 * What a compiler that runs again and again remembers, so that a change of one file costs little more than that file: what
 * names mean, by tree, and emitted code as long as nothing that the analysis says of the file has changed.
 */
import type { AnyCall, Chunk, FunctionLike, GenericFor } from './ast.ts';
import type { TailCalls } from './emit/tail-calls.ts';
import { walk } from './emit/walk.ts';
import type { ResolveOutcome } from './resolve.ts';
import type { Analysis } from './suspend/analyse.ts';

/** Everything beside the tree that emitted code depends on. */
export interface EmitFacts {
  readonly analysis: Analysis;
  readonly tailCalls: TailCalls;
  /** Settings of the whole program, as text. */
  readonly settings: string;
}

interface Emitted<Code> {
  readonly facts: string;
  readonly code: Code;
}

/** Forgets a file with its tree: whoever compiles again has to hand in the same tree. */
export class CompilerMemory<Code> {
  readonly #resolved = new WeakMap<Chunk, ResolveOutcome>();
  readonly #emitted = new WeakMap<Chunk, Emitted<Code>>();
  readonly #nodes = new WeakMap<Chunk, Nodes>();

  resolve(chunk: Chunk, make: () => ResolveOutcome): ResolveOutcome {
    const known = this.#resolved.get(chunk) ?? make();
    this.#resolved.set(chunk, known);
    return known;
  }

  emit(chunk: Chunk, facts: EmitFacts, make: () => Code): Code {
    const nodes = this.#nodes.get(chunk) ?? collectNodes(chunk);
    this.#nodes.set(chunk, nodes);
    const text = factsText(nodes, facts);
    const known = this.#emitted.get(chunk);
    if (known?.facts === text) return known.code;
    const code = make();
    this.#emitted.set(chunk, { facts: text, code });
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
function factsText({ functions, calls }: Nodes, { analysis, tailCalls, settings }: EmitFacts): string {
  const facts: (string | number)[] = [settings];
  for (const fn of functions) {
    const isDirect = fn.kind === 'Function' && analysis.directOnly.has(fn);
    const bits = [
      analysis.functions.get(fn)?.colour === 'suspends',
      isDirect,
      tailCalls.loops(fn),
      tailCalls.bounces(fn),
    ];
    facts.push(bits.map(Number).join(''));
  }
  for (const call of calls) {
    facts.push(analysis.calls.get(call) ?? 'maybe');
    if (call.kind === 'GenericFor') continue;
    const callee = analysis.callees.get(call);
    if (callee !== undefined) facts.push(callee.at);
    if (tailCalls.mayCycle(call)) facts.push('cycle');
  }
  return facts.join(' ');
}
