/** Which modules a Lua file asks for, as far as its text tells. */
import type { Call, Expression, Name } from '../front/ast.ts';
import { columnAt, lineAt } from '../front/ast.ts';
import type { ParseOutcome } from '../front/parser/parse.ts';
import { eachNode } from '../front/walk.ts';

interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Requires {
  /** Module names given as string literals, in order, each once. */
  readonly names: readonly string[];
  /** Where each name is required first; line and column as in `Place`. */
  readonly places: ReadonlyMap<string, Position>;
  /** `require` is also called with a computed name, or handed on as a value. */
  readonly dynamic: boolean;
}

/**
 * Finds `require("name")` and `pcall(require, "name")`. A file that does not parse requires nothing: the compiler
 * reports it.
 */
export function findRequires(outcome: ParseOutcome): Requires {
  const places = new Map<string, Position>();
  if (!outcome.ok) return { names: [], places, dynamic: false };
  const understood = new Set<Name>();
  let dynamic = false;
  eachNode(outcome.chunk.block, (node) => {
    if (node.kind === 'Call') {
      const found = requireCall(node);
      if (found === undefined) return;
      understood.add(found.callee);
      if (places.has(found.module)) return;
      places.set(found.module, { line: lineAt(outcome.chunk, node.at), column: columnAt(outcome.chunk, node.at) });
    } else if (node.kind === 'Name' && node.name === 'require' && !understood.has(node)) {
      dynamic = true;
    } else if (node.kind === 'Index' && node.key.kind === 'String' && node.key.value === 'require') {
      dynamic = true;
    }
  });
  return { names: [...places.keys()], places, dynamic };
}

function requireCall({ callee, args }: Call): { readonly callee: Name; readonly module: string } | undefined {
  const [first, second] = args;
  if (isRequire(callee) && first?.kind === 'String') return { callee, module: first.value };
  const isProtected = callee.kind === 'Name' && callee.name === 'pcall';
  if (isProtected && isRequire(first) && second?.kind === 'String') return { callee: first, module: second.value };
  return undefined;
}

function isRequire(expression: Expression | undefined): expression is Name {
  return expression?.kind === 'Name' && expression.name === 'require';
}
