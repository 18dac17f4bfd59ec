/** A resolved and analysed chunk as JavaScript: the body of a function `($) => CompiledChunk`, and its source map. */
import { ABI_VERSION } from '../../../runtime/contract/abi.ts';
import type { Chunk } from '../ast.ts';
import type { Resolution } from '../resolve.ts';
import type { Analysis } from '../suspend/analyse.ts';
import { type Code, EmitContext, type EmitOptions } from './context.ts';
import { emitFunctionText } from './functions.ts';
import { stringLiteral } from './literals.ts';
import type { SourceMap } from './source-map.ts';
import { indent } from './source-map.ts';
import type { TailCalls } from './tail-calls.ts';

export interface EmittedChunk {
  readonly code: Code;
  readonly map: SourceMap;
}

export function emitChunk(
  chunk: Chunk,
  resolution: Resolution,
  analysis: Analysis,
  tailCalls: TailCalls,
  options: EmitOptions,
): EmittedChunk {
  const cx = new EmitContext(chunk, resolution, analysis, tailCalls, options);
  const main = emitFunctionText(chunk, cx);
  const instance = options.environments
    ? `return ${cx.api('closure')}((E) => ${main}, { t: env.globals });`
    : `const G = env.globals;\nreturn ${main};`;
  const text = [
    cx.head(),
    'return {',
    `  abi: ${ABI_VERSION},`,
    `  name: ${stringLiteral(chunk.name)},`,
    `  suspends: ${cx.suspends(chunk)},`,
    `  instantiate(env) {\n${indent(indent(instance))}\n  },`,
    '};',
  ].join('\n');
  return cx.marks.finish(text, chunk);
}
