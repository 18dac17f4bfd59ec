/** Walks the syntax trees of a program and tells the model where values flow and where calls stand. */
import {
  type AnyCall,
  type Binary,
  type BinaryOperator,
  type Block,
  type Chunk,
  type Concat,
  type Expression,
  type FunctionBody,
  type FunctionLike,
  type GenericFor,
  type Index,
  isMultiple,
  type LocalName,
  type Name,
  type NumericFor,
  type Offset,
  type Statement,
  type TableConstructor,
  type Unary,
} from '../ast.ts';
import type { LocalId, Resolution } from '../resolution.ts';
import { eachNode } from '../walk.ts';
import { isArithmetic, Keys } from './keys.ts';
import type { EventName, Model } from './model.ts';
import { Site } from './sites.ts';
import type { Arguments, Key, LuaCode, Place } from './values.ts';

/** One file of the program. */
export interface ProgramFile {
  readonly chunk: Chunk;
  readonly resolution: Resolution;
  /** Names under which `require` finds this file. */
  readonly modules: readonly string[];
}

/** Adds all files of a program to the model. */
export function addFiles(model: Model, files: readonly ProgramFile[]): void {
  for (const { modules } of files) for (const name of modules) model.modules.addName(name);
  for (const file of files) {
    const { stored, assigned } = storedNames(file);
    for (const name of stored) model.storedNames.add(name);
    for (const name of assigned) model.assignedGlobals.add(name);
  }
  for (const file of files) addFile(model, file);
}

/** Adds a file whose names the model knows already. */
export function addFile(model: Model, file: ProgramFile): void {
  new FileWalk(model, file).run(file.modules);
}

export interface StoredNames {
  /** Names under which the file stores anything, as global or as field. */
  readonly stored: ReadonlySet<string>;
  /** Those of globals. */
  readonly assigned: ReadonlySet<string>;
}

export function storedNames({ chunk, resolution }: ProgramFile): StoredNames {
  const stored = new Set<string>();
  const assigned = new Set<string>();
  const note = (target: Expression): void => {
    if (target.kind === 'Index' && target.key.kind === 'String') stored.add(target.key.value);
    if (target.kind !== 'Name' || resolution.bindingOf.get(target) !== 'global') return;
    stored.add(target.name);
    assigned.add(target.name);
  };
  eachNode(chunk.block, (node) => {
    if (node.kind === 'Assignment') node.targets.forEach(note);
    else if (node.kind === 'FunctionStatement') note(node.target);
    else if (node.kind === 'Table') {
      for (const field of node.fields) if (field.kind === 'NamedField') stored.add(field.name);
    }
  });
  return { stored, assigned };
}

const EVENT_OF: Readonly<Record<BinaryOperator, EventName>> = {
  '+': '__add',
  '-': '__sub',
  '*': '__mul',
  '/': '__div',
  '%': '__mod',
  '^': '__pow',
  '==': '__eq',
  '~=': '__eq',
  '<': '__lt',
  '>': '__lt',
  '<=': '__le',
  '>=': '__le',
};

class FileWalk {
  readonly #model: Model;
  readonly #chunk: Chunk;
  readonly #resolution: Resolution;
  readonly #locals: Place[];
  readonly #keys: Keys;
  /** First argument of calls of `pairs`. */
  readonly #pairsArguments = new Map<AnyCall, Place>();
  #code!: LuaCode;

  constructor(model: Model, { chunk, resolution }: ProgramFile) {
    this.#model = model;
    this.#chunk = chunk;
    this.#resolution = resolution;
    this.#locals = resolution.locals.map(() => model.flow.place());
    this.#keys = new Keys(resolution, model.storedNames);
  }

  run(modules: readonly string[]): void {
    const code = this.#function(this.#chunk);
    for (const name of modules) this.#model.modules.addFile(name, code);
  }

  // ---- Functions ----

  #function(node: FunctionLike): LuaCode {
    const outer = this.#code as LuaCode | undefined;
    const code = this.#model.addCode(
      node,
      node.params.map((param) => this.#declared(param)),
    );
    this.#code = code;
    this.#legacyArg(node, code);
    this.#block(node.block);
    if (outer !== undefined) this.#code = outer;
    return code;
  }

  #legacyArg(node: FunctionLike, code: LuaCode): void {
    const id = this.#resolution.functions.get(node)?.legacyArg;
    if (id === undefined) return;
    const table = this.#model.heap.thing('table');
    this.#model.flow.edge(code.rest, table.elements);
    this.#model.flow.add(this.#local(id), table);
  }

  #local(id: LocalId): Place {
    return this.#locals[id] as Place;
  }

  #declared(node: LocalName): Place {
    return this.#local(this.#resolution.localOf.get(node) as LocalId);
  }

  #site(at: Offset, node?: AnyCall | GenericFor): Site {
    return new Site(this.#model, this.#code.node, this.#chunk, at, node);
  }

  /** What is not followed has no metatable, unless basic types have been given one. */
  #operation(event: EventName, at: Offset, operands: readonly Place[], result?: Place): void {
    this.#model.operation({ caller: this.#code.node, chunk: this.#chunk, at, event, operands }, result);
  }

  // ---- Statements ----

  #block(block: Block): void {
    block.statements.forEach(this.#statement);
  }

  readonly #statement = (node: Statement): void => {
    switch (node.kind) {
      case 'Local':
        this.#assign(
          node.names.map((name) => this.#declared(name)),
          this.#values(node.values),
        );
        break;
      case 'Assignment':
        this.#assignment(node.targets, node.values);
        break;
      case 'LocalFunction':
        this.#model.flow.add(this.#declared(node.name), this.#function(node.body));
        break;
      case 'FunctionStatement':
        this.#store(node.target, this.#functionValue(node.body));
        break;
      case 'CallStatement':
        this.#value(node.call);
        break;
      case 'Return':
        this.#model.joinInto(this.#values(node.values), this.#code.result);
        break;
      case 'Do':
        this.#block(node.block);
        break;
      case 'While':
      case 'Repeat':
        this.#value(node.condition);
        this.#block(node.block);
        break;
      case 'If':
        for (const { condition, block } of node.clauses) {
          this.#value(condition);
          this.#block(block);
        }
        if (node.otherwise !== undefined) this.#block(node.otherwise);
        break;
      case 'NumericFor':
        this.#numericFor(node);
        break;
      case 'GenericFor':
        this.#genericFor(node);
        break;
      case 'Break':
      case 'Goto':
      case 'Label':
        break;
    }
  };

  #assign(targets: readonly Place[], { fixed, rest }: Arguments): void {
    const { flow } = this.#model;
    targets.forEach((target, index) => {
      flow.edge(fixed[index] ?? rest ?? flow.nothing, target);
    });
  }

  #assignment(targets: readonly (Name | Index)[], nodes: readonly Expression[]): void {
    const values = this.#values(nodes);
    targets.forEach((target, index) => {
      this.#store(target, values.fixed[index] ?? values.rest ?? this.#model.flow.nothing, nodes[index]);
    });
  }

  #store(target: Name | Index, value: Place, node?: Expression): void {
    const { heap, flow, environments } = this.#model;
    if (target.kind === 'Index') {
      this.#storeField(target, value, node);
      return;
    }
    const binding = this.#resolution.bindingOf.get(target);
    if (typeof binding === 'number') {
      flow.edge(value, this.#local(binding));
      return;
    }
    heap.store(environments, { name: target.name }, value);
    this.#operation('__newindex', target.at, [environments]);
  }

  #storeField(target: Index, value: Place, node: Expression | undefined): void {
    const { heap, flow } = this.#model;
    const object = this.#value(target.object);
    const [key, keyPlace] = this.#key(target.key);
    if (keyPlace !== flow.nothing) storeKey(this.#model, object, keyPlace);
    this.#operation('__newindex', target.key.end - 1, [object]);
    if (typeof key === 'string' || 'name' in key || !this.#copies(target.key, node, object)) {
      heap.store(object, key, value);
    }
  }

  /** A copy of an entry under its own key, which keeps its name: `t[k] = v`, `t[k] = other[k]`. */
  #copies(key: Expression, value: Expression | undefined, object: Place): boolean {
    const { heap } = this.#model;
    const loop = this.#keys.loopOf(key);
    if (loop === undefined || value === undefined) return false;
    if (value.kind === 'Name' && this.#resolution.bindingOf.get(value) === loop.value) {
      heap.copy(loop.keysOf, object);
      return true;
    }
    if (value.kind !== 'Index' || this.#keys.loopOf(value.key) !== loop || value.object.kind !== 'Name') return false;
    heap.copyKeys(loop.keysOf, this.#name(value.object), object);
    return true;
  }

  #numericFor(node: NumericFor): void {
    this.#value(node.start);
    this.#value(node.limit);
    if (node.step !== undefined) this.#value(node.step);
    this.#keys.addNumeric(node.variable);
    this.#block(node.block);
  }

  /** Each pass calls the first value with the second and the control variable, which is the first result. */
  #genericFor(node: GenericFor): void {
    const { flow } = this.#model;
    const { fixed, rest } = this.#values(node.values);
    const result = flow.place();
    const site = this.#model.site(this.#site(node.values[0]?.at ?? node.at, node));
    const iterator = fixed[0] ?? rest ?? flow.nothing;
    const state = fixed[1] ?? rest ?? flow.nothing;
    const control = flow.place();
    flow.edge(fixed[2] ?? rest ?? flow.nothing, control);
    flow.edge(result, control);
    this.#model.call(site, iterator, { fixed: [state, control], rest: undefined }, result, 'iterates', 'iterator');
    for (const name of node.names) flow.edge(result, this.#declared(name));
    const keysOf = this.#iterated(node, fixed);
    if (keysOf !== undefined) this.#keys.addLoop(node.names, keysOf);
    this.#block(node.block);
  }

  /** The objects whose entries a loop visits: `in pairs(t)`, `in next, t`. */
  #iterated({ values: [first, second] }: GenericFor, fixed: readonly Place[]): Place | undefined {
    if (first === undefined) return undefined;
    if (second !== undefined) return this.#keys.isBuiltin(first, 'next') ? fixed[1] : undefined;
    return first.kind === 'Call' ? this.#pairsArguments.get(first) : undefined;
  }

  // ---- Expressions ----

  #values(nodes: readonly Expression[]): Arguments {
    const places = nodes.map(this.#value);
    const last = nodes.at(-1);
    const isOpen = last !== undefined && isMultiple(last);
    return { fixed: isOpen ? places.slice(0, -1) : places, rest: isOpen ? places.at(-1) : undefined };
  }

  readonly #value = (node: Expression): Place => {
    const { flow } = this.#model;
    switch (node.kind) {
      case 'Nil':
      case 'Boolean':
      case 'Number':
      case 'String':
        return flow.nothing;
      case 'Vararg':
        return this.#code.rest;
      case 'Function':
        return this.#functionValue(node);
      case 'Name':
        return this.#name(node);
      case 'Index':
        return this.#index(node);
      case 'Call':
      case 'MethodCall':
        return this.#call(node);
      case 'Parenthesised':
        return this.#value(node.inner);
      case 'Logical':
        return this.#either(node.operands.map(this.#value));
      case 'Binary':
        return this.#binary(node);
      case 'Concat':
        return this.#concat(node);
      case 'Unary':
        return this.#unary(node);
      case 'Table':
        return this.#table(node);
    }
  };

  #functionValue(node: FunctionBody): Place {
    return this.#model.flow.place(this.#function(node));
  }

  #either(places: readonly Place[]): Place {
    const result = this.#model.flow.place();
    for (const place of places) this.#model.flow.edge(place, result);
    return result;
  }

  #name(node: Name): Place {
    const binding = this.#resolution.bindingOf.get(node);
    if (typeof binding === 'number') return this.#local(binding);
    this.#operation('__index', node.at, [this.#model.environments]);
    const value = this.#model.global(node.name);
    const fallback = this.#resolution.localWhenGlobalIsNil.get(node);
    return fallback === undefined ? value : this.#either([value, this.#local(fallback)]);
  }

  #index(node: Index): Place {
    const object = this.#value(node.object);
    const [key] = this.#key(node.key);
    this.#operation('__index', node.key.end - 1, [object]);
    return this.#model.heap.read(object, key);
  }

  /** What is known of a key, and the functions or objects it may be. */
  #key(node: Expression): readonly [Key, Place] {
    const place = this.#value(node);
    return [this.#keys.keyOf(node), place];
  }

  #call(node: AnyCall): Place {
    const { flow } = this.#model;
    const result = flow.place();
    const object = this.#value(node.kind === 'Call' ? node.callee : node.object);
    const values = this.#values(node.args);
    const site = this.#model.site(this.#site(node.open, node));
    if (node.kind === 'Call') {
      if (this.#keys.isBuiltin(node.callee, 'pairs')) {
        this.#pairsArguments.set(node, values.fixed[0] ?? values.rest ?? flow.nothing);
      }
      this.#model.call(site, object, values, result, 'calls', nameOf(node.callee));
      return result;
    }
    this.#operation('__index', node.nameAt, [object]);
    const args = { fixed: [object, ...values.fixed], rest: values.rest };
    this.#model.call(site, this.#model.method(object, node.name), args, result, 'calls', node.name);
    return result;
  }

  #binary(node: Binary): Place {
    let left = this.#value(node.first);
    for (const { operator, operand } of node.steps) {
      left = this.#operator(operator, operand.end - 1, left, this.#value(operand));
    }
    return left;
  }

  #operator(operator: BinaryOperator, at: Offset, left: Place, right: Place): Place {
    const { flow } = this.#model;
    const event = EVENT_OF[operator];
    const operands = operator === '>' || operator === '>=' ? [right, left] : [left, right];
    if (isArithmetic(operator)) {
      const result = flow.place();
      this.#operation(event, at, operands, result);
      return result;
    }
    // A literal is no table, and comparisons call handlers only when both operands are of that kind.
    if (operands.includes(flow.nothing)) return flow.nothing;
    this.#operation(event, at, operands);
    if (event === '__le') this.#operation('__lt', at, operands);
    return flow.nothing;
  }

  /** Joined from the right: a handler gets two neighbours, or an operand and the result so far. */
  #concat(node: Concat): Place {
    const result = this.#model.flow.place();
    const either = this.#either([...node.operands.map(this.#value), result]);
    this.#operation('__concat', node.end - 1, [either, either], result);
    return result;
  }

  #unary(node: Unary): Place {
    const operand = this.#value(node.operand);
    if (node.operator === 'not') return this.#model.flow.nothing;
    const result = this.#model.flow.place();
    this.#operation(node.operator === '-' ? '__unm' : '__len', node.end - 1, [operand, operand], result);
    return result;
  }

  #table(node: TableConstructor): Place {
    const { flow, heap } = this.#model;
    const table = heap.thing('table');
    const result = flow.place(table);
    for (const field of node.fields) {
      const value = this.#value(field.value);
      if (field.kind === 'PositionalField') flow.edge(value, table.elements);
      else if (field.kind === 'NamedField') flow.edge(value, heap.field(table, { name: field.name }));
      else {
        const [key, keyPlace] = this.#key(field.key);
        heap.initialise(table, key, value);
        flow.edge(keyPlace, table.keys);
      }
    }
    return result;
  }
}

function storeKey(model: Model, object: Place, key: Place): void {
  model.flow.watch(object, (value) => {
    if (value.kind === 'thing') model.flow.edge(key, value.keys);
  });
}

/** How a person would name what is called. */
function nameOf(node: Expression): string {
  switch (node.kind) {
    case 'Name':
      return node.name;
    case 'Index':
      return node.key.kind === 'String' ? node.key.value : '[...]';
    case 'Parenthesised':
      return nameOf(node.inner);
    case 'Function':
      return 'the function';
    default:
      return 'the result';
  }
}
