/** Random calls of pure library functions, answered by PUC Lua 5.1 too. Skipped where no `lua5.1` is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import fc from 'fast-check';
import { asLuaError, collect, LuaError, type LuaValue } from '../../runtime/engine/api.ts';
import { stringToNumber } from '../../runtime/engine/strings/number.ts';
import { libraryFunction, run } from './call-library.ts';

const PUC = 'lua5.1';
const skip = spawnSync(PUC, ['-v']).error === undefined ? false : `no ${PUC} here`;

type Argument = string | number | undefined;
interface Case {
  readonly name: string;
  readonly args: readonly Argument[];
}

function luaLiteral(value: Argument): string {
  if (value === undefined) return 'nil';
  if (typeof value === 'string')
    return `"${[...value].map((c) => `\\${String(c.charCodeAt(0)).padStart(3, '0')}`).join('')}"`;
  if (Number.isFinite(value)) return Object.is(value, -0) ? '(0/-one)' : `(${value})`;
  return value > 0 ? '(1/0)' : '(-1/0)';
}

/** One line per value: its type and bytes in hexadecimal; numbers with all digits. */
const DRIVER = `
local one = 1
local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
local function show(v)
  if type(v) == "number" then return ("%.17g"):format(v) end
  return type(v) .. (type(v) == "string" and hex(v) or tostring(v))
end
local function write(...)
  local values = {}
  for i = 1, select("#", ...) do values[i] = show((select(i, ...))) end
  print(table.concat(values, " "))
end
local function answer(f, ...) write(pcall(f, ...)) end
local function all(s, p)
  local found = {}
  for a, b in string.gmatch(s, p) do found[#found + 1] = tostring(a) .. "," .. tostring(b) end
  return table.concat(found, ";")
end
local string_find, string_match, string_gsub, string_format, string_all = string.find, string.match, string.gsub, string.format, all;
`;

function askPuc(cases: readonly Case[]): string[] {
  const calls = cases.map(
    ({ name, args }) => `answer(string_${name}${args.map((a) => `, ${luaLiteral(a)}`).join('')})`,
  );
  const chunks: string[] = [];
  // A Lua function may not have too many constants.
  for (let k = 0; k < calls.length; k += 300)
    chunks.push(`(function()\n${calls.slice(k, k + 300).join('\n')}\nend)();`);
  const { stdout, stderr } = spawnSync(PUC, ['-'], { input: DRIVER + chunks.join('\n'), maxBuffer: 1 << 27 });
  assert.equal(String(stderr), '');
  return String(stdout).trimEnd().split('\n');
}

const NUMBER = libraryFunction('string.format');

function show(value: LuaValue): string {
  if (typeof value === 'number') return String(NUMBER('%.17g', value));
  if (typeof value !== 'string') return value === undefined ? 'nilnil' : `${typeof value}${String(value)}`;
  return `string${Buffer.from(value, 'latin1').toString('hex')}`;
}

/** What `gmatch` yields, as the driver writes it. */
function allMatches(text: Argument, pattern: Argument): string {
  const next = libraryFunction('string.gmatch')(text, pattern);
  const found: string[] = [];
  if (typeof next !== 'function') throw new Error('no iterator');
  for (;;) {
    const [a, b] = collect(next());
    if (a === undefined) return found.join(';');
    found.push(`${a},${b === undefined ? 'nil' : b}`);
  }
}

function answerOf({ name, args }: Case): string {
  try {
    const values =
      name === 'all' ? [allMatches(args[0], args[1])] : collect(libraryFunction(`string.${name}`)(...args));
    return ['booleantrue', ...values.map(show)].join(' ');
  } catch (thrown) {
    const error = asLuaError(thrown);
    if (!(error instanceof LuaError)) throw error;
    return `booleanfalse ${show(error.value)}`;
  }
}

/** An error inside `all` is raised by Lua code there, with its position. */
function withoutPosition(answer: string): string {
  return answer.replace(/^booleanfalse string737464696e3a(3\d)+3a20/, 'booleanfalse string');
}

function compare(cases: readonly Case[]): void {
  const answers = askPuc(cases);
  assert.equal(answers.length, cases.length);
  run(() => {
    for (const [k, one] of cases.entries()) {
      assert.equal(answerOf(one), withoutPosition(answers[k] as string), JSON.stringify(one));
    }
    return undefined;
  });
}

const item = fc.constantFrom(
  ...['a', 'b', '.', '%a', '%d', '%w', '%s', '%p', '%.', '%%', '[ab]', '[^a]', '[a-c]', '[]a]', '[%d_]', '[a-]', '-'],
);
const quantifier = fc.constantFrom('', '', '*', '+', '-', '?');
const piece = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(item, quantifier).map(([set, times]) => set + times) },
  { weight: 3, arbitrary: fc.tuple(item, quantifier).map(([set, times]) => `(${set}${times})`) },
  { weight: 3, arbitrary: fc.constantFrom('(', ')', '()', '%1', '%2', '%b()', '%bab', '%f[%w]', '%f[^a]') },
  { weight: 1, arbitrary: fc.constantFrom('[', '[a', '%', '%f', '%b', '$', '^', '%0') },
);
const pattern = fc
  .tuple(fc.constantFrom('', '', '^'), fc.array(piece, { maxLength: 6 }), fc.constantFrom('', '', '$'))
  .map(([anchor, pieces, end]) => anchor + pieces.join('') + end);
const subject = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', 'A', '1', ' ', '-', '(', ')', ']', '\0'),
  maxLength: 14,
});
const replacement = fc.constantFrom('x', '', '%0', '<%1>', '%2%1', '%%', 'a%', '%x');
const position = fc.option(fc.integer({ min: -8, max: 16 }), { nil: undefined });

const patternCase: fc.Arbitrary<Case> = fc.oneof(
  fc.tuple(subject, pattern, position).map((args) => ({ name: 'find', args })),
  fc.tuple(subject, pattern, position).map((args) => ({ name: 'match', args })),
  fc.tuple(subject, pattern, replacement, fc.constantFrom(undefined, 0, 1, 3)).map((args) => ({ name: 'gsub', args })),
  fc.tuple(subject, pattern).map((args) => ({ name: 'all', args })),
);

test('patterns match as in PUC Lua', { skip }, () => compare(fc.sample(patternCase, 3000)));

const number = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.integer({ min: -4000, max: 4000 }).map((n) => n / 64),
  fc.tuple(fc.integer(), fc.integer({ min: -12, max: 12 })).map(([n, power]) => n * 10 ** power),
  fc.constantFrom(0, -0, 2 ** 53, 2 ** 63, -(2 ** 63), 2 ** 64, 5e-324, 123456789012345, 0.5, 2.5, 1.005, 1e22),
);
const flags = fc.array(fc.constantFrom('-', '+', ' ', '0'), { maxLength: 2 }).map((list) => list.join(''));
const width = fc.oneof(fc.constant(''), fc.integer({ min: 0, max: 30 }).map(String));
const precision = fc.oneof(
  fc.constantFrom('', '.'),
  fc.integer({ min: 0, max: 40 }).map((n) => `.${n}`),
);
const numberFormat = fc
  .tuple(flags, width, precision, fc.constantFrom('d', 'i', 'u', 'x', 'X', 'o', 'e', 'E', 'f', 'g', 'G'))
  .map((parts) => `%${parts.join('')}`);

test('numbers are formatted as in PUC Lua', { skip }, () => {
  const formats = fc.tuple(numberFormat, number).map((args) => ({ name: 'format', args }));
  compare([
    ...fc.sample(formats, 3000),
    ...fc.sample(number, 1000).map((n) => ({ name: 'format', args: ['%.14g', n] })),
  ]);
});

const numeral = fc.string({
  unit: fc.constantFrom(...'0123456789', '0x', 'e', 'e1', '.', '-', '+', ' ', 'p', 'a', 'f', '\t'),
  maxLength: 8,
});

test('strings are converted to numbers as in PUC Lua', { skip }, () => {
  const texts = fc.sample(numeral, 3000);
  const input = texts.map((text) => `print(("%.17g"):format(tonumber(${luaLiteral(text)}) or 0/0))`).join('\n');
  const answers = String(spawnSync(PUC, ['-'], { input }).stdout)
    .trimEnd()
    .split('\n');
  for (const [k, text] of texts.entries()) {
    const n = stringToNumber(text);
    const wanted = answers[k] as string;
    assert.ok(
      Object.is(n, /nan/.test(wanted) ? undefined : Number(wanted.replace('inf', 'Infinity'))),
      JSON.stringify(text),
    );
  }
});
