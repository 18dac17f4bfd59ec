/**
 * What is known about values before emission: one type per local, flow-insensitive and optimistic (all its definitions
 * must agree), and what the functions that are only ever called directly take and return.
 */

import type { AnyCall, BinaryStep, Block, Chunk, Expression, FunctionBody, LocalName, Statement } from '../ast.ts';
import { isMultiple } from '../ast.ts';
import type { LocalId, Resolution } from '../resolve.ts';
import type { Analysis } from '../suspend/analyse.ts';
import { walk } from './walk.ts';

export type LuaType = 'nil' | 'boolean' | 'number' | 'string' | 'table' | 'function' | 'any';

/** What calls of a function give, if every `return` gives exactly one value and its end is not reached. */
interface ReturnFacts {
  readonly values: readonly Expression[];
}

export class Inference {
  private readonly resolution: Resolution;
  private readonly analysis: Analysis;
  private readonly definitions = new Map<LocalId, (Expression | LuaType)[]>();
  private readonly types = new Map<LocalId, LuaType>();
  private readonly returns = new Map<FunctionBody, ReturnFacts>();
  private readonly returnTypes = new Map<FunctionBody, LuaType>();

  constructor(chunk: Chunk, resolution: Resolution, analysis: Analysis) {
    this.resolution = resolution;
    this.analysis = analysis;
    const collected = new Map<FunctionBody, Expression[] | null>();
    walk(chunk, (node, owner) => {
      if (node.kind === 'Function') this.collectFunction(node);
      else if (node.kind === 'Return' && owner.kind === 'Function') collectReturn(collected, owner, node.values);
      else if (node.kind === 'Call' || node.kind === 'MethodCall') this.collectArguments(node);
      else this.collectDefinitions(node as Statement);
    });
    for (const [fn, values] of collected) {
      if (values !== null && alwaysReturns(fn.block)) this.returns.set(fn, { values });
    }
    this.solve();
  }

  typeOfLocal(id: LocalId): LuaType {
    return this.types.get(id) ?? 'any';
  }

  /** Does a call of this function always give exactly one value? */
  returnsOne(fn: FunctionBody): boolean {
    return this.returns.has(fn);
  }

  typeOf(node: Expression): LuaType {
    switch (node.kind) {
      case 'Nil':
        return 'nil';
      case 'Boolean':
        return 'boolean';
      case 'Number':
        return 'number';
      case 'String':
        return 'string';
      case 'Function':
        return 'function';
      case 'Table':
        return 'table';
      case 'Parenthesised':
        return this.typeOf(node.inner);
      case 'Name':
        return this.typeOfName(this.resolution.bindingOf.get(node));
      case 'Call':
        return this.typeOfCall(node);
      case 'Unary':
        return this.typeOfUnary(node.operator, node.operand);
      case 'Binary':
        return this.typeOfBinary(node.first, node.steps);
      case 'Concat':
        return node.operands.every((operand) => isTextType(this.typeOf(operand))) ? 'string' : 'any';
      case 'Logical':
        return node.operands.map((operand) => this.typeOf(operand)).reduce(join);
      default:
        return 'any';
    }
  }

  private typeOfName(binding: LocalId | 'global' | undefined): LuaType {
    if (binding === undefined || binding === 'global') return 'any';
    const constant = this.resolution.locals[binding]?.constant;
    if (constant !== undefined) return typeOfConstant(constant.value);
    // While solving, a local without a type yet may still turn out to be anything: assume the best.
    return this.types.get(binding) ?? (this.definitions.has(binding) ? UNKNOWN : 'any');
  }

  private typeOfCall(call: AnyCall): LuaType {
    const callee = this.analysis.callees.get(call);
    if (callee === undefined || !this.returns.has(callee)) return 'any';
    return this.returnTypes.get(callee) ?? UNKNOWN;
  }

  private typeOfUnary(operator: '-' | 'not' | '#', operand: Expression): LuaType {
    if (operator === 'not') return 'boolean';
    const type = this.typeOf(operand);
    if (type === UNKNOWN) return UNKNOWN;
    return type === (operator === '-' ? 'number' : 'string') ? 'number' : 'any';
  }

  private typeOfBinary(first: Expression, steps: readonly BinaryStep[]): LuaType {
    let type = this.typeOf(first);
    for (const step of steps) {
      type = this.typeAfter(type, step);
      if (type === 'any') return 'any';
    }
    return type;
  }

  /** The type of `left OPERATOR operand`. */
  typeAfter(left: LuaType, { operator, operand }: BinaryStep): LuaType {
    if (isComparison(operator)) return 'boolean';
    const right = this.typeOf(operand);
    const numeric = (left === 'number' || left === UNKNOWN) && (right === 'number' || right === UNKNOWN);
    if (!numeric) return 'any';
    return left === UNKNOWN || right === UNKNOWN ? UNKNOWN : 'number';
  }

  private collectFunction(fn: FunctionBody): void {
    if (this.analysis.directOnly.has(fn)) return;
    for (const param of fn.params) this.define(param, 'any');
  }

  /** Arguments define the parameters of a function that is never called otherwise. */
  private collectArguments(call: AnyCall): void {
    const callee = this.analysis.callees.get(call);
    if (callee === undefined || call.kind === 'MethodCall' || !this.analysis.directOnly.has(callee)) return;
    callee.params.forEach((param, i) => {
      this.define(param, valueAt(call.args, i));
    });
  }

  private collectDefinitions(node: Statement): void {
    switch (node.kind) {
      case 'Local':
        node.names.forEach((name, i) => {
          this.define(name, valueAt(node.values, i));
        });
        break;
      case 'Assignment':
        node.targets.forEach((target, i) => {
          if (target.kind === 'Name')
            this.defineBinding(this.resolution.bindingOf.get(target), valueAt(node.values, i));
        });
        break;
      case 'NumericFor':
        this.define(node.variable, 'number');
        break;
      case 'GenericFor':
        for (const name of node.names) this.define(name, 'any');
        break;
      case 'LocalFunction':
        this.define(node.name, 'function');
        break;
      case 'FunctionStatement':
        if (node.target.kind === 'Name') this.defineBinding(this.resolution.bindingOf.get(node.target), 'function');
        break;
    }
  }

  private define(name: LocalName, definition: Expression | LuaType): void {
    this.defineBinding(this.resolution.localOf.get(name), definition);
  }

  private defineBinding(binding: LocalId | 'global' | undefined, definition: Expression | LuaType): void {
    if (binding === undefined || binding === 'global') return;
    const list = this.definitions.get(binding);
    if (list === undefined) this.definitions.set(binding, [definition]);
    else list.push(definition);
  }

  /** Types only ever go from unknown to something, and from something to `any`: this ends. */
  private solve(): void {
    let changed = true;
    while (changed) {
      changed = false;
      for (const [local, list] of this.definitions) {
        const type = list.map((d) => (typeof d === 'string' ? d : this.typeOf(d))).reduce(join);
        changed = update(this.types, local, type) || changed;
      }
      for (const [fn, { values }] of this.returns) {
        changed = update(this.returnTypes, fn, values.map((value) => this.typeOf(value)).reduce(join)) || changed;
      }
    }
    for (const [local, type] of this.types) if (type === UNKNOWN) this.types.set(local, 'any');
    for (const local of this.definitions.keys()) if (!this.types.has(local)) this.types.set(local, 'any');
    for (const fn of this.returns.keys()) {
      const type = this.returnTypes.get(fn);
      if (type === undefined || type === UNKNOWN) this.returnTypes.set(fn, 'any');
    }
  }
}

/** Only while solving: nothing known yet. Typed as a `LuaType` so that it can stand where one does. */
const UNKNOWN = 'unknown' as LuaType;

function update<K>(map: Map<K, LuaType>, key: K, type: LuaType): boolean {
  if (map.get(key) === type) return false;
  map.set(key, type);
  return true;
}

function join(a: LuaType, b: LuaType): LuaType {
  if (a === UNKNOWN) return b;
  if (b === UNKNOWN) return a;
  return a === b ? a : 'any';
}

function typeOfConstant(value: undefined | boolean | number | string): LuaType {
  return value === undefined ? 'nil' : (typeof value as LuaType);
}

function isTextType(type: LuaType): boolean {
  return type === 'string' || type === 'number' || type === UNKNOWN;
}

export function isComparison(operator: string): boolean {
  return ['==', '~=', '<', '<=', '>', '>='].includes(operator);
}

/** What the i-th name of a list of assignments gets. */
function valueAt(values: readonly Expression[], i: number): Expression | LuaType {
  const value = values[i];
  const last = values[values.length - 1];
  if (value !== undefined && (i < values.length - 1 || !isMultiple(value))) return value;
  if (last === undefined || !isMultiple(last)) return 'nil';
  return value !== undefined && value.kind !== 'Vararg' ? value : 'any';
}

function collectReturn(
  collected: Map<FunctionBody, Expression[] | null>,
  owner: FunctionBody,
  values: readonly Expression[],
): void {
  const [value] = values;
  const known = collected.get(owner);
  if (value === undefined || values.length !== 1 || isMultiple(value)) collected.set(owner, null);
  else if (known === undefined) collected.set(owner, [value]);
  else known?.push(value);
}

/** Is the end of the block never reached, as far as a look at its last statement tells? */
export function alwaysReturns(block: Block): boolean {
  const last = block.statements[block.statements.length - 1];
  switch (last?.kind) {
    case 'Return':
      return true;
    case 'Do':
      return alwaysReturns(last.block);
    case 'If':
      return (
        last.otherwise !== undefined &&
        alwaysReturns(last.otherwise) &&
        last.clauses.every((clause) => alwaysReturns(clause.block))
      );
    default:
      return false;
  }
}
