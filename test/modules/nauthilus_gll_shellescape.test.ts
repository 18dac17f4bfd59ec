import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type LuaTable, type LuaValue, tableFromArray } from '../../runtime/engine/api.ts';
import shellescape from '../../runtime/modules/nauthilus_gll_shellescape.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
before(async () => {
  opened = await services();
  script = new Script(opened, [shellescape], { deadlineMs: 60_000 });
  module = await script.require('shellescape', 'nauthilus_gll_shellescape');
});
after(() => opened.close());

const call = async (name: string, value: LuaValue) => (await script.call(module, name, value))[0];

test('the shell reads back every quoted word as it was', async () => {
  const word = fc.string({ unit: fc.constantFrom(...'abc \'"$`\\*?!#~;&|<>(){}[]=%+,./-\n\té'), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 8 }), async (words) => {
      const bytes = words.map((each) => Buffer.from(each, 'utf8').toString('latin1'));
      const command = String(await call('quote_command', tableFromArray(['printf', '%s\\0', ...bytes])));
      const { stdout } = spawnSync('sh', ['-c', Buffer.from(command, 'latin1').toString('utf8')]);
      assert.deepEqual(stdout.toString('utf8').split('\0').slice(0, -1), words);
    }),
    { numRuns: 15 },
  );
});

test('words without special characters stay as they are', async () => {
  assert.equal(await call('quote', 'user@example.com'), 'user@example.com');
  assert.equal(await call('quote', ''), "''");
  assert.equal(await call('quote', "it's"), `'it'"'"'s'`);
});

test('what is no text in a command is an empty word', async () => {
  assert.equal(await call('quote_command', tableFromArray(['echo', true, 1.5])), "echo '' 1.5");
  assert.equal(await call('quote_command', tableFromArray([])), '');
});

test('control and format characters are stripped, broken UTF-8 is replaced', async () => {
  assert.equal(await call('strip_unsafe', 'a\x1b[1m\r\nb\xe2\x80\x8bc\xff'), 'a[1mbc\xef\xbf\xbd');
});
