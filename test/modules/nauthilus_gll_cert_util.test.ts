import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createSilent } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createServer, type Server } from 'node:tls';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { opensslMissing } from '../servers/certificate.ts';
import { printer } from './lua-program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let folder: string;
before(async () => {
  opened = await services();
  folder = mkdtempSync(join(tmpdir(), 'gll-cert-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await opened.close();
});

const printed = printer(() => opened, 'nauthilus_gll_cert_util');

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder });
  assert.equal(status, 0, String(stderr));
}

async function listening(server: Pick<Server, 'listen' | 'address'>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server as Server, 'listening');
  const bound = server.address();
  return `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
}

describe('the end of a certificate', { skip: opensslMissing }, () => {
  test('is the earliest of those that the server sends, whoever signed them', async () => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-x509', ...curve, '-days', '3', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca');
    openssl('req', ...curve, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=mail.example.test');
    openssl('x509', '-req', '-in', 'leaf.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '30', '-out', 'leaf.pem');
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    const names: unknown[] = [];
    const server = createServer({
      cert: read('leaf.pem') + read('ca.pem'),
      key: read('leaf.key'),
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    server.on('tlsClientError', () => {});
    const address = await listening(server);
    const out = await printed(`
      for _, name in ipairs({ "mail.example.test", "127.0.0.1", "with:port" }) do
        local time, err = cert_util.not_after(name, "${address}")
        print(time and math.floor((time - os.time()) / 86400 + 0.5), err)
      end
    `);
    server.close();
    assert.equal(out, '3\tnil\n'.repeat(3));
    assert.deepEqual(names, ['mail.example.test']);
  });
});

test('a server that says nothing, or something else, gives a text', async () => {
  const server = createSilent((socket) => socket.end('220 hello\r\n'));
  const address = await listening(server as never);
  const out = await printed(`print(cert_util.not_after("x", "${address}"))`);
  server.close();
  assert.equal(out, 'nil\tcerts not found\n');
});
