/**
 * The syntax tree of one Lua file: readonly nodes told apart by `kind`, positions as byte offsets into the source.
 * Later facts (which local a name is, who may suspend) live in side tables keyed by node, never in the nodes.
 *
 * What may be long is flat, so that no consumer recurses once per operand: `..` chains, left-associative operators,
 * `and`/`or` chains, `elseif` clauses, statement lists and table constructors. What nests is limited by the parser
 * (`MAX_LEVELS`, `MAX_SUFFIXES`), so a recursive walk never runs out of stack.
 */

/** Byte offset into the source (the source is a string of char codes 0-255). */
export type Offset = number;

/** What every node has: `at` is the offset of its first byte, `end` the offset behind its last byte. */
interface Span {
  readonly at: Offset;
  readonly end: Offset;
}

/** A whole file: a vararg function without name. */
export interface Chunk extends Span {
  readonly kind: 'Chunk';
  /** As it appears in messages, e.g. `policies/filter.lua` or `[string "x = 1"]`. */
  readonly name: string;
  readonly source: string;
  /** Offset of the first byte of each line; entry 0 is line 1. See `lineAt`. */
  readonly lineStarts: readonly Offset[];
  readonly params: readonly LocalName[];
  readonly isVararg: true;
  readonly block: Block;
}

/** A function body, as expression or behind `function name` / `local function name`. */
export interface FunctionBody extends Span {
  readonly kind: 'Function';
  /** Declared parameters; the first one is the implicit `self` of `function a:b()` when `hasSelf` is true. */
  readonly params: readonly LocalName[];
  readonly hasSelf: boolean;
  readonly isVararg: boolean;
  readonly block: Block;
  /** What a reader would call it: `f`, `M.check`, `obj:method`; empty when it stands somewhere in an expression. */
  readonly nameHint: string;
  /** Line of the keyword `function` and line of its `end` (`linedefined`, `lastlinedefined` of Lua). */
  readonly line: number;
  readonly lastLine: number;
}

export type FunctionLike = Chunk | FunctionBody;

export interface Block extends Span {
  readonly kind: 'Block';
  readonly statements: readonly Statement[];
}

/** The declaration of a local: in `local`, a parameter list, a `for`, `local function`. A *use* is a `Name`. */
export interface LocalName extends Span {
  readonly kind: 'LocalName';
  readonly name: string;
}

// ---- Statements ----

export interface LocalStatement extends Span {
  readonly kind: 'Local';
  readonly names: readonly LocalName[];
  readonly values: readonly Expression[];
}

export interface Assignment extends Span {
  readonly kind: 'Assignment';
  readonly targets: readonly (Name | Index)[];
  readonly values: readonly Expression[];
}

export interface CallStatement extends Span {
  readonly kind: 'CallStatement';
  readonly call: Call | MethodCall;
}

export interface Do extends Span {
  readonly kind: 'Do';
  readonly block: Block;
}

export interface While extends Span {
  readonly kind: 'While';
  readonly condition: Expression;
  readonly block: Block;
}

/** The condition sees the locals of the block. */
export interface Repeat extends Span {
  readonly kind: 'Repeat';
  readonly block: Block;
  readonly condition: Expression;
}

export interface If extends Span {
  readonly kind: 'If';
  /** `if` and every `elseif`, in order; never empty. */
  readonly clauses: readonly IfClause[];
  readonly otherwise: Block | undefined;
}

export interface IfClause extends Span {
  readonly kind: 'IfClause';
  readonly condition: Expression;
  readonly block: Block;
}

export interface NumericFor extends Span {
  readonly kind: 'NumericFor';
  readonly variable: LocalName;
  readonly start: Expression;
  readonly limit: Expression;
  readonly step: Expression | undefined;
  readonly block: Block;
}

export interface GenericFor extends Span {
  readonly kind: 'GenericFor';
  readonly names: readonly LocalName[];
  readonly values: readonly Expression[];
  readonly block: Block;
}

/** `function a.b.c() end`, `function a:b() end`: the target is stored after the function is made. */
export interface FunctionStatement extends Span {
  readonly kind: 'FunctionStatement';
  readonly target: Name | Index;
  readonly body: FunctionBody;
}

/** `local function f`: the body sees `f`. */
export interface LocalFunction extends Span {
  readonly kind: 'LocalFunction';
  readonly name: LocalName;
  readonly body: FunctionBody;
}

export interface Return extends Span {
  readonly kind: 'Return';
  readonly values: readonly Expression[];
}

export interface Break extends Span {
  readonly kind: 'Break';
}

export interface Goto extends Span {
  readonly kind: 'Goto';
  readonly label: string;
}

export interface Label extends Span {
  readonly kind: 'Label';
  readonly name: string;
}

export type Statement =
  | LocalStatement
  | Assignment
  | CallStatement
  | Do
  | While
  | Repeat
  | If
  | NumericFor
  | GenericFor
  | FunctionStatement
  | LocalFunction
  | Return
  | Break
  | Goto
  | Label;

// ---- Expressions ----

export interface Nil extends Span {
  readonly kind: 'Nil';
}

export interface BooleanLiteral extends Span {
  readonly kind: 'Boolean';
  readonly value: boolean;
}

export interface NumberLiteral extends Span {
  readonly kind: 'Number';
  readonly value: number;
}

/** `value` is a string of bytes (char codes 0-255), escapes already replaced. */
export interface StringLiteral extends Span {
  readonly kind: 'String';
  readonly value: string;
}

/** `...` */
export interface Vararg extends Span {
  readonly kind: 'Vararg';
}

/** The use of a variable: `Resolution.bindingOf` says which one. */
export interface Name extends Span {
  readonly kind: 'Name';
  readonly name: string;
}

/** `object[key]`, and `object.name` with a `String` key (its span is the name). */
export interface Index extends Span {
  readonly kind: 'Index';
  readonly object: Expression;
  readonly key: Expression;
}

export interface Call extends Span {
  readonly kind: 'Call';
  readonly callee: Expression;
  readonly args: readonly Expression[];
  /** Offset of the `(`, or of the string or table that is the only argument: its line is the line of the call. */
  readonly open: Offset;
}

/** `object:name(args)`; the object is evaluated once. */
export interface MethodCall extends Span {
  readonly kind: 'MethodCall';
  readonly object: Expression;
  readonly name: string;
  /** Offset of the name. */
  readonly nameAt: Offset;
  readonly args: readonly Expression[];
  readonly open: Offset;
}

/** `(inner)`: kept, because it cuts a call or `...` to exactly one value. */
export interface Parenthesised extends Span {
  readonly kind: 'Parenthesised';
  readonly inner: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type ComparisonOperator = '==' | '~=' | '<' | '<=' | '>' | '>=';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator;

/**
 * A left-associative chain of operators of one precedence: `a - b + c` is first `a` and the steps `- b`, `+ c`.
 * Nearly always one step; `^` (right-associative) always exactly one.
 */
export interface Binary extends Span {
  readonly kind: 'Binary';
  readonly first: Expression;
  /** Never empty. */
  readonly steps: readonly BinaryStep[];
}

export interface BinaryStep {
  readonly operator: BinaryOperator;
  readonly operatorAt: Offset;
  readonly operand: Expression;
}

/** `a .. b .. c`: at least two operands, evaluated left to right, joined from the right. */
export interface Concat extends Span {
  readonly kind: 'Concat';
  readonly operands: readonly Expression[];
  /** Offset of the first `..`. */
  readonly operatorAt: Offset;
}

/** `a and b and c` or `a or b or c`: at least two operands; the value of the first that decides. */
export interface Logical extends Span {
  readonly kind: 'Logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly Expression[];
}

export interface Unary extends Span {
  readonly kind: 'Unary';
  readonly operator: '-' | 'not' | '#';
  readonly operand: Expression;
}

export interface TableConstructor extends Span {
  readonly kind: 'Table';
  readonly fields: readonly TableField[];
}

export type TableField = PositionalField | NamedField | ComputedField;

export interface PositionalField extends Span {
  readonly kind: 'PositionalField';
  readonly value: Expression;
}

/** `name = value` */
export interface NamedField extends Span {
  readonly kind: 'NamedField';
  readonly name: string;
  readonly value: Expression;
}

/** `[key] = value` */
export interface ComputedField extends Span {
  readonly kind: 'ComputedField';
  readonly key: Expression;
  readonly value: Expression;
}

export type Expression =
  | Nil
  | BooleanLiteral
  | NumberLiteral
  | StringLiteral
  | Vararg
  | FunctionBody
  | Name
  | Index
  | Call
  | MethodCall
  | Parenthesised
  | Binary
  | Concat
  | Logical
  | Unary
  | TableConstructor;

export type AnyCall = Call | MethodCall;

/** Can this expression give any number of values when it stands last in a list? */
export function isMultiple(expression: Expression): expression is Call | MethodCall | Vararg {
  return expression.kind === 'Call' || expression.kind === 'MethodCall' || expression.kind === 'Vararg';
}

/** The 1-based line of an offset. The line of an operation is `lineAt(chunk, node.end - 1)`, that of a call `open`. */
export function lineAt(chunk: Pick<Chunk, 'lineStarts'>, offset: Offset): number {
  const starts = chunk.lineStarts;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** The 1-based column of an offset, in bytes. */
export function columnAt(chunk: Pick<Chunk, 'lineStarts'>, offset: Offset): number {
  return offset - (chunk.lineStarts[lineAt(chunk, offset) - 1] as number) + 1;
}
