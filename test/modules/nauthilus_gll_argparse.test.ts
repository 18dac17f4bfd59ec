/** What the recorded cases of argparse leave open: it lives in a server, and functions of scripts may wait. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

function printed(program: string): Promise<string> {
  const head =
    'dynamic_loader("nauthilus_gll_argparse") local argparse = require("argparse") local p = argparse("t", "Does.")\n';
  return outputOf(opened, head + program);
}

test('a wrong command line and --help raise their text, and the process goes on', async () => {
  const program = `
    local ok, text = pcall(p.parse, p, { "--nosuch" }) print(ok, text)
    ok, text = pcall(p.parse, p, { "--help" }) print(ok, (text:gsub("\\n.*", "")))
    p:add_complete() ok, text = pcall(p.parse, p, { "--completion", "bash" }) print(ok, text:match("complete %-F _t"))
    print(p:pparse({ "x" }))`;
  assert.equal(
    await printed(program),
    "false\tUsage: t [-h]\n\nError: unknown option '--nosuch'\nfalse\tUsage: t [-h]\nfalse\tcomplete -F _t\nfalse\ttoo many arguments\n",
  );
});

test('functions of the script that convert and act may wait', async () => {
  const program = `
    dynamic_loader("nauthilus_misc") local misc = require("nauthilus_misc")
    p:option("-n"):convert(function(text) misc.wait_random(1, 2) return text .. "!" end)
    p:flag("-x"):action(function(result) misc.wait_random(1, 2) result.waited = true end)
    local r = p:parse({ "-n", "a", "-x" }) print(r.n, r.waited)`;
  assert.equal(await printed(program), 'a!\ttrue\n');
});

test('what a script changes in the library is gone in the next environment', async () => {
  assert.equal(await printed('argparse.version = "changed" print(argparse.version)'), 'changed\n');
  assert.equal(await printed('print(argparse.version)'), '0.7.1\n');
});
