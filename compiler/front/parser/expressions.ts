/** Expressions, by precedence (Lua 5.1 manual section 2.5). */
import type {
  BinaryOperator,
  BinaryStep,
  Call,
  Expression,
  FunctionBody,
  LocalName,
  MethodCall,
  Offset,
  TableField,
  Unary,
} from '../ast.ts';
import type { Token, TokenKind } from '../lexer.ts';
import type { Cursor } from './cursor.ts';

/** A binary operator binds its left operand with `left`, its right one with `right`: lower `right` = associates right. */
interface Priority {
  readonly left: number;
  readonly right: number;
}

const SUM: Priority = { left: 6, right: 6 };
const PRODUCT: Priority = { left: 7, right: 7 };
const POWER: Priority = { left: 10, right: 9 };
const JOIN: Priority = { left: 5, right: 4 };
const COMPARISON: Priority = { left: 3, right: 3 };
const AND: Priority = { left: 2, right: 2 };
const OR: Priority = { left: 1, right: 1 };
const UNARY_PRIORITY = 8;

/** A map of token kinds that hold no operator answers `undefined`. */
const PRIORITIES: ReadonlyMap<TokenKind, Priority> = new Map<TokenKind, Priority>([
  ['+', SUM],
  ['-', SUM],
  ['*', PRODUCT],
  ['/', PRODUCT],
  ['%', PRODUCT],
  ['^', POWER],
  ['..', JOIN],
  ['==', COMPARISON],
  ['~=', COMPARISON],
  ['<', COMPARISON],
  ['<=', COMPARISON],
  ['>', COMPARISON],
  ['>=', COMPARISON],
  ['and', AND],
  ['or', OR],
]);

/** `hint` names a function that is the whole expression: `local f = function …`. */
export function parseExpression(cursor: Cursor, hint = ''): Expression {
  return subexpression(cursor, 0, hint);
}

/** One or more expressions; the i-th function among them is named by `hints[i]`. */
export function parseExpressionList(cursor: Cursor, hints: readonly string[] = []): Expression[] {
  const list = [parseExpression(cursor, hints[0])];
  while (cursor.accept(',')) list.push(parseExpression(cursor, hints[list.length]));
  return list;
}

/** Reads operators that bind tighter than `limit`. */
function subexpression(cursor: Cursor, limit: number, hint: string): Expression {
  cursor.enter();
  let left = unaryOrSimple(cursor, hint);
  for (;;) {
    const priority = PRIORITIES.get(cursor.token.kind);
    if (priority === undefined || priority.left <= limit) break;
    left = chain(cursor, left, priority);
  }
  cursor.leave();
  return left;
}

/** All operators of one precedence in a row, with what stands right of them. */
function chain(cursor: Cursor, first: Expression, priority: Priority): Expression {
  switch (priority) {
    case JOIN:
      return concat(cursor, first);
    case AND:
    case OR:
      return logical(cursor, first, priority === AND ? 'and' : 'or', priority);
    default:
      return binary(cursor, first, priority);
  }
}

function concat(cursor: Cursor, first: Expression): Expression {
  const begin = cursor.beginChain();
  const operatorAt = cursor.token.at;
  const operands = [first];
  while (cursor.accept('..')) {
    cursor.growChain(operands.length);
    operands.push(subexpression(cursor, JOIN.left, ''));
  }
  cursor.endChain(begin);
  return { kind: 'Concat', at: first.at, end: cursor.previous.end, operands, operatorAt };
}

function logical(cursor: Cursor, first: Expression, operator: 'and' | 'or', priority: Priority): Expression {
  const operands = [first];
  while (cursor.accept(operator)) operands.push(subexpression(cursor, priority.right, ''));
  return { kind: 'Logical', at: first.at, end: cursor.previous.end, operator, operands };
}

function binary(cursor: Cursor, first: Expression, priority: Priority): Expression {
  const steps: BinaryStep[] = [];
  do {
    const operator = cursor.advance();
    const operand = subexpression(cursor, priority.right, '');
    steps.push({ operator: operator.kind as BinaryOperator, operatorAt: operator.at, operand });
  } while (PRIORITIES.get(cursor.token.kind) === priority);
  return { kind: 'Binary', at: first.at, end: cursor.previous.end, first, steps };
}

function unaryOrSimple(cursor: Cursor, hint: string): Expression {
  const { kind, at } = cursor.token;
  if (kind !== 'not' && kind !== '-' && kind !== '#') return simple(cursor, hint);
  cursor.advance();
  const operand = subexpression(cursor, UNARY_PRIORITY, '');
  return unary(kind, at, operand);
}

function unary(operator: Unary['operator'], at: Offset, operand: Expression): Unary {
  return { kind: 'Unary', at, end: operand.end, operator, operand };
}

function simple(cursor: Cursor, hint: string): Expression {
  const { kind, at, end, text, number } = cursor.token;
  switch (kind) {
    case 'number':
      cursor.advance();
      return { kind: 'Number', at, end, value: number };
    case 'string':
      cursor.advance();
      return { kind: 'String', at, end, value: text };
    case 'nil':
      cursor.advance();
      return { kind: 'Nil', at, end };
    case 'true':
    case 'false':
      cursor.advance();
      return { kind: 'Boolean', at, end, value: kind === 'true' };
    case '...':
      if (!cursor.scope.isVararg) cursor.fail("cannot use '...' outside a vararg function");
      cursor.advance();
      return { kind: 'Vararg', at, end };
    case '{':
      return tableConstructor(cursor);
    case 'function':
      return parseFunctionBody(cursor, cursor.advance(), hint, undefined);
    default:
      return parseSuffixed(cursor);
  }
}

/** A name or parenthesised expression and all its suffixes: `a.b[c]:d(e)`. */
export function parseSuffixed(cursor: Cursor): Expression {
  const outerDepth = cursor.suffixDepth;
  cursor.suffixDepth = 0;
  let expression = primary(cursor);
  for (;;) {
    const next = suffix(cursor, expression);
    if (next === undefined) break;
    cursor.countSuffix();
    expression = next;
  }
  cursor.suffixDepth = Math.max(cursor.suffixDepth, outerDepth);
  return expression;
}

function primary(cursor: Cursor): Expression {
  const token = cursor.token;
  if (token.kind === 'name') {
    cursor.advance();
    return { kind: 'Name', at: token.at, end: token.end, name: token.text };
  }
  if (token.kind !== '(') return cursor.fail('unexpected symbol');
  cursor.advance();
  const inner = parseExpression(cursor);
  cursor.expectClosing(')', token);
  return { kind: 'Parenthesised', at: token.at, end: cursor.previous.end, inner };
}

function suffix(cursor: Cursor, object: Expression): Expression | undefined {
  switch (cursor.token.kind) {
    case '.':
      return fieldOf(cursor, object);
    case '[': {
      const key = bracketedKey(cursor);
      return { kind: 'Index', at: object.at, end: cursor.previous.end, object, key };
    }
    case ':':
      // `f() ::label::` is a call in front of a label.
      return !cursor.strict51 && isDoubleColon(cursor) ? undefined : methodCall(cursor, object);
    case '(':
    case 'string':
    case '{':
      return call(cursor, object);
    default:
      return undefined;
  }
}

/** `.name` behind `object`. */
export function fieldOf(cursor: Cursor, object: Expression): Expression & { kind: 'Index' } {
  cursor.advance();
  const name = cursor.expectName();
  const key = { kind: 'String', at: name.at, end: name.end, value: name.text } as const;
  return { kind: 'Index', at: object.at, end: name.end, object, key };
}

function bracketedKey(cursor: Cursor): Expression {
  cursor.advance();
  const key = parseExpression(cursor);
  cursor.expect(']');
  return key;
}

function call(cursor: Cursor, callee: Expression): Call {
  const open = cursor.token.at;
  const args = callArguments(cursor);
  return { kind: 'Call', at: callee.at, end: cursor.previous.end, callee, args, open };
}

export function isDoubleColon(cursor: Cursor): boolean {
  const second = cursor.peek();
  return second.kind === ':' && second.at === cursor.token.end;
}

function methodCall(cursor: Cursor, object: Expression): MethodCall {
  cursor.advance();
  const name = cursor.expectName();
  const open = cursor.token.at;
  const args = callArguments(cursor);
  const end = cursor.previous.end;
  return { kind: 'MethodCall', at: object.at, end, object, name: name.text, nameAt: name.at, args, open };
}

function callArguments(cursor: Cursor): readonly Expression[] {
  const token = cursor.token;
  switch (token.kind) {
    case 'string':
      cursor.advance();
      return [{ kind: 'String', at: token.at, end: token.end, value: token.text }];
    case '{':
      return [tableConstructor(cursor)];
    case '(':
      return parenthesisedArguments(cursor, token);
    default:
      return cursor.fail('function arguments expected');
  }
}

function parenthesisedArguments(cursor: Cursor, open: Token): readonly Expression[] {
  if (open.line !== cursor.lastLine) {
    if (cursor.strict51) cursor.fail('ambiguous syntax (function call x new statement)');
    cursor.warnCallOnNewLine(open);
  }
  cursor.advance();
  if (cursor.accept(')')) return [];
  const args = parseExpressionList(cursor);
  cursor.expectClosing(')', open);
  return args;
}

function tableConstructor(cursor: Cursor): Expression {
  const open = cursor.expect('{');
  const fields: TableField[] = [];
  while (cursor.token.kind !== '}') {
    fields.push(tableField(cursor));
    if (!cursor.accept(',') && !cursor.accept(';')) break;
  }
  cursor.expectClosing('}', open);
  return { kind: 'Table', at: open.at, end: cursor.previous.end, fields };
}

function tableField(cursor: Cursor): TableField {
  const { kind, at, text } = cursor.token;
  if (kind === '[') {
    const key = bracketedKey(cursor);
    cursor.expect('=');
    const value = parseExpression(cursor, key.kind === 'String' ? key.value : '');
    return { kind: 'ComputedField', at, end: cursor.previous.end, key, value };
  }
  if (kind === 'name' && cursor.peek().kind === '=') {
    cursor.advance();
    cursor.advance();
    const value = parseExpression(cursor, text);
    return { kind: 'NamedField', at, end: cursor.previous.end, name: text, value };
  }
  const value = parseExpression(cursor);
  return { kind: 'PositionalField', at, end: cursor.previous.end, value };
}

/**
 * `(params) block end` behind the keyword `function` (`keyword` is its token). `self` is the token of the method name
 * when the function is declared with `:`.
 */
export function parseFunctionBody(
  cursor: Cursor,
  keyword: Token,
  nameHint: string,
  self: Token | undefined,
): FunctionBody {
  const outerScope = cursor.scope;
  cursor.expect('(');
  const params: LocalName[] = [];
  if (self !== undefined) params.push({ kind: 'LocalName', at: self.at, end: self.end, name: 'self' });
  const isVararg = parameters(cursor, params);
  cursor.expect(')');
  cursor.scope = { isVararg, loops: 0 };
  const block = cursor.parseBlock(cursor);
  const lastLine = cursor.token.line;
  cursor.expectClosing('end', keyword);
  cursor.scope = outerScope;
  const { at, line } = keyword;
  const end = cursor.previous.end;
  const hasSelf = self !== undefined;
  return { kind: 'Function', at, end, params, hasSelf, isVararg, block, nameHint, line, lastLine };
}

/** Appends the declared parameters; true when the list ends with `...`. */
function parameters(cursor: Cursor, params: LocalName[]): boolean {
  if (cursor.token.kind === ')') return false;
  do {
    if (cursor.accept('...')) return true;
    if (cursor.token.kind !== 'name') cursor.fail("<name> or '...' expected");
    params.push(parseLocalName(cursor));
  } while (cursor.accept(','));
  return false;
}

export function parseLocalName(cursor: Cursor): LocalName {
  const { at, end, text } = cursor.expectName();
  return { kind: 'LocalName', at, end, name: text };
}
