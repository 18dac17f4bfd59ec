/** Statements and blocks (Lua 5.1 manual section 2.4), with goto, labels and empty statements as in gopher-lua. */
import type {
  Assignment,
  Block,
  Expression,
  FunctionStatement,
  IfClause,
  Index,
  LocalName,
  Name,
  Offset,
  Statement,
} from '../ast.ts';
import type { Token } from '../lexer.ts';
import type { Cursor } from './cursor.ts';
import {
  fieldOf,
  isDoubleColon,
  parseExpression,
  parseExpressionList,
  parseFunctionBody,
  parseLocalName,
  parseSuffixed,
} from './expressions.ts';

/** Statements up to a token that ends a block. */
export function parseBlock(cursor: Cursor): Block {
  cursor.enter();
  const at = cursor.token.at;
  const statements: Statement[] = [];
  for (;;) {
    if (!cursor.strict51) while (cursor.accept(';'));
    if (endsBlock(cursor)) break;
    const statement = parseStatement(cursor);
    statements.push(statement);
    cursor.accept(';');
    if (statement.kind === 'Return' || statement.kind === 'Break') break;
  }
  cursor.leave();
  return { kind: 'Block', at, end: Math.max(at, cursor.previous.end), statements };
}

function endsBlock(cursor: Cursor): boolean {
  switch (cursor.token.kind) {
    case 'else':
    case 'elseif':
    case 'end':
    case '<eof>':
    case 'until':
      return true;
    default:
      return false;
  }
}

function parseStatement(cursor: Cursor): Statement {
  switch (cursor.token.kind) {
    case 'if':
      return ifStatement(cursor);
    case 'while':
      return whileStatement(cursor);
    case 'do':
      return doStatement(cursor);
    case 'for':
      return forStatement(cursor);
    case 'repeat':
      return repeatStatement(cursor);
    case 'function':
      return functionStatement(cursor);
    case 'local':
      return localStatement(cursor);
    case 'return':
      return returnStatement(cursor);
    case 'break':
      return breakStatement(cursor);
    default:
      return gotoOrLabel(cursor) ?? expressionStatement(cursor);
  }
}

function ifStatement(cursor: Cursor): Statement {
  const keyword = cursor.token;
  const clauses: IfClause[] = [];
  do clauses.push(ifClause(cursor));
  while (cursor.token.kind === 'elseif');
  const otherwise = cursor.accept('else') ? parseBlock(cursor) : undefined;
  cursor.expectClosing('end', keyword);
  return { kind: 'If', at: keyword.at, end: cursor.previous.end, clauses, otherwise };
}

function ifClause(cursor: Cursor): IfClause {
  const { at } = cursor.advance();
  const condition = parseExpression(cursor);
  cursor.expect('then');
  const block = parseBlock(cursor);
  return { kind: 'IfClause', at, end: block.end, condition, block };
}

function whileStatement(cursor: Cursor): Statement {
  const keyword = cursor.advance();
  const condition = parseExpression(cursor);
  cursor.expect('do');
  const block = loopBlock(cursor);
  cursor.expectClosing('end', keyword);
  return { kind: 'While', at: keyword.at, end: cursor.previous.end, condition, block };
}

function doStatement(cursor: Cursor): Statement {
  const keyword = cursor.advance();
  const block = parseBlock(cursor);
  cursor.expectClosing('end', keyword);
  return { kind: 'Do', at: keyword.at, end: cursor.previous.end, block };
}

function loopBlock(cursor: Cursor): Block {
  cursor.scope.loops++;
  const block = parseBlock(cursor);
  cursor.scope.loops--;
  return block;
}

function repeatStatement(cursor: Cursor): Statement {
  const keyword = cursor.advance();
  const block = loopBlock(cursor);
  cursor.expectClosing('until', keyword);
  const condition = parseExpression(cursor);
  return { kind: 'Repeat', at: keyword.at, end: cursor.previous.end, block, condition };
}

function forStatement(cursor: Cursor): Statement {
  const keyword = cursor.advance();
  const first = parseLocalName(cursor);
  switch (cursor.token.kind) {
    case '=':
      return numericFor(cursor, keyword, first);
    case ',':
    case 'in':
      return genericFor(cursor, keyword, first);
    default:
      return cursor.fail("'=' or 'in' expected");
  }
}

function numericFor(cursor: Cursor, keyword: Token, variable: LocalName): Statement {
  cursor.advance();
  const start = parseExpression(cursor);
  cursor.expect(',');
  const limit = parseExpression(cursor);
  const step = cursor.accept(',') ? parseExpression(cursor) : undefined;
  const block = forBody(cursor, keyword);
  const end = cursor.previous.end;
  return { kind: 'NumericFor', at: keyword.at, end, variable, start, limit, step, block };
}

function genericFor(cursor: Cursor, keyword: Token, first: LocalName): Statement {
  const names = [first];
  while (cursor.accept(',')) names.push(parseLocalName(cursor));
  cursor.expect('in');
  const values = parseExpressionList(cursor);
  const block = forBody(cursor, keyword);
  return { kind: 'GenericFor', at: keyword.at, end: cursor.previous.end, names, values, block };
}

function forBody(cursor: Cursor, keyword: Token): Block {
  cursor.expect('do');
  const block = loopBlock(cursor);
  cursor.expectClosing('end', keyword);
  return block;
}

function functionStatement(cursor: Cursor): FunctionStatement {
  const keyword = cursor.advance();
  const name = cursor.expectName();
  let target: Name | Index = { kind: 'Name', at: name.at, end: name.end, name: name.text };
  let hint = name.text;
  cursor.suffixDepth = 0;
  while (cursor.token.kind === '.') {
    cursor.countSuffix();
    target = fieldOf(cursor, target);
    hint += `.${cursor.previous.text}`;
  }
  let self: Token | undefined;
  if (cursor.token.kind === ':') {
    target = fieldOf(cursor, target);
    self = cursor.previous;
    hint += `:${self.text}`;
  }
  const body = parseFunctionBody(cursor, keyword, hint, self);
  return { kind: 'FunctionStatement', at: keyword.at, end: body.end, target, body };
}

function localStatement(cursor: Cursor): Statement {
  const { at } = cursor.advance();
  if (cursor.token.kind === 'function') return localFunction(cursor, at);
  const names = [parseLocalName(cursor)];
  while (cursor.accept(',')) names.push(parseLocalName(cursor));
  const hints = names.map(({ name }) => name);
  const values = cursor.accept('=') ? parseExpressionList(cursor, hints) : [];
  return { kind: 'Local', at, end: cursor.previous.end, names, values };
}

function localFunction(cursor: Cursor, at: Offset): Statement {
  const keyword = cursor.advance();
  const name = parseLocalName(cursor);
  const body = parseFunctionBody(cursor, keyword, name.name, undefined);
  return { kind: 'LocalFunction', at, end: body.end, name, body };
}

function returnStatement(cursor: Cursor): Statement {
  const { at } = cursor.advance();
  const isBare = endsBlock(cursor) || cursor.token.kind === ';';
  const values = isBare ? [] : parseExpressionList(cursor);
  return { kind: 'Return', at, end: cursor.previous.end, values };
}

function breakStatement(cursor: Cursor): Statement {
  const { at, end } = cursor.advance();
  if (cursor.scope.loops === 0) cursor.fail('no loop to break');
  return { kind: 'Break', at, end };
}

/** `goto` is a name everywhere except in front of another name; `::` is two colons side by side. */
function gotoOrLabel(cursor: Cursor): Statement | undefined {
  const { token } = cursor;
  if (cursor.strict51) return undefined;
  if (token.kind === 'name' && token.text === 'goto' && cursor.peek().kind === 'name') {
    cursor.advance();
    const label = cursor.advance();
    return { kind: 'Goto', at: token.at, end: label.end, label: label.text };
  }
  if (token.kind !== ':' || !isDoubleColon(cursor)) return undefined;
  cursor.advance();
  cursor.advance();
  const name = cursor.expectName().text;
  if (cursor.token.kind !== ':' || !isDoubleColon(cursor)) cursor.failExpected('::');
  cursor.advance();
  cursor.advance();
  return { kind: 'Label', at: token.at, end: cursor.previous.end, name };
}

function expressionStatement(cursor: Cursor): Statement {
  const expression = parseSuffixed(cursor);
  if (expression.kind === 'Call' || expression.kind === 'MethodCall') {
    return { kind: 'CallStatement', at: expression.at, end: expression.end, call: expression };
  }
  return assignment(cursor, expression);
}

function assignment(cursor: Cursor, first: Expression): Assignment {
  const begin = cursor.beginChain();
  const targets = [assignable(cursor, first)];
  while (cursor.accept(',')) {
    targets.push(assignable(cursor, parseSuffixed(cursor)));
    cursor.growChain(targets.length);
  }
  cursor.expect('=');
  cursor.endChain(begin);
  const values = parseExpressionList(cursor, targets.map(nameOfTarget));
  return { kind: 'Assignment', at: first.at, end: cursor.previous.end, targets, values };
}

function assignable(cursor: Cursor, expression: Expression): Name | Index {
  if (expression.kind === 'Name' || expression.kind === 'Index') return expression;
  return cursor.fail('syntax error');
}

/** `a.b.c` for a function stored there; empty when a part of the path is computed. */
function nameOfTarget(target: Expression): string {
  if (target.kind === 'Name') return target.name;
  if (target.kind !== 'Index' || target.key.kind !== 'String') return '';
  const object = nameOfTarget(target.object);
  return object === '' ? '' : `${object}.${target.key.value}`;
}
