import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type LuaTable, type LuaValue, rawSet, tableFromArray, tableFromEntries } from '../../runtime/engine/api.ts';
import template from '../../runtime/modules/nauthilus_gll_template.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let engine: LuaValue;
const folder = mkdtempSync(join(tmpdir(), 'template-'));
before(async () => {
  opened = await services();
  script = new Script(opened, [template], { deadlineMs: 60_000 });
  [engine] = await script.call(await script.require('template', 'nauthilus_gll_template'), 'choose', 'mustache');
});
after(async () => {
  await opened.close();
  rmSync(folder, { recursive: true });
});

const values = (members: Record<string, LuaValue>): LuaTable => tableFromEntries(Object.entries(members));
const render = (text: string, members: Record<string, LuaValue>) =>
  script.method(engine, 'render', text, values(members));

describe('rendering', () => {
  const cases: readonly [string, string, () => Record<string, LuaValue>, string][] = [
    ['escapes', '{{v}} {{{v}}}', () => ({ v: `<'&">` }), `&lt;&#39;&amp;&#34;&gt; <'&">`],
    ['repeats', '{{#l}}{{.}},{{/l}}', () => ({ l: tableFromArray([1, 2]) }), '1,2,'],
    ['looks outwards', '{{#m}}{{a}}{{b}}{{/m}}', () => ({ a: 1, m: values({ b: 2 }) }), '12'],
    ['walks', '{{a.b}}', () => ({ a: values({ b: 'deep' }) }), 'deep'],
    ['takes an empty list for an empty map', '{{#v}}yes{{/v}}', () => ({ v: values({}) }), 'yes'],
    ['takes zero and blanks for nothing', '{{^a}}x{{/a}}{{^b}}y{{/b}}', () => ({ a: 0, b: ' ' }), 'xy'],
    ['prints large numbers as Go does', '{{n}}', () => ({ n: 1234567 }), '1.234567e+06'],
    ['removes lines that hold a section only', 'a\n {{#t}}\nb\n{{/t}}\nc', () => ({ t: true }), 'a\nb\nc'],
    ['knows nothing of JavaScript', '{{constructor}}{{__proto__}}{{s.length}}', () => ({ s: 'x' }), ''],
  ];
  for (const [what, text, members, expected] of cases) {
    test(what, async () => {
      assert.deepEqual(await render(text, members()), [expected]);
    });
  }

  test('text without tags stays as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string().map((text) => text.replaceAll('{', '').replaceAll(/[^ -~\n]/g, '')),
        async (text) => {
          assert.deepEqual(await render(text, {}), [text]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

test('a broken template is nil and a text with the line', async () => {
  assert.deepEqual(await render('a\n{{#b}}\nc', {}), [undefined, 'line 3: Section b has no closing tag']);
  assert.deepEqual(await render('{{/a}}', {}), [undefined, 'line 1: unmatched close tag']);
});

test('a list is no context', async () => {
  assert.deepEqual(await script.method(engine, 'render', 'x', tableFromArray([1])), [
    undefined,
    'arguments #1 must be a table, but got an array',
  ]);
});

test('files are rendered, a missing one is nil and a text', async () => {
  const path = join(folder, 'mail.tpl');
  writeFileSync(path, 'To: {{name}}');
  assert.deepEqual(await script.method(engine, 'render_file', path, values({ name: 'x' })), ['To: x']);
  const missing = join(folder, 'none');
  assert.deepEqual(await script.method(engine, 'render_file', missing, values({})), [
    undefined,
    `open ${missing}: no such file or directory`,
  ]);
});

test('a partial that includes itself and a table that contains itself come to an end', async () => {
  const path = join(folder, 'loop');
  writeFileSync(path, `{{> ${path}}}`);
  assert.match(String((await render(`{{> ${path}}}`, {}))[1]), /includes itself/);
  const loop = values({});
  rawSet(loop, 'self', loop);
  await assert.rejects(render('{{v}}', { v: loop }), /contains itself/);
});
