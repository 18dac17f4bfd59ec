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
  /** All of that for one file, as text that is the same when nothing has changed. */
  factsOf(chunk: Chunk): string;
}

interface File {
  readonly chunk: Chunk;
  readonly resolution: Resolution;
}

/** A tail call: of a function that is certain, or of a name, or of what nothing is known about. */
interface TailCall {
  readonly call: AnyCall;
  readonly from: FunctionBody;
  readonly to: FunctionBody | string | undefined;
}

/** What one file has to say; it depends on its tree alone. */
interface FileCalls {
  /** Functions by the names they are stored under. */
  readonly named: ReadonlyMap<string, ReadonlySet<FunctionBody>>;
  /** Names that may also hold functions nobody knows: parameters, results, computed values. */
  readonly open: ReadonlySet<string>;
  /** Functions whose value is used other than by calling it. */
  readonly escaping: ReadonlySet<FunctionBody>;
  readonly tailCalls: readonly TailCall[];
  readonly loops: ReadonlySet<FunctionLike>;
}

const known = new WeakMap<Chunk, FileCalls>();

function fileCalls(file: File, analysis: Analysis): FileCalls {
  let calls = known.get(file.chunk);
  if (calls === undefined) {
    const names = new Names();
    collectNames(file, names, analysis);
    calls = { ...names, ...collectTailCalls(file, analysis) };
    known.set(file.chunk, calls);
  }
  return calls;
}

class Names {
  readonly named = new Map<string, Set<FunctionBody>>();
  readonly escaping = new Set<FunctionBody>();
  readonly open = new Set<string>();

  add(name: string, fn: FunctionBody): void {
    const functions = this.named.get(name);
    if (functions === undefined) this.named.set(name, new Set([fn]));
    else functions.add(fn);
  }

  addOpen(name: string): void {
    this.open.add(name);
  }
}

/** Stands in the graph for all functions that escape: a call of one of them may reach each. */
const ANY_ESCAPING = { kind: 'any escaping function' } as const;

type GraphNode = FunctionBody | typeof ANY_ESCAPING;

/** A tail call and what it may reach. */
interface Edge {
  readonly call: AnyCall;
  readonly from: FunctionBody;
  readonly to: readonly GraphNode[];
}

export function findTailCalls(files: readonly File[], analysis: Analysis): TailCalls {
  const all = files.map((file) => fileCalls(file, analysis));
  const edges = edgesOf(all);
  const component = componentsOf(edges, all);
  const cyclic = new Set(
    edges
      .filter(({ from, to }) => to.some((node) => component.get(node) === component.get(from)))
      .map(({ call }) => call),
  );
  const bouncing = new Set(edges.filter(({ call }) => cyclic.has(call)).map(({ from }) => from as FunctionLike));
  const looping = new Set(all.flatMap(({ loops }) => [...loops]));
  return {
    loops: (fn) => looping.has(fn),
    mayCycle: (call) => cyclic.has(call),
    bounces: (fn) => bouncing.has(fn),
    factsOf: (chunk) =>
      known
        .get(chunk)
        ?.tailCalls.map(({ call }) => Number(cyclic.has(call)))
        .join('') ?? '',
  };
}

/** Functions without tail calls are in no cycle and left out. */
function edgesOf(all: readonly FileCalls[]): readonly Edge[] {
  const calls = all.flatMap(({ tailCalls }) => tailCalls);
  const calling = new Set(calls.map(({ from }) => from));
  const reached = new Map<string, readonly GraphNode[]>();
  const reach = (name: string): readonly GraphNode[] => {
    const functions = all.flatMap(({ named }) => [...(named.get(name) ?? [])]).filter((fn) => calling.has(fn));
    return all.some(({ open }) => open.has(name)) ? [...functions, ANY_ESCAPING] : functions;
  };
  return calls.map(({ call, from, to }) => {
    if (to === undefined) return { call, from, to: [ANY_ESCAPING] };
    if (typeof to !== 'string') return { call, from, to: [to] };
    const nodes = reached.get(to) ?? reach(to);
    reached.set(to, nodes);
    return { call, from, to: nodes };
  });
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

function collectTailCalls({ chunk, resolution }: File, analysis: Analysis): Pick<FileCalls, 'tailCalls' | 'loops'> {
  const tailCalls: TailCall[] = [];
  const loops = new Set<FunctionLike>();
  walk(chunk, (node, owner) => {
    if (node.kind !== 'Return' || node.values.length !== 1 || owner.kind !== 'Function') return;
    const [call] = node.values;
    if (call?.kind !== 'Call' && call?.kind !== 'MethodCall') return;
    const callee = analysis.callees.get(call);
    if (callee === owner && canLoop(owner, resolution)) {
      loops.add(owner);
      return;
    }
    const to = callee ?? (call.kind === 'MethodCall' ? call.name : lastName(call.callee));
    tailCalls.push({ call, from: owner, to });
  });
  return { tailCalls, loops };
}

/** A closure would see the parameters of a later pass, and varargs have no variable to be put in. */
function canLoop(fn: FunctionBody, resolution: Resolution): boolean {
  const facts = resolution.functions.get(fn);
  if (fn.isVararg || facts === undefined) return false;
  return fn.params.every((param) => !resolution.locals[resolution.localOf.get(param) as LocalId]?.captured);
}

/** Strongly connected components (Tarjan's algorithm, without recursion): functions with the same number are in one. */
function componentsOf(edges: readonly Edge[], all: readonly FileCalls[]): ReadonlyMap<GraphNode, number> {
  const successors = new Map<GraphNode, GraphNode[]>();
  for (const { from, to } of edges) {
    const known = successors.get(from);
    if (known === undefined) successors.set(from, [...to]);
    else known.push(...to);
  }
  const escaping = all.flatMap((file) => [...file.escaping]).filter((fn) => successors.has(fn));
  successors.set(ANY_ESCAPING, escaping);
  const component = new Map<GraphNode, number>();
  const order = new Map<GraphNode, number>();
  const low = new Map<GraphNode, number>();
  const open: GraphNode[] = [];
  const enter = (fn: GraphNode): { fn: GraphNode; next: number } => {
    order.set(fn, order.size);
    low.set(fn, order.size - 1);
    open.push(fn);
    return { fn, next: 0 };
  };
  const lower = (fn: GraphNode, value: number): void => {
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

  function close(fn: GraphNode): void {
    if (low.get(fn) !== order.get(fn)) return;
    for (let member = open.pop(); member !== undefined; member = open.pop()) {
      component.set(member, order.get(fn) as number);
      if (member === fn) return;
    }
  }
}
