import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type ChefServer, startChef } from '../servers/chef.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let server: ChefServer;
let folder: string;
before(async () => {
  opened = await services();
  server = await startChef();
  folder = mkdtempSync(join(tmpdir(), 'gll-chef-'));
  writeFileSync(join(folder, 'key.pem'), server.key);
  writeFileSync(join(folder, 'other.pem'), server.otherForm);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'stranger.pem'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  writeFileSync(join(folder, 'ec.pem'), curve.export({ type: 'pkcs8', format: 'pem' }));
});
after(async () => {
  rmSync(folder, { recursive: true });
  server.stop();
  await opened.close();
});

function printed(source: string): Promise<string> {
  return outputOf(
    opened,
    `dynamic_loader("nauthilus_gll_chef")
    local chef = require("chef")
    local connect = chef.client
    local function client(key) return chef.client("${server.client}", "${folder}/" .. key, "${server.url}/organizations/mail/") end
    ${source}`,
  );
}

test('requests carry a signature that the server accepts', async () => {
  const out = await printed(`
    local chef = assert(client("key.pem"))
    local answer = assert(chef:request("GET", "nodes/./mx1?x=1"))
    print(answer.method, answer.target, answer.total, "[" .. answer.body .. "]")
    answer = assert(chef:request("PUT", "nodes/mx1", '{"a":"ü"}'))
    print(answer.type, answer.body)
    print(assert(chef:request("POST", "nodes", "plain")).type)
    print(assert(client("other.pem")):request("GET", "/status").target)
  `);
  assert.equal(
    out,
    'GET\t/organizations/mail/nodes/mx1?x=1\t1\t[]\napplication/json\t{"a":"ü"}\ntext/plain; charset=utf-8\n/status\n',
  );
});

test('a search is a query, with a body when only parts are wanted', async () => {
  const out = await printed(`
    local chef = assert(client("key.pem"))
    print(chef:search("node", "name:mx* AND a:b").target)
    local answer = chef:search("node", "*:*", { name = { "name" } }, { rows = 5, start = 10, sort_by = "name asc" })
    print(answer.method, answer.target, answer.body)
    print((select(2, pcall(chef.search, chef, "node", "x", nil, { rows = "5" })):match("rows must be number")))
    print((select(2, pcall(chef.search, chef, "node", "x", nil, { sort_by = 5 })):match("sort_by must be string")))
  `);
  assert.equal(
    out,
    '/organizations/mail/search/node?q=name%3Amx%2A+AND+a%3Ab&rows=1000&sort=X_CHEF_id_CHEF_X+asc&start=0\n' +
      'POST\t/organizations/mail/search/node?q=%2A%3A%2A&rows=5&sort=name+asc&start=10\t{"name":["name"]}\n' +
      'rows must be number\nsort_by must be string\n',
  );
});

test('what goes wrong is a text without passwords', async () => {
  const withPassword = server.url.replace('//', '//user:secret@');
  const out = await printed(`
    local chef = assert(client("key.pem"))
    print(client("stranger.pem"):request("GET", "nodes"))
    print(chef:request("GET", "nodes/missing"))
    print(chef:request("GET", "broken"))
    print(chef:request("GET", "http://h:x/"))
    print(client("ec.pem"))
    print(assert(connect("${server.client}", "${folder}/key.pem", "${withPassword}/organizations/mail/")):request("GET", "nodes/missing"))
  `);
  assert.equal(
    out.replaceAll(server.url, 'URL'),
    'nil\tGET URL/organizations/mail/nodes: 401 Unauthorized\n' +
      'nil\tGET URL/organizations/mail/nodes/missing: 404 Not Found\n' +
      "nil\tinvalid character '<' looking for beginning of value\n" +
      'nil\tparse "http://h:x/": invalid port ":x" after host\n' +
      'nil\tx509: failed to parse private key\n' +
      `nil\tGET ${server.url.replace('//', '//user:***@')}/organizations/mail/nodes/missing: 404 Not Found\n`,
  );
});
