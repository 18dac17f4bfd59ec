/** What is assumed of a program that is too large to be followed: everything that calls or operates suspends. */
import type { AnyCall, FunctionLike, GenericFor } from '../ast.ts';
import { eachNode } from '../walk.ts';
import type { Analysis, Verdict } from './analysis.ts';
import type { ProgramFile } from './graph.ts';
import { OPERATION_EVENTS } from './model.ts';

export function worstCase(files: readonly ProgramFile[]): Pick<Analysis, 'functions' | 'calls' | 'events'> {
  const functions = new Map<FunctionLike, Verdict>();
  const calls = new Map<AnyCall | GenericFor, 'maybe'>();
  for (const { chunk } of files) {
    const because = [
      { chunk, at: 0, line: 1, what: 'unknown code', name: 'a program too large to be analysed' } as const,
    ];
    const verdict: Verdict = { colour: 'suspends', waits: true, yields: true, because };
    functions.set(chunk, verdict);
    eachNode(chunk.block, (node) => {
      if (node.kind === 'Function') functions.set(node, verdict);
      else if (node.kind === 'Call' || node.kind === 'MethodCall' || node.kind === 'GenericFor')
        calls.set(node, 'maybe');
    });
  }
  return { functions, calls, events: new Set([...OPERATION_EVENTS, '__call', '__tostring']) };
}
