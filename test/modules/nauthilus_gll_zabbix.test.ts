import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { startZabbix, type ZabbixServer } from '../servers/zabbix.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let server: ZabbixServer;
let folder: string;
before(async () => {
  opened = await services();
  server = await startZabbix();
  folder = mkdtempSync(join(tmpdir(), 'gll-zabbix-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  server.stop();
  await opened.close();
});

function printed(source: string): Promise<string> {
  return outputOf(
    opened,
    `dynamic_loader("nauthilus_gll_zabbix")
    local zabbix = require("zabbix")
    local connection = zabbix.new({ url = "${server.url}", user = "${server.user}", passwd = "${server.password}" })
    ${source}`,
  );
}

test('the API is asked with the token of the login, but for what needs none', async () => {
  const out = await printed(`
    print(connection:request("host.get", { output = "extend" }))
    print(connection:login())
    local hosts = connection:request("host.get", { output = "extend" })
    print(#hosts, hosts[1].host, hosts[1].empty)
    print(connection:request("apiinfo.version", { a = 1 }))
    print(connection:request("no.such", { a = 1 }))
    print(connection:logout())
  `);
  assert.equal(
    out,
    'nil\terror -32602: Not authorized.\n\n1\tmx1\tnil\n6.0.14\nnil\terror -32601: Incorrect API "no.such".\n\n',
  );
});

test('a wrong password is a text', async () => {
  const out = await printed(`
    print(zabbix.new({ url = "${server.url}", user = "Admin", passwd = "x" }):login())
    print(zabbix.new({ url = "${server.url}/nothing", user = "Admin", passwd = "x" }):login())
  `);
  assert.equal(out, 'error -32602: Login name or password is incorrect.\nunexpected end of JSON input\n');
});

test('a graph is saved after a login at the pages', async () => {
  const path = join(folder, 'graph.png');
  writeFileSync(path, 'x'.repeat(50));
  const out = await printed(`
    print(connection:save_graph(23, "${path}", { width = 900 }))
    print(zabbix.new({ url = "${server.url}", user = "Admin", passwd = "x" }):save_graph(23, "${folder}/other.png"))
    print(connection:save_graph(23, "${path}", { depth = 1 }))
    print(connection:save_graph(23, "/nosuch/x.png"))
  `);
  assert.equal(
    out,
    '\nresponse code: 403\nunknown graph settings parameter: `depth`\nopen /nosuch/x.png: no such file or directory\n',
  );
  // The file is not emptied first, as in the reference.
  assert.equal(readFileSync(path, 'utf8'), 'picture of 23 900x300 3600'.padEnd(50, 'x'));
});
