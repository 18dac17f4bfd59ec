import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileFunction } from 'node:vm';
import { emittedName, readEmittedName } from '../../runtime/contract/function-names.ts';
import { argumentError, LuaError, raise } from '../../runtime/engine/error.ts';
import { chunkOfTag, luaPosition, nameBuiltin, registerPositions } from '../../runtime/engine/positions.ts';
import { captureStack, currentFrames, formatFrames, formatTraceback } from '../../runtime/engine/traceback.ts';
import { runLua } from '../run-lua.ts';

/** `[generated column, source, source line, source column, name]` relative to the segment before, as base64 VLQ. */
function vlq(numbers: readonly number[]): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return numbers
    .map((number) => {
      let rest = number < 0 ? (-number << 1) | 1 : number << 1;
      let text = '';
      do {
        const digit = rest & 31;
        rest >>>= 5;
        text += digits[rest > 0 ? digit | 32 : digit];
      } while (rest > 0);
      return text;
    })
    .join('');
}

const CHUNK = 'case.lua';
const NAMES = ['global f', 'method go', '?', 'global f!', 'local fail'];

/** One JS line per Lua line; each line has one segment at column 0 with the given name (or none). */
function compileLines(scriptName: string, lines: readonly { code: string; name?: number }[]) {
  let lastName = 0;
  const mappings = lines
    .map(({ name }, index) => {
      const fields = [0, 0, index === 0 ? 0 : 1, 0];
      if (name === undefined) return vlq(fields);
      fields.push(name - lastName);
      lastName = name;
      return vlq(fields);
    })
    .join(';');
  registerPositions(scriptName, () => ({ sources: [CHUNK], names: NAMES, mappings }));
  return compileFunction(lines.map(({ code }) => code).join('\n'), ['api'], { filename: scriptName });
}

const fn = (name: string, line: number) => emittedName(name, line, line, CHUNK);

test('names of emitted functions give lines and chunk back, bundler suffix or not', () => {
  const name = emittedName('check user', 12, 20, 'policies/filter.lua');
  assert.match(name, /^[A-Za-z_$][\w$]*$/);
  for (const seen of [name, `${name}2`]) {
    const { firstLine, lastLine } = readEmittedName(seen) ?? {};
    assert.deepEqual([firstLine, lastLine], [12, 20]);
  }
  assert.equal(readEmittedName('next'), undefined);
  assert.match(emittedName('', 1, 1, 'x'), /^_\$/);
});

test('positions are looked up by the last segment at or before the column', () => {
  const mappings = `${vlq([4, 0, 6, 0, 1])},${vlq([10, 0, 1, 0])};;${vlq([2])}`;
  registerPositions('positions-test', () => ({ sources: [CHUNK], names: NAMES, mappings }));
  assert.equal(luaPosition('positions-test', 1, 3), undefined);
  assert.deepEqual(luaPosition('positions-test', 1, 5), {
    chunk: CHUNK,
    source: `@${CHUNK}`,
    line: 7,
    callee: 'method go',
  });
  assert.deepEqual(luaPosition('positions-test', 1, 40), {
    chunk: CHUNK,
    source: `@${CHUNK}`,
    line: 8,
    callee: undefined,
  });
  assert.deepEqual(luaPosition('positions-test', 2, 1), {
    chunk: CHUNK,
    source: `@${CHUNK}`,
    line: 8,
    callee: undefined,
  });
  assert.equal(luaPosition('positions-test', 3, 9), undefined);
  assert.equal(luaPosition('unknown', 1, 1), undefined);
});

test('the chunk of a function value is known by its tag', () => {
  registerPositions('tag-test', () => ({ sources: ['tagged.lua'], mappings: '' }));
  const tag = readEmittedName(emittedName('f', 1, 2, 'tagged.lua'))?.tag ?? '';
  assert.deepEqual(chunkOfTag(tag), { name: 'tagged.lua', source: '@tagged.lua' });
  assert.equal(chunkOfTag('zzzzzz'), undefined);
});

test('a builtin raises with the position of its Lua caller, by levels', () => {
  const make = compileLines('levels-test', [
    { code: `return (level) => { function ${fn('inner', 1)}() {` },
    { code: 'api.fail(level); }', name: 4 },
    { code: `function ${fn('outer', 3)}() {` },
    { code: `${fn('inner', 1)}(); }`, name: 0 },
    { code: `return ${fn('outer', 3)}(); }` },
  ]);
  const fail = nameBuiltin((level: number) => raise('text', level), 'fail');
  const run = make({ fail });
  const messageAt = (level: number): unknown => {
    try {
      run(level);
    } catch (error) {
      return error instanceof LuaError ? error.value : error;
    }
    return undefined;
  };
  assert.equal(messageAt(0), 'text');
  assert.equal(messageAt(1), 'case.lua:2: text');
  assert.equal(messageAt(2), 'case.lua:4: text');
  assert.equal(messageAt(9), 'text');
});

test('argument errors use the name of the call, and do not count the receiver of a method', () => {
  const make = compileLines('argument-test', [
    { code: `return (index) => { function ${fn('main', 0)}() {` },
    { code: 'if (index > 5) api.check(index);', name: 4 },
    { code: 'api.check(index); }', name: 1 },
    { code: `${fn('main', 0)}(); }` },
  ]);
  const check = nameBuiltin((index: number) => argumentError(index, 'own', 'number expected, got nil'), 'own');
  const run = make({ check });
  const error = (index: number) => ({ value: index });
  const messageOf = (index: number): unknown => {
    try {
      run(index);
    } catch (thrown) {
      return thrown instanceof LuaError ? thrown.value : error(index);
    }
    return undefined;
  };
  assert.equal(messageOf(6), "case.lua:2: bad argument #6 to 'fail' (number expected, got nil)");
  assert.equal(messageOf(2), "case.lua:3: bad argument #1 to 'go' (number expected, got nil)");
  assert.equal(messageOf(1), "case.lua:3: calling 'go' on bad self (number expected, got nil)");
});

test('a builtin that Lua did not call has neither position nor name', () => {
  const check = nameBuiltin(() => argumentError(1, 'rep', 'string expected'), 'rep');
  const pcall = nameBuiltin(() => check(), 'pcall');
  assert.throws(
    pcall,
    (error) => error instanceof LuaError && error.value === "bad argument #1 to '?' (string expected)",
  );
});

test('a traceback shows Lua frames and builtins only', () => {
  const make = compileLines('traceback-test', [
    { code: `return () => { function ${fn('f', 1)}() {` },
    { code: 'return api.capture(); }', name: 4 },
    { code: `function ${fn('main', 0)}() {` },
    { code: `return api.helper(() => ${fn('f', 1)}()); }`, name: 0 },
    { code: `return ${fn('main', 0)}(); }` },
  ]);
  const capture = nameBuiltin(() => captureStack(), 'traceback');
  const helper = (callback: () => unknown) => callback();
  const text = formatTraceback(make({ capture, helper })());
  assert.equal(
    text,
    [
      'stack traceback:',
      "\t[C]: in function 'fail'",
      "\tcase.lua:2: in function 'f'",
      '\tcase.lua:4: in main chunk',
      '\t[C]: ?',
    ].join('\n'),
  );
});

test('the frame that a tail call replaced is shown as lost', () => {
  const make = compileLines('tail-test', [
    { code: `return () => { function ${fn('f', 1)}() { return api.frames(); }` },
    { code: `function ${fn('g', 2)}() {` },
    { code: `return ${fn('f', 1)}(); }`, name: 3 },
    { code: `function ${fn('main', 0)}() {` },
    { code: `return ${fn('g', 2)}(); }`, name: 0 },
    { code: `return ${fn('main', 0)}(); }` },
  ]);
  const frames = nameBuiltin(() => currentFrames(), 'frames');
  assert.equal(
    formatFrames(make({ frames })().slice(1), true),
    [
      'stack traceback:',
      '\tcase.lua:1: in function <case.lua:1>',
      '\t(tail call): ?',
      '\tcase.lua:5: in main chunk',
      '\t[C]: ?',
    ].join('\n'),
  );
});

test('long tracebacks keep their first eleven and last ten lines', () => {
  const frames = Array.from({ length: 40 }, (_, at) => ({
    kind: 'lua' as const,
    chunk: CHUNK,
    source: `@${CHUNK}`,
    line: at + 1,
    definedAt: 1,
    endsAt: 1,
    calledAs: { kind: 'local', name: 'r' },
    fn: undefined,
  }));
  const lines = formatFrames(frames, true, 1).split('\n');
  assert.equal(lines.length, 1 + 11 + 1 + 10);
  assert.equal(lines[12], '\t...');
  assert.match(lines[11] ?? '', /:11:/);
  assert.match(lines[13] ?? '', /:32:/);
});

test('the traceback of a stack overflow shows the innermost calls and that there are more', async () => {
  const { stdout } = await runLua(`
    local function f() return 1 + f() end
    print(select(2, xpcall(f, debug.traceback)))`);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines[0], 'case.lua:2: stack overflow');
  assert.equal(lines.length, 2 + 20 + 1);
  assert.equal(lines[2], "\tcase.lua:2: in function 'f'");
  assert.equal(lines.at(-1), '\t...');
});
