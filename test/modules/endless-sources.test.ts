/** Files, peers and readers that have no end: what reads them whole comes to one, and named pipes hold up nobody. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { LATEST_MS, MOST_GROWTH, runLimited } from './limits.ts';
import { services } from './script.ts';

let opened: OpenedServices;
const folder = mkdtempSync(join(tmpdir(), 'catastrophic-'));
const pipe = join(folder, 'pipe');
/** Sends `x` for ever, without a line end. */
const endless = createServer((socket) => {
  visitors.push(socket.on('error', () => {}));
  const more = (): void => {
    while (!socket.destroyed && socket.write('x'.repeat(65_536)));
  };
  socket.on('drain', more);
  more();
});
const visitors: Socket[] = [];
let port = 0;
before(async () => {
  opened = await services();
  execFileSync('mkfifo', [pipe]);
  endless.listen(0, '127.0.0.1');
  await once(endless, 'listening');
  const address = endless.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
after(async () => {
  for (const socket of visitors) socket.destroy();
  endless.close();
  await opened.close();
  rmSync(folder, { recursive: true });
});

const INPUTS: Readonly<Record<string, string>> = {
  'a partial without end': `template.choose("mustache"):render("{{> /dev/zero}}", {})`,
  'a template without end': `template.choose("mustache"):render_file("/dev/zero", {})`,
  'a stream of base64 without end': `local r = base64.new_decoder(base64.StdEncoding, { read = function() return ("A"):rep(4096) end }) r:read("*a")`,
  'a line without end': `local r = base64.new_decoder(base64.StdEncoding, { read = function() return ("A"):rep(4096) end }) r:read("*l")`,
  'a number without end': `json.new_decoder({ read = function() return ("1"):rep(4096) end }):decode()`,
  'a document without end': `yaml.new_decoder({ read = function() return ("- a\\n"):rep(1024) end }):decode()`,
  'a copy without end': `ioutil.copy(strings.new_builder(), { read = function() return ("x"):rep(4096) end })`,
  'a line of a file without end': `local t = tac.open("/dev/zero") if t then t:line() end`,
  'files without end': `
    print(http.file_request("http://x/", { fieldname = "a", path = "/dev/zero" }))
    print(chef.client("a", "/dev/zero", "http://x/"))`,
  'certificates without end': `http.client({ root_cas_pem_file = "/dev/zero" })`,
  'a store without end': `print(storage.open("/dev/zero"))`,
  'a host that never ends its greeting': `print(cert_util.not_after("localhost", "127.0.0.1:PORT"))`,
  'a connection that never stops': `tcp.open("127.0.0.1:PORT"):read("*a")`,
  'a connection without a line': `tcp.open("127.0.0.1:PORT"):read("*l")`,
  'an answer that never stops': `print(http.client():do_request(http.request("GET", "http://127.0.0.1:PORT/")))`,
  'folders of folders': `filepath.glob("/*/*/*/*/*/*/*/*")`,
};

const HEAD = `
  for _, name in ipairs({ "base64", "json", "yaml", "template", "ioutil", "strings", "tac", "http", "chef", "storage", "cert_util", "tcp", "filepath" }) do
    dynamic_loader("nauthilus_gll_" .. name) _G[name] = require(name)
  end
`;

for (const [what, program] of Object.entries(INPUTS)) {
  test(what, async () => {
    const { failure, tookMs, growth } = await runLimited(opened, HEAD + program.replaceAll('PORT', String(port)));
    assert.doesNotMatch(failure ?? '', /internal error|undefined|JavaScript|at .*\.ts/);
    assert.ok(tookMs < LATEST_MS, `${tookMs} ms`);
    assert.ok(growth < MOST_GROWTH, `${growth} bytes more`);
  });
}

test('named pipes that nobody writes to hold up nobody', async () => {
  const { failure, tookMs } = await runLimited(
    opened,
    `${HEAD} local p = "${pipe}"
     http.file_request("http://x/", { fieldname = "a", path = p }) chef.client("a", p, "http://x/") storage.open(p)
     pcall(http.client, { root_cas_pem_file = p }) template.choose("mustache"):render("{{> " .. p .. "}}", {})
     template.choose("mustache"):render_file(p, {}) local t = tac.open(p) if t then t:line() end`,
  );
  assert.equal(failure, undefined);
  assert.ok(tookMs < LATEST_MS);
});
