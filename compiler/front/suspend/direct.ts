/** Calls whose callee is certain: a local that holds one function for ever. */
import type { AnyCall, Expression, FunctionBody, Name } from '../ast.ts';
import type { Local, LocalId, Resolution } from '../resolution.ts';
import { eachNode } from '../walk.ts';
import type { ProgramFile } from './graph.ts';

export interface DirectCalls {
  readonly callees: ReadonlyMap<AnyCall, FunctionBody>;
  readonly directOnly: ReadonlySet<FunctionBody>;
}

export function findDirectCalls(files: readonly ProgramFile[]): DirectCalls {
  const callees = new Map<AnyCall, FunctionBody>();
  const directOnly = new Set<FunctionBody>();
  for (const { chunk, resolution } of files) {
    const calls = new Map<LocalId, number>();
    eachNode(chunk.block, (node) => {
      if (node.kind !== 'Call') return;
      const local = localOf(node.callee, resolution);
      if (local === undefined) return;
      callees.set(node, local.initialiser as FunctionBody);
      calls.set(local.id, (calls.get(local.id) ?? 0) + 1);
    });
    for (const local of resolution.locals) {
      if (holdsOneFunction(local) && calls.get(local.id) === local.reads) directOnly.add(local.initialiser);
    }
  }
  return { callees, directOnly };
}

function localOf(callee: Expression, resolution: Resolution): Local | undefined {
  if (callee.kind !== 'Name') return undefined;
  const binding = resolution.bindingOf.get(callee as Name);
  if (typeof binding !== 'number') return undefined;
  const local = resolution.locals[binding];
  return local !== undefined && holdsOneFunction(local) ? local : undefined;
}

function holdsOneFunction(local: Local): local is Local & { readonly initialiser: FunctionBody } {
  return local.writes === 'once' && local.initialiser?.kind === 'Function';
}
