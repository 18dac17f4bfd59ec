/** Which calls of a statement can be made before the rest of it, so that each is the last thing that happens before a wait. */
import { type AnyCall, type Expression, isMultiple, type Statement } from '../ast.ts';
import { eachOperand } from '../walk.ts';
import { mayWait } from './calls.ts';
import type { EmitContext } from './context.ts';
import { isRepeatable } from './expressions.ts';
import { isNamedYield } from './intrinsics.ts';

/** A call that is made before the expression it stands in. */
export interface EarlyCall {
  readonly call: AnyCall;
  /** All its results are used, not just the first. */
  readonly multiple: boolean;
  /** They are what the function returns. */
  readonly tail: boolean;
}

/** In the order they are made; undefined if the statement calls in another way. */
export function findEarlyCalls(node: Statement, cx: EmitContext): readonly EarlyCall[] | undefined {
  const search = new Search(cx);
  switch (node.kind) {
    case 'Local':
      search.list(node.values, node.values.length < node.names.length);
      break;
    case 'CallStatement':
      search.expression(node.call, true);
      break;
    case 'Return':
      search.list(node.values, true, node.values.length === 1);
      break;
    case 'If':
      if (node.clauses[0] !== undefined) search.expression(node.clauses[0].condition, false);
      break;
    case 'Assignment':
      for (const target of node.targets) if (target.kind === 'Index') search.expression(target, false);
      search.list(node.values, node.values.length < node.targets.length);
      if (node.targets.length > 1 && search.found.length > 0) return undefined;
      break;
    default:
      return undefined;
  }
  return search.failed ? undefined : search.found;
}

class Search {
  readonly found: EarlyCall[] = [];
  failed = false;
  /** Something was evaluated that no later call may precede. */
  private pending = false;
  private readonly cx: EmitContext;

  constructor(cx: EmitContext) {
    this.cx = cx;
  }

  /** `multiple`: all results of a last call are used. */
  list(nodes: readonly Expression[], multiple: boolean, tail = false): void {
    nodes.forEach((node, i) => {
      this.expression(node, multiple && i === nodes.length - 1 && isMultiple(node), tail);
    });
  }

  expression(node: Expression, multiple: boolean, tail = false): void {
    if (this.failed) return;
    if (!this.#contains(node)) {
      if (!isRepeatable(node, this.cx, true)) this.pending = true;
    } else if (this.#mayWait(node)) {
      this.#call(node, multiple, tail);
    } else if (node.kind === 'Logical' || node.kind === 'Table' || node.kind === 'Function') {
      this.failed = true;
    } else if (node.kind === 'Binary') {
      this.expression(node.first, false);
      for (const { operand } of node.steps) {
        this.expression(operand, false);
        this.pending = true;
      }
    } else {
      eachOperand(node, (operand) => this.expression(operand, false));
      if (node.kind !== 'Parenthesised') this.pending = true;
    }
  }

  #call(call: AnyCall, multiple: boolean, tail: boolean): void {
    if (this.pending || !this.#isPossible(call)) {
      this.failed = true;
      return;
    }
    this.expression(call.kind === 'MethodCall' ? call.object : call.callee, false);
    // A method is looked up before the arguments are evaluated.
    if (call.kind === 'MethodCall') this.pending = true;
    this.list(call.args, true);
    this.pending = false;
    this.found.push({ call, multiple, tail });
  }

  /** What waits for certain gains nothing, and `coroutine.yield` has code of its own. */
  #isPossible(call: AnyCall): boolean {
    if (call.kind === 'Call' && isNamedYield(call.callee)) return false;
    return this.cx.analysis.calls.get(call) !== 'suspends';
  }

  #mayWait(node: Expression): node is AnyCall {
    return (node.kind === 'Call' || node.kind === 'MethodCall') && mayWait(node, this.cx);
  }

  /** A call that may wait, or a function, which is emitted once only. */
  #contains(node: Expression): boolean {
    if (node.kind === 'Function' || this.#mayWait(node)) return true;
    let found = false;
    eachOperand(node, (operand) => {
      found ||= this.#contains(operand);
    });
    return found;
  }
}
