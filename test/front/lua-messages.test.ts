/** Broken programs, made from whole ones by a fixed sequence of mutations: the messages are those of PUC Lua 5.1. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { chunkDisplayName, chunkErrorName } from '../../compiler/front/chunk-name.ts';
import { renderLuaMessage } from '../../compiler/front/messages.ts';
import { parse } from '../../compiler/front/parser/parse.ts';

const WHOLE = [
  'local t = {1, 2; x = 3, ["y"] = {}}\nfor i = 1, #t do if t[i] > 1 then print(t[i]) elseif i then break else return end end\n',
  'function a.b.c:m(x, ...) local y, z = ..., x repeat y = y .. "s\\65\\n" until not y == nil return y, (z) end\n',
  'while true do local f = function(q) return q{1}:n"s"[[l\n]] end x, y.z = f(2)(3), -4 ^ 2 end --[[ c ]] -- d\n',
  'for k, v in pairs(t) do t[k] = v and k or 0x1F .. 1e3 end do local function g() return g() end end\n',
];

const PIECES =
  'end|do|then|(|)|{|}|[|]|=|==|~|~=|,|;|:|.|..|...|"|\'|"a|\\|[[|]]|[=[|--[[|--|1|3x|0x|1e|1..2|nil|not|#|-|^|and|local|' +
  'function|return|break|if|for|in|until|x|a.b|@|!|\0|\x01|\xe9|\n|\r\n|"\\300"|"b\\65c"|\nf(|goto|else|while|repeat';

/** A small deterministic generator: the same programs in every run. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

function brokenPrograms(count: number): string[] {
  const next = sequence(42);
  const pieces = PIECES.split('|');
  return Array.from({ length: count }, () => {
    let source = WHOLE[next(WHOLE.length)] as string;
    for (let change = next(2); change >= 0; change--) {
      const at = next(source.length + 1);
      const [kind, piece] = [next(3), pieces[next(pieces.length)] as string];
      if (kind === 0) source = source.slice(0, at);
      else source = `${source.slice(0, at)} ${piece} ${source.slice(kind === 1 ? at : at + next(6))}`;
    }
    return source;
  });
}

/** Runs a Lua script that reads hexadecimal lines and prints one each; undefined without `lua5.1`. */
function throughLua(body: string, inputs: readonly string[]): string[] | undefined {
  const script = `for line in io.lines() do
    local text = line:gsub('%x%x', function(h) return string.char(tonumber(h, 16)) end)
    print((tostring(${body}):gsub('[%z\\1-\\255]', function(c) return string.format('%02x', c:byte()) end)))
  end`;
  const input = inputs.map((text) => `${Buffer.from(text, 'latin1').toString('hex')}\n`).join('');
  const { error, status, stdout, stderr } = spawnSync('lua5.1', ['-e', script], {
    input,
    encoding: 'latin1',
    maxBuffer: 1 << 26,
  });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return undefined;
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'hex').toString('latin1'));
}

test('two thousand broken programs get the messages of Lua', (context) => {
  const programs = brokenPrograms(2000);
  const expected = throughLua(`(select(2, loadstring(text, '@case.lua')))`, programs);
  if (expected === undefined) return context.skip('lua5.1 is not installed');
  const actual = programs.map((source) => {
    const outcome = parse(source, { name: 'case.lua', strict51: true });
    return outcome.ok ? 'nil' : renderLuaMessage(outcome.error);
  });
  assert.ok(actual.filter((message) => message !== 'nil').length > 1500);
  programs.forEach((source, index) => {
    assert.equal(actual[index], expected[index], JSON.stringify(source));
  });
});

test('chunk names are shown as Lua shows them', (context) => {
  const lengths = [1, 62, 63, 64, 65, 71, 72, 73, 78, 79, 80, 200];
  const names = [
    '',
    '=',
    '@',
    '\nx',
    'a\rb',
    'a\nb',
    ...lengths.flatMap((n) => ['', '=', '@'].map((p) => p + 'n'.repeat(n))),
  ];
  const expected = throughLua(`select(2, loadstring('x y', text)):match('^(.*):1: ')`, names);
  if (expected === undefined) return context.skip('lua5.1 is not installed');
  assert.deepEqual(names.map(chunkErrorName), expected);
});

test('chunk names of running code are shown as lua5.1 shows them', (context) => {
  const lengths = [35, 36, 42, 43, 44, 52, 53, 58, 59, 60, 80];
  const names = lengths.flatMap((n) => ['--', '=', '@'].map((prefix) => prefix + 'n'.repeat(n)));
  const expected = throughLua(`select(2, pcall(loadstring('error("x")', text))):match('^(.*):1: ')`, names);
  if (expected === undefined) return context.skip('lua5.1 is not installed');
  assert.deepEqual(names.map(chunkDisplayName), expected);
});
