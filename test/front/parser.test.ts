import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Block, columnAt, type Expression, lineAt, type Statement } from '../../compiler/front/ast.ts';
import { parse } from '../../compiler/front/parser/parse.ts';
import { fileOf } from './sources.ts';

/** The tree as text with all parentheses written out, without positions. */
function show(node: Expression): string {
  switch (node.kind) {
    case 'Nil':
      return 'nil';
    case 'Boolean':
    case 'Number':
      return String(node.value);
    case 'String':
      return JSON.stringify(node.value);
    case 'Vararg':
      return '...';
    case 'Function':
      return `function ${node.nameHint}(${node.params.map(({ name }) => name)}${node.isVararg ? ' ...' : ''})`;
    case 'Name':
      return node.name;
    case 'Index':
      return `${show(node.object)}[${show(node.key)}]`;
    case 'Call':
      return `${show(node.callee)}(${node.args.map(show)})`;
    case 'MethodCall':
      return `${show(node.object)}:${node.name}(${node.args.map(show)})`;
    case 'Parenthesised':
      return `(${show(node.inner)})`;
    case 'Binary':
      return node.steps.reduce((left, step) => `{${left} ${step.operator} ${show(step.operand)}}`, show(node.first));
    case 'Concat':
      return `{${node.operands.map(show).join(' .. ')}}`;
    case 'Logical':
      return `{${node.operands.map(show).join(` ${node.operator} `)}}`;
    case 'Unary':
      return `{${node.operator} ${show(node.operand)}}`;
    case 'Table':
      return `table(${node.fields.map((field) => `${field.kind} ${show(field.value)}`)})`;
  }
}

function blockOf(source: string): Block {
  return fileOf(source).chunk.block;
}

function firstOf(source: string): Statement {
  return blockOf(source).statements[0] as Statement;
}

function expressionOf(source: string): Expression {
  const statement = firstOf(`return ${source}`);
  assert.equal(statement.kind, 'Return');
  return (statement as Statement & { kind: 'Return' }).values[0] as Expression;
}

const PRECEDENCE: readonly (readonly [source: string, tree: string])[] = [
  ['-2^2', '{- {2 ^ 2}}'],
  ['2^-1', '{2 ^ {- 1}}'],
  ['2^3^2', '{2 ^ {3 ^ 2}}'],
  ['not 1 == 2', '{{not 1} == 2}'],
  ['1 + 2 - 3 * 4 / 5 % 6', '{{1 + 2} - {{{3 * 4} / 5} % 6}}'],
  ['1 .. 2 + 3 .. 4', '{1 .. {2 + 3} .. 4}'],
  ['a < b .. c == d', '{{a < {b .. c}} == d}'],
  ['a or b and c or d', '{a or {b and c} or d}'],
  ['a and b and c', '{a and b and c}'],
  ['#t + 1', '{{# t} + 1}'],
  ['- - x', '{- {- x}}'],
  ['(f())', '(f())'],
  ['a.b["c"][1]', 'a["b"]["c"][1]'],
  ['f{1}"x"[[y]]', 'f(table(PositionalField 1))("x")("y")'],
  ['a.b:c(1, ...)', 'a["b"]:c(1,...)'],
  ['{1, x = 2, [3] = 4; f()}', 'table(PositionalField 1,NamedField 2,ComputedField 4,PositionalField f())'],
];

test('operators bind as the manual says', () => {
  for (const [source, tree] of PRECEDENCE) assert.equal(show(expressionOf(source)), tree, source);
});

test('long chains are flat and long lists do not nest', () => {
  const chain = (operator: string): Expression => expressionOf(`a${` ${operator} a`.repeat(20_000)}`);
  assert.equal((chain('..') as Expression & { kind: 'Concat' }).operands.length, 20_001);
  assert.equal((chain('and') as Expression & { kind: 'Logical' }).operands.length, 20_001);
  assert.equal((chain('+') as Expression & { kind: 'Binary' }).steps.length, 20_000);
  const elseifs = firstOf(`if a then ${'elseif a then '.repeat(20_000)} end`);
  assert.equal((elseifs as Statement & { kind: 'If' }).clauses.length, 20_001);
  const table = expressionOf(`{${'1,'.repeat(100_000)}}`);
  assert.equal((table as Expression & { kind: 'Table' }).fields.length, 100_000);
});

test('strings are bytes with their escapes replaced', () => {
  const cases: readonly (readonly [source: string, value: string])[] = [
    ['"a\\n\\t\\\\\\"\\65\\066\\0677"', 'a\n\t\\"ABC7'],
    ["'\\q\\x41\\z'", 'qx41z'],
    ['"x\\\ny"', 'x\ny'],
    ['"x\\\r\ny"', 'x\ny'],
    ['"\xc3\xbc\\255"', '\xc3\xbc\xff'],
    ['[[\r\na\r\nb\rc\n\rd]]', 'a\nb\nc\nd'],
    ['[==[a]]b]=]c]==]', 'a]]b]=]c'],
    ['"a\0b"', 'a\0b'],
  ];
  for (const [source, value] of cases) assert.equal(show(expressionOf(source)), JSON.stringify(value), source);
});

test('numerals are what strtod makes of them', () => {
  const cases: readonly (readonly [source: string, value: number])[] = [
    ['3.', 3],
    ['.5', 0.5],
    ['250e-2', 2.5],
    ['08', 8],
    ['0xA', 10],
    ['0x1p4', 16],
    ['0xffffffffffffffff', 18446744073709552000],
    ['1e400', Infinity],
  ];
  for (const [source, value] of cases) {
    assert.equal((expressionOf(source) as Expression & { kind: 'Number' }).value, value, source);
  }
});

test('functions know their name, parameters and lines', () => {
  const source =
    'local a, f = 1, function(x, ...) end\nfunction M.b:c(y)\nend\nt.u.v = function() end\nlocal t = {w = function() end}';
  const functions = [...fileOf(source).resolution.functions.keys()].filter((node) => node.kind === 'Function');
  const facts = functions.map((node) => `${show(node)} ${node.hasSelf} ${node.line}-${node.lastLine}`).sort();
  assert.deepEqual(facts, [
    'function M.b:c(self,y) true 2-3',
    'function f(x ...) false 1-1',
    'function t.u.v() false 4-4',
    'function w() false 5-5',
  ]);
});

test('a place is a line and a column in bytes, whatever ends the lines', () => {
  const { chunk } = fileOf('a()\r\nb()\n\r  c()\rd()');
  const places = chunk.block.statements.map(({ at }) => [lineAt(chunk, at), columnAt(chunk, at)]);
  assert.deepEqual(places, [
    [1, 1],
    [2, 1],
    [3, 3],
    [4, 1],
  ]);
});

test('a node ends where its last token ends, and a call stands on the line of its parenthesis', () => {
  const source = 'x = f\n.g(\n1\n) + [[\n]]';
  const { chunk } = fileOf(source);
  const assignment = chunk.block.statements[0] as Statement & { kind: 'Assignment' };
  const sum = assignment.values[0] as Expression & { kind: 'Binary' };
  const call = sum.first as Expression & { kind: 'Call' };
  assert.equal(source.slice(call.at, call.end), 'f\n.g(\n1\n)');
  assert.equal(lineAt(chunk, call.open), 2);
  assert.equal(lineAt(chunk, sum.end - 1), 5);
});

test('a file may start with a byte order mark and a # line, a loaded string may not', () => {
  const source = '\xEF\xBB\xBF#!/usr/bin/lua\nx = 1 y';
  const outcome = (isFile: boolean) => parse(source, { name: 'f', isFile });
  const inFile = outcome(true);
  assert.ok(!inFile.ok);
  assert.equal(inFile.error.message, "'=' expected near '<eof>'");
  assert.equal(inFile.error.place?.line, 2);
  const inString = outcome(false);
  assert.ok(!inString.ok);
  assert.equal(inString.error.message, "unexpected symbol near '\xEF'");
});

test('many functions with dotted names in one file are no deep expression', () => {
  assert.equal(blockOf('function a.b.c() end '.repeat(2000)).statements.length, 2000);
});
