/** Verdicts as text: why is this function suspendable? */
import { type FunctionLike, lineAt } from '../ast.ts';
import type { Analysis, Verdict } from './analysis.ts';
import type { ProgramFile } from './graph.ts';
import type { Step } from './sites.ts';

const SENTENCES: Readonly<Record<Step['what'], (name: string) => string>> = {
  waits: (name) => `${name} waits for the host`,
  yields: (name) => `${name} yields to the resumer of the coroutine`,
  resumes: (name) => `${name} resumes a coroutine that may wait`,
  calls: (name) => `calls ${name}`,
  'calls back': (name) => `${name} calls back a function`,
  iterates: () => 'the loop calls its iterator',
  event: (name) => `the operation may call a ${name} metamethod`,
  requires: (name) => `require runs ${name}`,
  'unknown code': (name) => `${name} may be code that is loaded at run time`,
};

/**
 * Why a function suspends, one line per step, from the function down to the primitive; a single line when it is plain.
 * `policy.lua:12: calls lookup` …
 */
export function explain(node: FunctionLike, file: ProgramFile, analysis: Analysis): readonly string[] {
  const verdict = analysis.functions.get(node);
  const head = `${placeOf(node, file)}: ${labelOf(node)} ${summary(verdict)}`;
  return [
    head,
    ...(verdict?.because ?? []).map((step) => `  ${step.chunk.name}:${step.line}: ${SENTENCES[step.what](step.name)}`),
  ];
}

/** The innermost function around a line; the chunk when there is none. */
export function functionAtLine(file: ProgramFile, line: number): FunctionLike {
  let found: FunctionLike = file.chunk;
  for (const node of file.resolution.functions.keys()) {
    if (node.kind !== 'Function' || node.line > line || node.lastLine < line) continue;
    if (found.kind === 'Chunk' || node.at >= found.at) found = node;
  }
  return found;
}

function placeOf(node: FunctionLike, { chunk }: ProgramFile): string {
  return `${chunk.name}:${lineAt(chunk, node.at)}`;
}

/** How a reader finds the function: `function f`, `main chunk`. */
function labelOf(node: FunctionLike): string {
  if (node.kind === 'Chunk') return 'main chunk';
  return node.nameHint === '' ? 'function' : `function ${node.nameHint}`;
}

function summary(verdict: Verdict | undefined): string {
  if (verdict === undefined || verdict.colour === 'plain') return 'is plain: nothing it can reach suspends';
  if (verdict.waits && verdict.yields) return 'may suspend: it can wait for the host and yield';
  return verdict.waits ? 'may suspend: it can wait for the host' : 'may suspend: it can yield';
}
