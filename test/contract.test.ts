/** The contract between emitted code and engine: complete, and nothing in it that no code uses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CompileOptions, compileChunk, compileProgram } from '../compiler/front/index.ts';
import { ABI_VERSION } from '../runtime/contract/abi.ts';
import type { HostManifest } from '../runtime/contract/host.ts';
import { emittedApi } from '../runtime/engine/emitted-api.ts';
import { instantiateCode } from '../runtime/engine/load.ts';
import { testManifest } from './run-lua.ts';

/** Together these make the emitter use everything it knows. */
const PROGRAM = `
local t = { a = 1, [f()] = 2, "x", ... }
t = { [f()] = 2, [g()] = 3 }
local a, b = g(), #t
t.n, t[b], t[1] = a + b - a * b / a % b ^ a, -a, a .. b .. "x" .. a
n = a .. b
local c = a == b or a < b or a <= b
for i = a, b do t[i] = t[i + 1] end
for k, v in pairs(t) do h(k, v, g()) h(g()) h(k, g()) h(k, v, k, g()) end
local number = 5 number = number % 3 + number ^ 0.5 s = "n" .. number
setmetatable({}, { __index = t }) setmetatable({}, t)
local function count(...) return 1, 2, 3, 4, (select("#", ...)) end
local function more(...) t = { ... } n = select("#", g()) n = select(2, g()) return 1, ... end
function ping(n) if n then return pong(n) end return 1, 2, 3 end
function pong(n) return ping(n) end
function later(n) wait(n) return later2(n) end
function later2(n) return later(n) end
local function legacy() return {}, 1 end
local function older(...) legacy(arg) end
server:do_handle_function(function(response) return response end)
table.sort(t) coroutine.yield(1) while wait() do t:method({ 1, g() }) end
return ...
`;

const STARTS_CODE = {
  name: 'do_handle_function',
  colour: 'io',
  params: [],
  returns: [],
  startsCode: true,
  doc: 'x',
} as const;
const programManifest: HostManifest = { ...testManifest, globals: [...testManifest.globals, STARTS_CODE] };

function used(options: CompileOptions): string {
  const { files, diagnostics } = compileProgram([{ name: 'all.lua', source: PROGRAM }], programManifest, options);
  assert.deepEqual(diagnostics, []);
  return files.map(({ code }) => code).join('\n');
}

test('every operation of the contract is emitted by some program', () => {
  const loaded = compileChunk('setfenv(1, {}) return function() return 1, 2 end', '=loaded', testManifest);
  assert.ok(loaded.ok);
  const code = [used({ checkPlain: true }), used({ suspendAll: true }), loaded.file.code].join('\n');
  const unused = Object.keys(emittedApi).filter((name) => !new RegExp(`\\$\\.?${name}\\b`).test(code));
  assert.deepEqual(unused, []);
});

test('emitted code names nothing that the engine lacks', () => {
  const names = [...used({}).matchAll(/(?<![\w$.])\$(?:\.)?([A-Za-z]\w*)\b(?!\$)/g)].map(([, name]) => name as string);
  assert.deepEqual(
    [...new Set(names)].filter((name) => !(name in emittedApi)),
    [],
  );
});

test('a chunk says which contract it was compiled for, and another one is refused', () => {
  const { files } = compileProgram([{ name: 'a.lua', source: 'return 1' }], testManifest);
  const [file] = files;
  assert.ok(file !== undefined);
  const chunk = instantiateCode(file);
  assert.deepEqual(
    { abi: chunk.abi, name: chunk.name, suspends: chunk.suspends },
    { abi: ABI_VERSION, name: 'a.lua', suspends: false },
  );
  const other = { ...file, code: file.code.replace(`abi: ${ABI_VERSION}`, 'abi: 0') };
  assert.throws(() => instantiateCode(other), /another version/);
});

test('nothing of a Lua file passes unescaped into the code', () => {
  const source =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Lua text that would be a placeholder if it got out unescaped
    'local s = "</script>\\"\\\\\\n\\0\\226\\128\\168\\255" local t = { ["`${x}`"] = s, ["a\'b"] = 1 } return t["]; throw 1; //"]';
  const { files } = compileProgram([{ name: 'a"\n\\.lua', source }], testManifest);
  const [file] = files;
  assert.ok(file !== undefined);
  assert.match(file.code, /^[\n -~]*$/);
  assert.equal(instantiateCode(file).name, 'a"\n\\.lua');
});
