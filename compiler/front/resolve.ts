/** Scopes: which name is which local, what is known about each local, and which label a goto reaches. */
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import {
  type Block,
  type Chunk,
  type Expression,
  type FunctionBody,
  type FunctionLike,
  type GenericFor,
  type Goto,
  type If,
  type Index,
  isMultiple,
  type Label,
  type LocalFunction,
  type LocalName,
  type LocalStatement,
  type Name,
  type NumericFor,
  type Repeat,
  type Statement,
  type While,
} from './ast.ts';
import { JumpScopes } from './labels.ts';
import { functionReadsItselfAsGlobal, placeOf, SyntaxFailure } from './messages.ts';
import type { ConstantValue, FunctionFacts, LabelFacts, Local, LocalId, Resolution } from './resolution.ts';
import { type Draft, newDraft, Scope } from './scope.ts';
import { eachOperand } from './walk.ts';

export type {
  Local,
  LocalId,
  Resolution,
} from './resolution.ts';

export type ResolveOutcome =
  | { readonly ok: true; readonly resolution: Resolution }
  | { readonly ok: false; readonly error: Diagnostic };

/** Resolves all names and gotos of a file; the only errors are those of `goto` and labels. */
export function resolve(chunk: Chunk): ResolveOutcome {
  try {
    return { ok: true, resolution: new Resolver(chunk).run() };
  } catch (failure) {
    if (failure instanceof SyntaxFailure) return { ok: false, error: failure.diagnostic };
    throw failure;
  }
}

/** A function while its body is being walked. */
interface FunctionState {
  readonly node: FunctionLike;
  readonly outer: FunctionState | undefined;
  readonly locals: Draft[];
  readonly upvalues: Set<LocalId>;
  readonly jumps: JumpScopes;
  /** Loops around the current position, inside this function. */
  loops: number;
  usesVarargs: boolean;
  makesClosures: boolean;
}

class Resolver {
  readonly #chunk: Chunk;
  readonly #locals: Draft[] = [];
  readonly #bindingOf = new Map<Name, LocalId | 'global'>();
  readonly #localOf = new Map<LocalName, LocalId>();
  readonly #functions = new Map<FunctionLike, FunctionFacts>();
  readonly #labelOf = new Map<Goto, Label>();
  readonly #labels = new Map<Label, LabelFacts>();
  readonly #localWhenGlobalIsNil = new Map<Name, LocalId>();
  readonly #warnings: Diagnostic[] = [];
  readonly #scope = new Scope();
  /** Locals whose function initialiser is being walked: not visible in it, but see `localWhenGlobalIsNil`. */
  readonly #initialising = new Map<string, Draft>();
  #current: FunctionState;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
    this.#current = this.#newState(chunk, undefined);
  }

  run(): Resolution {
    this.#functionBody(this.#current);
    for (const local of this.#locals) local.capturedInLoop = local.captured && local.inLoop;
    return {
      locals: this.#locals,
      bindingOf: this.#bindingOf,
      localOf: this.#localOf,
      functions: this.#functions,
      labelOf: this.#labelOf,
      labels: this.#labels,
      localWhenGlobalIsNil: this.#localWhenGlobalIsNil,
      warnings: this.#warnings,
    };
  }

  // ---- Functions ----

  #newState(node: FunctionLike, outer: FunctionState | undefined): FunctionState {
    const jumps = new JumpScopes(this.#chunk);
    return {
      node,
      outer,
      locals: [],
      upvalues: new Set(),
      jumps,
      loops: 0,
      usesVarargs: false,
      makesClosures: false,
    };
  }

  #function(node: FunctionBody): void {
    const outer = this.#current;
    outer.makesClosures = true;
    this.#current = this.#newState(node, outer);
    this.#functionBody(this.#current);
    this.#current = outer;
  }

  #functionBody(state: FunctionState): void {
    const { node } = state;
    const mark = this.#scope.size;
    node.params.forEach((param, index) => {
      const isSelf = index === 0 && node.kind === 'Function' && node.hasSelf;
      this.#scope.enter(this.#declare(param, isSelf ? 'self' : 'parameter'));
    });
    const arg = node.kind === 'Function' && node.isVararg ? this.#draft('arg', 'arg', undefined) : undefined;
    if (arg !== undefined) this.#scope.enter(arg);
    this.#block(node.block);
    this.#scope.leave(mark);
    this.#finish(state, arg);
  }

  #finish(state: FunctionState, arg: Draft | undefined): void {
    const usesArg = arg !== undefined && (arg.reads > 0 || arg.writes === 'many');
    this.#functions.set(state.node, {
      parent: state.outer?.node,
      usesVarargs: state.usesVarargs,
      legacyArg: usesArg ? arg.id : undefined,
      legacyArgIsNil: usesArg && state.usesVarargs,
      upvalues: [...state.upvalues],
      makesClosures: state.makesClosures,
    });
    for (const label of state.jumps.labels) {
      this.#labels.set(label.node, label);
      for (const from of label.gotos) this.#labelOf.set(from, label.node);
      if (label.hasBackwardGoto) markRepeated(state.locals, label);
    }
  }

  // ---- Locals ----

  #draft(name: string, declaredAs: Local['declaredAs'], declaration: LocalName | undefined): Draft {
    const { node, loops, locals } = this.#current;
    const id = this.#locals.length;
    const draft = newDraft(id, name, declaredAs, declaration, node, loops > 0);
    this.#locals.push(draft);
    locals.push(draft);
    return draft;
  }

  #declare(node: LocalName, declaredAs: Local['declaredAs']): Draft {
    const draft = this.#draft(node.name, declaredAs, node);
    this.#localOf.set(node, draft.id);
    return draft;
  }

  #read(node: Name): void {
    const local = this.#scope.find(node.name);
    this.#bindingOf.set(node, local === undefined ? 'global' : local.id);
    if (local !== undefined) this.#use(local);
    else if (this.#initialising.size > 0) this.#readInOwnInitialiser(node);
  }

  #use(local: Draft): void {
    local.reads++;
    this.#capture(local);
  }

  #write(node: Name): void {
    const local = this.#scope.find(node.name);
    this.#bindingOf.set(node, local === undefined ? 'global' : local.id);
    if (local === undefined) return;
    local.writes = 'many';
    local.constant = undefined;
    this.#capture(local);
  }

  /** Every function between the use and the owner holds the local as upvalue. */
  #capture(local: Draft): void {
    for (let state = this.#current; state.node !== local.owner; state = state.outer as FunctionState) {
      local.captured = true;
      state.upvalues.add(local.id);
    }
  }

  #readInOwnInitialiser(node: Name): void {
    const local = this.#initialising.get(node.name);
    if (local === undefined) return;
    if (local.reads === 0) this.#warnings.push(functionReadsItselfAsGlobal(node.name, placeOf(this.#chunk, node.at)));
    this.#localWhenGlobalIsNil.set(node, local.id);
    this.#use(local);
  }

  // ---- Blocks and statements ----

  #block(block: Block, repeatCondition?: Expression): void {
    const { jumps } = this.#current;
    const mark = this.#scope.size;
    jumps.openBlock(mark);
    block.statements.forEach((statement, index) => {
      if (statement.kind === 'Label') this.#label(statement, isTrailing(block, index));
      else this.#statement(statement);
    });
    if (repeatCondition !== undefined) this.#repeatCondition(repeatCondition, block);
    jumps.closeBlock();
    this.#scope.leave(mark);
  }

  #label(node: Label, endsBlock: boolean): void {
    this.#current.jumps.placeLabel(node, this.#scope.size, endsBlock, (index) => this.#scope.nameAt(index));
  }

  /**
   * `until` sees the locals of its block, so a label in front of it does not quite end the block. We allow the jump as
   * gopher-lua does, unless the condition reads a local that the goto would skip.
   */
  #repeatCondition(condition: Expression, block: Block): void {
    if (block.statements.at(-1)?.kind !== 'Label') {
      this.#expression(condition);
      return;
    }
    const inBlock = this.#current.locals.filter(({ declaration }) => isWithin(declaration, block));
    const before = inBlock.map(({ reads }) => reads);
    this.#expression(condition);
    this.#refuseSkipping(
      inBlock.filter((local, index) => local.reads !== before[index]),
      block,
    );
  }

  #refuseSkipping(read: readonly Draft[], block: Block): void {
    const { jumps } = this.#current;
    for (const label of jumps.labels) {
      if (!isTrailing(block, block.statements.indexOf(label.node))) continue;
      for (const from of label.gotos) {
        const skipped = read.find(({ declaration }) => (declaration?.at ?? 0) > from.at);
        if (skipped !== undefined) jumps.failIntoScope(from, skipped.name);
      }
    }
  }

  #statement(node: Exclude<Statement, Label>): void {
    switch (node.kind) {
      case 'Local':
        this.#localStatement(node);
        break;
      case 'LocalFunction':
        this.#localFunction(node);
        break;
      case 'Assignment':
        for (const target of node.targets) this.#target(target);
        this.#expressions(node.values);
        break;
      case 'FunctionStatement':
        this.#target(node.target);
        this.#function(node.body);
        break;
      case 'CallStatement':
        this.#expression(node.call);
        break;
      case 'Do':
        this.#block(node.block);
        break;
      case 'While':
      case 'Repeat':
      case 'NumericFor':
      case 'GenericFor':
        this.#loop(node);
        break;
      case 'If':
        this.#if(node);
        break;
      case 'Return':
        this.#expressions(node.values);
        break;
      case 'Goto':
        this.#current.jumps.placeGoto(node, this.#scope.size);
        break;
      case 'Break':
        break;
    }
  }

  #localStatement(node: LocalStatement): void {
    const { names, values } = node;
    const locals = names.map((name) => this.#declare(name, 'local'));
    const [only] = locals;
    if (only !== undefined && locals.length === 1 && values.length === 1 && values[0]?.kind === 'Function') {
      this.#initialiseWithFunction(only, values[0]);
    } else {
      this.#expressions(values);
    }
    locals.forEach((local, index) => {
      setInitialiser(local, values, index);
      this.#scope.enter(local);
    });
  }

  /** Inside the function its own name is not the new local; see `localWhenGlobalIsNil`. */
  #initialiseWithFunction(local: Draft, body: FunctionBody): void {
    if (this.#scope.find(local.name) !== undefined) {
      this.#function(body);
      return;
    }
    const before = this.#initialising.get(local.name);
    this.#initialising.set(local.name, local);
    this.#function(body);
    if (before === undefined) this.#initialising.delete(local.name);
    else this.#initialising.set(local.name, before);
  }

  #localFunction(node: LocalFunction): void {
    const local = this.#declare(node.name, 'function');
    local.initialiser = node.body;
    this.#scope.enter(local);
    this.#function(node.body);
  }

  #if(node: If): void {
    for (const { condition, block } of node.clauses) {
      this.#expression(condition);
      this.#block(block);
    }
    if (node.otherwise !== undefined) this.#block(node.otherwise);
  }

  #loop(node: While | Repeat | NumericFor | GenericFor): void {
    switch (node.kind) {
      case 'While':
        this.#expression(node.condition);
        this.#loopBody(node.block, []);
        break;
      case 'Repeat':
        this.#loopBody(node.block, [], node.condition);
        break;
      case 'NumericFor':
        this.#expressions([node.start, node.limit]);
        if (node.step !== undefined) this.#expression(node.step);
        this.#loopBody(node.block, [node.variable]);
        break;
      case 'GenericFor':
        this.#expressions(node.values);
        this.#loopBody(node.block, node.names);
        break;
    }
  }

  #loopBody(block: Block, variables: readonly LocalName[], repeatCondition?: Expression): void {
    const mark = this.#scope.size;
    this.#current.loops++;
    for (const variable of variables) this.#scope.enter(this.#declare(variable, 'for'));
    this.#block(block, repeatCondition);
    this.#current.loops--;
    this.#scope.leave(mark);
  }

  #target(node: Name | Index): void {
    if (node.kind === 'Name') this.#write(node);
    else this.#expression(node);
  }

  // ---- Expressions ----

  #expressions(nodes: readonly Expression[]): void {
    nodes.forEach(this.#expression);
  }

  readonly #expression = (node: Expression): void => {
    switch (node.kind) {
      case 'Name':
        this.#read(node);
        break;
      case 'Function':
        this.#function(node);
        break;
      case 'Vararg':
        this.#current.usesVarargs = true;
        break;
      default:
        eachOperand(node, this.#expression);
    }
  };
}

/** Only labels follow: whatever is declared in the block is out of scope there. */
function isTrailing({ statements }: Block, index: number): boolean {
  if (index < 0) return false;
  for (let next = index + 1; next < statements.length; next++) if (statements[next]?.kind !== 'Label') return false;
  return true;
}

function isWithin(declaration: LocalName | undefined, block: Block): boolean {
  return declaration !== undefined && declaration.at >= block.at && declaration.at < block.end;
}

/** What stands between a label and a goto behind it runs again and again. */
function markRepeated(
  locals: readonly Draft[],
  label: { readonly node: Label; readonly gotos: readonly Goto[] },
): void {
  const last = label.gotos.reduce((latest, { at }) => Math.max(latest, at), 0);
  for (const local of locals) {
    const at = local.declaration?.at ?? -1;
    if (at > label.node.at && at < last) local.inLoop = true;
  }
}

function setInitialiser(local: Draft, values: readonly Expression[], index: number): void {
  const value = values[index];
  const last = values.at(-1);
  if (value !== undefined) {
    local.initialiser = value;
    local.constant = constantOf(value);
  } else if (last === undefined || !isMultiple(last)) {
    local.constant = { value: undefined };
  }
}

function constantOf(node: Expression): ConstantValue | undefined {
  switch (node.kind) {
    case 'Nil':
      return { value: undefined };
    case 'Boolean':
    case 'Number':
    case 'String':
      return { value: node.value };
    case 'Unary':
      return node.operator === '-' && node.operand.kind === 'Number' ? { value: -node.operand.value } : undefined;
    default:
      return undefined;
  }
}
