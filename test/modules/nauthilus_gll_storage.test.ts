import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LuaTable, type LuaValue, rawSet } from '../../runtime/engine/api.ts';
import storage from '../../runtime/modules/nauthilus_gll_storage.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
let folder: string;
before(async () => {
  opened = await services();
  // The process that is killed takes its time to start.
  script = new Script(opened, [storage], { deadlineMs: 120_000 });
  module = await script.require('storage', 'nauthilus_gll_storage');
  folder = mkdtempSync(join(tmpdir(), 'gll-storage-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

const open = async (name: string): Promise<LuaValue> => {
  const [handle, reason] = await script.call(module, 'open', join(folder, name));
  assert.equal(reason, undefined);
  return handle;
};

function numberIn(path: string): number {
  const { data } = JSON.parse(readFileSync(path, 'utf8'));
  return Number(Buffer.from(data.count.value, 'base64').toString());
}

test('a process that is killed while it writes loses nothing that it was told is safe', async () => {
  for (const delay of [20, 57, 131]) {
    const path = join(folder, `killed-${delay}.json`);
    const writer = fileURLToPath(new URL('storage-writer.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await once(child.stdout, 'data');
    await sleep(delay);
    child.kill('SIGKILL');
    await once(child, 'close');
    const acknowledged = Number(said.trimEnd().split('\n').at(-1));
    assert.ok(acknowledged >= 1);
    assert.ok(numberIn(path) >= acknowledged, `${numberIn(path)} on the disk, ${acknowledged} acknowledged`);
  }
});

test('changes reach the disk without being asked to', async () => {
  const handle = await open('later.json');
  await script.method(handle, 'set', 'count', 7);
  await sleep(1300);
  assert.equal(numberIn(join(folder, 'later.json')), 7);
});

test('nothing but the file is left in the folder', async () => {
  mkdirSync(join(folder, 'sub'));
  const handle = await open('sub/x.json');
  await Promise.all([1, 2, 3].map((value) => script.method(handle, 'set', 'k', value)));
  await Promise.all([1, 2, 3].map(() => script.method(handle, 'sync')));
  assert.deepEqual(await script.method(handle, 'close'), []);
  assert.deepEqual(readdirSync(join(folder, 'sub')), ['x.json']);
});

test('what cannot be written is a text, and what is in the file stays', async () => {
  mkdirSync(join(folder, 'gone'));
  const handle = await open('gone/x.json');
  rmSync(join(folder, 'gone'), { recursive: true });
  const path = join(folder, 'gone/x.json');
  assert.deepEqual(await script.method(handle, 'sync'), [`open ${path}: no such file or directory`]);
});

test('a full store says so, and takes what is smaller in the place of what is there', async () => {
  const handle = await open('full.json');
  const text = 'x'.repeat(9_000_000);
  const answers: LuaValue[] = [];
  for (let at = 0; at < 8; at++) answers.push((await script.method(handle, 'set', `key ${at}`, text))[0]);
  assert.deepEqual(answers, [...new Array(7).fill(undefined), 'the store has more than 67108864 bytes']);
  assert.deepEqual(await script.method(handle, 'set', 'key 0', 'short'), []);
  assert.deepEqual(await script.method(handle, 'set', 'key 7', text), []);
  for (let at = 0; at < 8; at++) await script.method(handle, 'set', `key ${at}`, 1);
});

test('a file that is no store is refused and left alone', async () => {
  const cases: readonly [string, string][] = [
    ['{"data":[]}', 'json: cannot unmarshal array into Go value of type map[string]*storage.storageValue'],
    ['"x"', 'json: cannot unmarshal string into Go value of type storage.Storage'],
    ['{', 'unexpected end of JSON input'],
    [`${'['.repeat(20_000)}`, "invalid character '[' exceeded max depth"],
  ];
  for (const [content, reason] of cases) {
    const path = join(folder, 'broken.json');
    writeFileSync(path, content);
    assert.deepEqual(await script.call(module, 'open', path), [undefined, reason]);
    assert.equal(readFileSync(path, 'utf8'), content);
  }
});

test('values that are no JSON and keys that are no text are refused', async () => {
  const handle = await open('bad.json');
  const loop = new LuaTable();
  rawSet(loop, 'loop', loop);
  assert.match(String((await script.method(handle, 'set', 'k', loop))[0]), /recursively nested/);
  assert.match(String((await script.method(handle, 'set', 'k', Number.NaN))[0]), /unsupported value: NaN/);
  assert.deepEqual(await script.method(handle, 'get', 'k'), [undefined, false]);
  for (const [name, args] of [
    ['set', [true]],
    ['set', ['k', 1, true]],
    ['get', [undefined]],
    ['get', []],
  ] as const) {
    await assert.rejects(script.method(handle, name, ...args), /bad argument/, name);
  }
  for (const name of ['set', 'get', 'keys', 'dump', 'sync', 'close']) {
    await assert.rejects(script.call(handle, name, 'x', 'y', 'z'), /userdata expected, got string/, name);
  }
});

test('a limit that is beyond all time is none, and one that has passed hides the value', async () => {
  const handle = await open('ttl.json');
  for (const ttl of [1e30, Number.POSITIVE_INFINITY, Number.NaN, -5, 0]) {
    await script.method(handle, 'set', 'k', 'v', ttl);
    assert.deepEqual(await script.method(handle, 'get', 'k'), ['v', true], String(ttl));
  }
});
