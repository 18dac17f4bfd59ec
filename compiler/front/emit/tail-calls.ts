/**
 * Tail calls that may nest without end. A function that calls itself in tail position becomes a loop. For others, a call
 * graph of tail calls only: where a call may lead back to its function, it knows its depth and, from a certain one on,
 * hands the call down to the bottom of the chain to make (`bouncing` in runtime/engine/call.ts).
 */
import type { AnyCall, Chunk, Expression, FunctionBody, FunctionLike } from '../ast.ts';
import type { LocalId, Resolution } from '../resolve.ts';
import type { Analysis } from '../suspend/analyse.ts';
import { type Node, walk } from './walk.ts';

export interface TailCalls {
  /** Does the function become a loop for calls of itself? */
  loops(fn: FunctionLike): boolean;
  /** May this tail call lead back to its own function? */
  mayCycle(call: AnyCall): boolean;
  /** Is the function part of such a cycle? */
  bounces(fn: FunctionLike): boolean;
}

interface File {
  readonly chunk: Chunk;
  readonly resolution: Resolution;
}

/** A tail call and the functions it may reach. */
interface Edge {
  readonly call: AnyCall;
  readonly from: FunctionBody;
  readonly to: readonly FunctionBody[];
}

/** Where a function may be called from: every name it is stored under. */
class Names {
  private readonly byName = new Map<string, Set<FunctionBody>>();
  /** Functions whose value is used other than by calling it. */
  readonly escaping = new Set<FunctionBody>();
  /** Names that may also hold functions nobody knows: parameters, results, computed values. */
  private readonly open = new Set<string>();

  add(name: string, fn: FunctionBody): void {
    const known = this.byName.get(name);
    if (known === undefined) this.byName.set(name, new Set([fn]));
    else known.add(fn);
  }

  addOpen(name: string): void {
    this.open.add(name);
  }

  reached(name: string | undefined): readonly FunctionBody[] {
    if (name === undefined) return [...this.escaping];
    const named = this.byName.get(name) ?? new Set();
    return this.open.has(name) ? [...new Set([...named, ...this.escaping])] : [...named];
  }
}

export function findTailCalls(files: readonly File[], analysis: Analysis): TailCalls {
  const names = new Names();
  for (const file of files) collectNames(file, names, analysis);
  const self = new Set<FunctionLike>();
  const edges: Edge[] = [];
  for (const file of files) collectEdges(file, names, analysis, self, edges);
  const component = componentsOf(edges);
  const cyclic = new Set(
    edges.filter(({ from, to }) => to.some((fn) => component.get(fn) === component.get(from))).map(({ call }) => call),
  );
  const bouncing = new Set(edges.filter(({ call }) => cyclic.has(call)).map(({ from }) => from as FunctionLike));
  return {
    loops: (fn) => self.has(fn),
    mayCycle: (call) => cyclic.has(call),
    bounces: (fn) => bouncing.has(fn),
  };
}

function collectNames({ chunk, resolution }: File, names: Names, analysis: Analysis): void {
  const store = (name: string, value: Expression | undefined): void => {
    if (value?.kind === 'Function') {
      names.add(name, value);
      if (!analysis.directOnly.has(value)) names.escaping.add(value);
    } else if (value?.kind === 'Name' && value.name !== name) {
      alias(name, value);
    } else if (value === undefined || mayBeFunction(value)) {
      names.addOpen(name);
    }
  };
  const alias = (name: string, value: Extract<Expression, { kind: 'Name' }>): void => {
    const binding = resolution.bindingOf.get(value);
    const initialiser = typeof binding === 'number' ? resolution.locals[binding]?.initialiser : undefined;
    if (initialiser?.kind === 'Function') names.add(name, initialiser);
    else names.addOpen(name);
  };
  walk(chunk, (node) => {
    visitStores(node, store, names, analysis);
  });
}

function mayBeFunction(value: Expression): boolean {
  return !['Nil', 'Boolean', 'Number', 'String', 'Table', 'Binary', 'Concat', 'Unary'].includes(value.kind);
}

type Store = (name: string, value: Expression | undefined) => void;

function visitStores(node: Node, store: Store, names: Names, analysis: Analysis): void {
  switch (node.kind) {
    case 'Local':
      node.names.forEach(({ name }, i) => {
        store(name, node.values[i]);
      });
      break;
    case 'Assignment':
      node.targets.forEach((target, i) => {
        const name = lastName(target);
        if (name !== undefined) store(name, node.values[i]);
      });
      break;
    case 'FunctionStatement':
      store(lastName(node.target) ?? '', node.body);
      break;
    case 'LocalFunction':
      store(node.name.name, node.body);
      break;
    case 'Table':
      for (const field of node.fields) if (field.kind === 'NamedField') store(field.name, field.value);
      break;
    case 'GenericFor':
      for (const { name } of node.names) names.addOpen(name);
      break;
    case 'Function':
      for (const { name } of node.params) names.addOpen(name);
      if (!analysis.directOnly.has(node)) names.escaping.add(node);
      break;
  }
}

function lastName(node: Expression): string | undefined {
  if (node.kind === 'Name') return node.name;
  return node.kind === 'Index' && node.key.kind === 'String' ? node.key.value : undefined;
}

function collectEdges(
  { chunk, resolution }: File,
  names: Names,
  analysis: Analysis,
  self: Set<FunctionLike>,
  edges: Edge[],
): void {
  walk(chunk, (node, owner) => {
    if (node.kind !== 'Return' || node.values.length !== 1 || owner.kind !== 'Function') return;
    const [call] = node.values;
    if (call?.kind !== 'Call' && call?.kind !== 'MethodCall') return;
    const callee = analysis.callees.get(call);
    if (callee === owner && canLoop(owner, resolution)) {
      self.add(owner);
      return;
    }
    const to =
      callee !== undefined ? [callee] : names.reached(call.kind === 'MethodCall' ? call.name : lastName(call.callee));
    edges.push({ call, from: owner, to });
  });
}

/** A closure would see the parameters of a later pass, and varargs have no variable to be put in. */
function canLoop(fn: FunctionBody, resolution: Resolution): boolean {
  const facts = resolution.functions.get(fn);
  if (fn.isVararg || facts === undefined) return false;
  return fn.params.every((param) => !resolution.locals[resolution.localOf.get(param) as LocalId]?.captured);
}

/** Strongly connected components (Tarjan's algorithm, without recursion): functions with the same number are in one. */
function componentsOf(edges: readonly Edge[]): ReadonlyMap<FunctionBody, number> {
  const successors = new Map<FunctionBody, FunctionBody[]>();
  for (const { from, to } of edges) {
    const known = successors.get(from);
    if (known === undefined) successors.set(from, [...to]);
    else known.push(...to);
  }
  const component = new Map<FunctionBody, number>();
  const order = new Map<FunctionBody, number>();
  const low = new Map<FunctionBody, number>();
  const open: FunctionBody[] = [];
  const enter = (fn: FunctionBody): { fn: FunctionBody; next: number } => {
    order.set(fn, order.size);
    low.set(fn, order.size - 1);
    open.push(fn);
    return { fn, next: 0 };
  };
  const lower = (fn: FunctionBody, value: number): void => {
    if (value < (low.get(fn) as number)) low.set(fn, value);
  };
  for (const root of successors.keys()) {
    if (order.has(root)) continue;
    const path = [enter(root)];
    for (let frame = path.at(-1); frame !== undefined; frame = path.at(-1)) {
      const child = successors.get(frame.fn)?.[frame.next++];
      if (child === undefined) {
        close(frame.fn);
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) lower(parent.fn, low.get(frame.fn) as number);
      } else if (!order.has(child)) {
        path.push(enter(child));
      } else if (!component.has(child)) {
        lower(frame.fn, order.get(child) as number);
      }
    }
  }
  return component;

  function close(fn: FunctionBody): void {
    if (low.get(fn) !== order.get(fn)) return;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      component.set(member, order.get(fn) as number);
      if (member === fn) return;
    }
  }
}
