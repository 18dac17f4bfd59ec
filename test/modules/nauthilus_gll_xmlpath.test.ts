/** Documents and paths that are made to take long. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { runProgram } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const HEAD = 'dynamic_loader("nauthilus_gll_xmlpath") local xmlpath = require("xmlpath")\n';

test('a document of any depth is read, and its text is', async () => {
  const program = `${HEAD}local d = xmlpath.load(("<i>"):rep(5000) .. "x") print(#d:string(), #xmlpath.compile("//i"):iter(d))`;
  assert.equal((await runProgram(opened, program)).stdout, '1\t5000\n');
});

for (const [what, program] of Object.entries({
  'elements that all stay open': 'xmlpath.load(("<b>"):rep(1000000) .. ("</x>"):rep(1000000))',
  'a path of many steps through a deep document':
    'local d = xmlpath.load(("<div>"):rep(4000)) xmlpath.compile("//div//div//div//div//div[contains(.//div//div, \'x\')]"):iter(d)',
})) {
  test(`${what} end in the budget`, async () => {
    const started = performance.now();
    const { failure } = await runProgram(opened, HEAD + program, { deadlineMs: 1000 });
    assert.match(String(failure), /took longer|time|budget|deadline/i);
    assert.ok(performance.now() - started < 5000);
  });
}

test('a predicate within predicates is limited', async () => {
  const program = `${HEAD}print(xmlpath.compile(("a["):rep(5000)) == nil, (select(2, xmlpath.compile(("a["):rep(5000))):match("[^:]+$")))`;
  assert.equal((await runProgram(opened, program)).stdout, 'true\t nested too deep\n');
});
