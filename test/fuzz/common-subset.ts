/**
 * Random programs of the part of Lua that lua-in-js gets right (test/differential.test.ts says what it does not): whole
 * numbers, text, tables, closures, loops with a comparison as condition, methods, varargs. They end without an error.
 */
import type { Choices } from './choices.ts';

const NAMES = ['a', 'b', 'c', 'd'];

export function commonProgram(choices: Choices): string {
  const lines = ['local a, b, c, d = 1, 2, 3, 4', 'local s, t = "s", {5, 6, 7, x = 8}'];
  do lines.push(statement(choices, 0));
  while (!choices.isSpent && lines.length < 14);
  lines.push('print(a, b, c, d, s, #t, t[1], t.x)');
  return lines.join('\n');
}

function statement(choices: Choices, depth: number): string {
  if (depth > 2 || choices.isSpent) return `print(${value(choices, depth)})`;
  const block = (): string => {
    const statements = Array.from({ length: 1 + choices.below(2) }, () => statement(choices, depth + 1));
    return statements.join('\n');
  };
  const name = choices.pick(NAMES);
  return choices.pick<() => string>([
    () => `${name} = ${number(choices, depth)}`,
    () => `s = ${text(choices, depth)}`,
    () => `t[${1 + choices.below(3)}] = ${value(choices, depth)}`,
    () => `t.x = ${number(choices, depth)}`,
    () => `${name}, t.x = ${number(choices, depth)}, ${number(choices, depth)}`,
    () => `if ${condition(choices, depth)} then\n${block()}\nelse\n${block()}\nend`,
    () => `for i = 1, ${1 + choices.below(4)} do local ${name} = i\n${block()}\nend`,
    () => `for i, v in ipairs({5, "v", 7}) do print(i, v)\n${block()}\nend`,
    () => `do local i = 0 while i < ${choices.below(4)} do i = i + 1\n${block()}\nend end`,
    () => `do local i = 0 repeat i = i + 1\n${block()}\nuntil i > ${choices.below(3)} end`,
    () =>
      `do local function f(${name}, ...)\n${block()}\nreturn ${value(choices, depth)}, ... end print(f(1, "v")) end`,
    () =>
      `do local f = {} for i = 1, 3 do f[i] = function() ${name} = i return ${name} end end print(f[2](), ${name}) end`,
    () =>
      `do local o = {n = ${name}} function o:add(m) self.n = self.n + m return self end o:add(2) o:add(3) print(o.n) end`,
    () =>
      `do local o = setmetatable({}, {__index = t, __call = function(_, n) return n end}) print(o.x, o(${number(choices, depth)})) end`,
    () => `table.insert(t, ${number(choices, depth)})`,
    () => `print(${value(choices, depth)}, ${value(choices, depth)})`,
    () => `print(pcall(function() return ${value(choices, depth)} end))`,
  ])();
}

function number(choices: Choices, depth: number): string {
  if (depth > 4 || choices.isSpent) return String(choices.below(100));
  const inner = (): string => number(choices, depth + 1);
  return choices.pick<() => string>([
    () => choices.pick(NAMES),
    () => String(choices.below(100)),
    () => `(${inner()} ${choices.pick(['+', '-'])} ${inner()})`,
    () => `(${choices.pick(NAMES)} * ${choices.below(9)})`,
    () => `math.abs(${inner()}) % ${1 + choices.below(7)}`,
    () => `math.max(${inner()}, ${inner()})`,
    () => `math.floor(${inner()} / ${1 + choices.below(7)})`,
    () => `#(${text(choices, depth + 1)})`,
    () => `(${condition(choices, depth + 1)} and ${inner()} or ${inner()})`,
    () => `select("#", ${inner()}, ${inner()})`,
    () => `-(${inner()} + 1)`,
  ])();
}

function text(choices: Choices, depth: number): string {
  if (depth > 4 || choices.isSpent) return '"e"';
  const inner = (): string => text(choices, depth + 1);
  return choices.pick<() => string>([
    () => '("s")',
    () => '("hello")',
    () => `(${inner()} .. ${inner()}):sub(1, 20)`,
    () => `(${inner()} .. (${number(choices, depth + 1)})):sub(-9)`,
    () => `(${inner()}):upper()`,
    () => `(${inner()}):rep(${choices.below(3)})`,
    () => `tostring(${number(choices, depth + 1)})`,
    () => `type(${choices.pick(['a', 's', 't', 'nil', 'print'])})`,
    () => `table.concat({${number(choices, depth + 1)}, ${inner()}}, "-")`,
  ])();
}

function condition(choices: Choices, depth: number): string {
  const comparison = `${number(choices, depth + 1)} ${choices.pick(['<', '<=', '>', '>=', '==', '~='])} ${number(choices, depth + 1)}`;
  const second = `${text(choices, depth + 1)} ${choices.pick(['==', '~=', '<'])} ${text(choices, depth + 1)}`;
  return choices.pick([comparison, `(${second})`, `not (${comparison})`, `(${comparison} or ${second})`]);
}

function value(choices: Choices, depth: number): string {
  return choices.pick([number, text, number])(choices, depth);
}
