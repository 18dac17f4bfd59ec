/** Programs that are large or deep: ahead of time in either colour, and by `load`. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText, type RunOptions, runLua } from '../run-lua.ts';

const repeat = (count: number, text: (i: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, i) => text(i + 1)).join(between);

/** `open` 190 times, `inside`, `close` 190 times. */
const nest = (open: string, inside: string, close: string, times = 190): string =>
  open.repeat(times) + inside + close.repeat(times);

/** Each returns the value beside it. */
const PROGRAMS: Readonly<Record<string, readonly [program: string, value: string]>> = {
  'ten thousand lines': [
    `local t = {}\n${repeat(1667, (i) => `function t.f${i}(x)\nlocal y = x + ${i}\nif y > 10 then y = y - 1 end\nreturn y\nend\n`)}return t.f1(1) + t.f1667(0)`,
    '1668',
  ],
  'ten thousand assignments in one function': [
    `local n = 0\n${repeat(10_000, (i) => `n = n + ${i}\n`)}return n`,
    '50005000',
  ],
  'a list of 100,000 numbers': [
    `local t = {${repeat(100_000, String, ',')}} return #t .. t[1] .. t[100000]`,
    '1000001100000',
  ],
  'a list of 100,000 strings': [
    `local t = {${repeat(100_000, (i) => `"s${i}"`, ',')}} return #t .. t[99999]`,
    '100000s99999',
  ],
  'a list of 20,000 calls': [
    `local n = 0 local function f() n = n + 1 return n end local t = {${repeat(20_000, () => 'f()', ',')}} return #t .. t[20000]`,
    '2000020000',
  ],
  '100,000 named fields': [
    `local t = {${repeat(100_000, (i) => `k${i}=${i}`, ',')}} return t.k1 + t.k100000`,
    '100001',
  ],
  '30,000 computed keys': [
    `local k = 0 local t = {${repeat(100_000, (i) => `[k+${i}]=${i}`, ',')}} return #t + t[7]`,
    '100007',
  ],
  '30,000 tables in a table': [
    `local t = {${repeat(30_000, (i) => `{${i},n={${i}}}`, ',')}} return t[30000].n[1] + #t`,
    '60000',
  ],
  '10,000 names of globals': [
    `${repeat(10_000, (i) => `g${i} = ${i} `)} local n = 0 ${repeat(10_000, (i) => `n = n + g${i} `)} return n`,
    '50005000',
  ],
  '190 parentheses': [`return ${nest('(', '7', ')')}`, '7'],
  '190 tables': [`local t = ${nest('{', '7', '}')} for i = 1, 190 do t = t[1] end return t`, '7'],
  '90 functions': [
    `local f = ${nest('function() return ', '7', ' end', 90)} for i = 1, 90 do f = f() end return f`,
    '7',
  ],
  '60 functions that are called': [`return ${nest('(function(...) return ', '...', ' end)(7)', 60)}`, '7'],
  '190 calls': [`local function f(x) return x + 1 end return ${nest('f(', '0', ')')}`, '190'],
  '190 blocks': [`local n = 0 ${nest('do ', 'n = 7', ' end')} return n`, '7'],
  '190 conditions': [`local n = 0 ${nest('if n == 0 then ', 'n = 7', ' end')} return n`, '7'],
  '190 loops': [`local n = 0 ${nest('for i = 1, 1 do ', 'n = n + 7', ' end')} return n`, '7'],
  '190 loops with closures': [
    `local n = 0 ${nest('repeat local x = 1 local f = function() return x end n = n + f() ', '', ' until true')} return n`,
    '190',
  ],
  '190 negations': [`return tostring(${'not '.repeat(190)} true)`, 'true'],
  '190 indexes in indexes': [`local t = {1} return ${nest('t[', '1', ']')}`, '1'],
  '190 fields in a row': [`local t = {} t.x = t t.n = 7 return t${'.x'.repeat(189)}.n`, '7'],
  '190 powers and concatenations': [
    `return (${repeat(190, () => '1', ' ^ ')}) .. ${repeat(190, () => '"a"', ' .. ')}`,
    `1${'a'.repeat(190)}`,
  ],
  '2,000 operands': [`return ${repeat(2000, () => '1', ' + ')}`, '2000'],
  '1,000 elseifs': [
    `local x = 1000 if x == 0 then return 0 ${repeat(1000, (i) => `elseif x == ${i} then return ${i} * 2 `)} end`,
    '2000',
  ],
  'a million tail calls of itself': [
    'local function f(n) if n == 0 then return "end" end return f(n - 1) end return f(1000000)',
    'end',
  ],
  'a million tail calls of two functions': [
    'local a, b function a(n) if n == 0 then return "end" end return b(n - 1) end function b(n) return a(n) end return a(500000)',
    'end',
  ],
  'a million tail calls of methods': [
    'local o = {} function o:m(n) if n == 0 then return self.done end return self:k(n - 1) end function o:k(...) return self:m(...) end o.done = "end" return o:m(500000)',
    'end',
  ],
  'a million tail calls through a table': [
    'local states = {} for i = 0, 9 do states[i] = function(n) if n == 0 then return "end" end return states[n % 10](n - 1) end end return states[0](1000000)',
    'end',
  ],
};

const WAYS: Readonly<Record<string, (program: string) => readonly [program: string, RunOptions]>> = {
  'ahead of time': (program) => [program, {}],
  'with every function suspendable': (program) => [program, { compile: { suspendAll: true } }],
  'by load': (program) => [`return assert(loadstring([==[${program}]==]))()`, {}],
};

for (const [name, [program, value]] of Object.entries(PROGRAMS)) {
  test(`${name}: compiled and run`, async () => {
    for (const [way, prepare] of Object.entries(WAYS)) {
      const [source, options] = prepare(program);
      const printing = `local function program() ${source} end print(program())`;
      const { stdout, error } = await runLua(printing, options);
      assert.equal(error, undefined, `${way}: ${errorText(error).slice(0, 500)}`);
      assert.equal(stdout, `${value}\n`, way);
    }
  });
}

test('what needs more variables than V8 bears is refused in the words of Lua', async () => {
  const source = `print(loadstring("return " .. ("f() + "):rep(30000) .. "f()", "=long"))`;
  const { stdout, error } = await runLua(source);
  assert.equal(error, undefined, errorText(error));
  assert.equal(stdout, 'nil\tlong:1: function or expression too complex\n');
});
