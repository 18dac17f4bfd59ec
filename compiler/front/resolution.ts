/** What the resolver finds out about a file: side tables keyed by the nodes of its tree. */
import type { Diagnostic } from '../../runtime/contract/diagnostic.ts';
import type { Expression, FunctionLike, Goto, Label, LocalName, Name } from './ast.ts';

/** Index into `Resolution.locals`. */
export type LocalId = number;

export interface Local {
  readonly id: LocalId;
  readonly name: string;
  readonly declaredAs: 'local' | 'parameter' | 'self' | 'for' | 'function' | 'arg';
  /** The node that declares it; the implicit `arg` table has none. */
  readonly declaration: LocalName | undefined;
  /** The function (or chunk) whose activation holds it. */
  readonly owner: FunctionLike;
  /** Read or written by a function inside its owner. */
  readonly captured: boolean;
  /** Captured, and its declaration can run more than once per activation: every pass needs a fresh variable. */
  readonly capturedInLoop: boolean;
  /** `once`: only its declaration gives it a value. */
  readonly writes: 'once' | 'many';
  /** How often it is read by name. */
  readonly reads: number;
  /** The expression whose (only) value it starts with: `local x = e`, `local function`; undefined where unclear. */
  readonly initialiser: Expression | undefined;
  /** Set when `writes` is `once` and the initialiser is a literal: may be substituted everywhere. */
  readonly constant: ConstantValue | undefined;
}

/** A literal; nil is `{ value: undefined }`. */
export interface ConstantValue {
  readonly value: undefined | boolean | number | string;
}

export interface FunctionFacts {
  /** The function around it; undefined for the chunk. */
  readonly parent: FunctionLike | undefined;
  /** Its own body mentions `...`. */
  readonly usesVarargs: boolean;
  /**
   * The implicit local `arg` of a vararg function (manual of Lua 5.0), when the body or an inner function mentions it;
   * it holds the table of extra arguments, or nil when `usesVarargs` (`legacyArgIsNil`).
   */
  readonly legacyArg: LocalId | undefined;
  readonly legacyArgIsNil: boolean;
  /** Locals of functions around it that it (or a function inside it) uses, in order of first use. */
  readonly upvalues: readonly LocalId[];
  /** Contains a function expression. */
  readonly makesClosures: boolean;
}

export interface LabelFacts {
  readonly gotos: readonly Goto[];
  /** Some goto stands behind the label: it is the head of a loop. */
  readonly hasBackwardGoto: boolean;
}

export interface Resolution {
  readonly locals: readonly Local[];
  /** Every use of a name. */
  readonly bindingOf: ReadonlyMap<Name, LocalId | 'global'>;
  /** Every declaration. */
  readonly localOf: ReadonlyMap<LocalName, LocalId>;
  readonly functions: ReadonlyMap<FunctionLike, FunctionFacts>;
  readonly labelOf: ReadonlyMap<Goto, Label>;
  readonly labels: ReadonlyMap<Label, LabelFacts>;
  /**
   * `local f = function() … f() … end` without an outer local `f`: the inner read is the global `f`, and the new local
   * when that is nil (gopher-lua reads the new local). Such names have the binding `global` and an entry here.
   */
  readonly localWhenGlobalIsNil: ReadonlyMap<Name, LocalId>;
  readonly warnings: readonly Diagnostic[];
}
