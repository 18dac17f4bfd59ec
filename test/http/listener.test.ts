/** Sockets of the server: Unix sockets, the PROXY protocol, TLS with HTTP/2, and how connections end. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import tls from 'node:tls';
import { configText, startServer } from '../login-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'nauthilus-listener-'));
after(() => rmSync(folder, { recursive: true }));

const SOURCES = {
  'backend.lua': `
    dynamic_loader("nauthilus_misc")
    local misc = require("nauthilus_misc")
    function nauthilus_backend_verify_password(request)
      if request.username == "slow" then misc.wait_random(200, 201) end
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, ip = request.client_ip, port = request.client_port })
      result:authenticated(request.password == "secret")
      return 0, result
    end`,
};

const LUA = 'lua: { config: { backend_script_path: backend.lua } }';

async function listening(server: string) {
  const started = await startServer(configText(`backends: [lua]\n${server}`, LUA), SOURCES);
  await started.server.listen();
  return { ...started, port: Number(started.server.address.split(':').at(-1)) };
}

const LOGIN = ['POST /api/v1/auth/header?in-memory=0 HTTP/1.1', 'Host: x', 'Auth-User: mia', 'Auth-Pass: secret'];

/** Sends bytes over a socket and gives all that comes back. */
async function exchange(socket: net.Socket, ...parts: readonly (string | Buffer)[]): Promise<string> {
  let answer = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    answer += String(chunk);
  });
  const closed = once(socket, 'close');
  for (const part of parts) {
    socket.write(part);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await closed;
  return answer;
}

const request = (...more: readonly string[]) => [...LOGIN, ...more, 'Connection: close', '', ''].join('\r\n');

test('a Unix socket is served beside the address, with its permissions, and goes with the server', async () => {
  const path = join(folder, 'one.sock');
  const { server, port } = await listening(`unix_socket: { path: "${path}", mode: "660" }`);
  assert.equal(statSync(path).mode & 0o777, 0o660);
  const answer = await exchange(net.connect({ path }), request());
  assert.match(answer, /^HTTP\/1\.1 200 /);
  assert.match(answer, /X-Nauthilus-Ip: 127\.0\.0\.1/);
  assert.match(await exchange(net.connect(port, '127.0.0.1'), request()), /^HTTP\/1\.1 200 /);
  await server.close();
  assert.equal(existsSync(path), false);
});

test('a socket that a killed server has left is taken over, one in use is not', async () => {
  const path = join(folder, 'two.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', script]);
  assert.ok(existsSync(path));
  chmodSync(path, 0o600);
  await listening(`unix_socket: { path: "${path}" }`);
  await assert.rejects(listening(`unix_socket: { path: "${path}" }`), /EADDRINUSE/);
});

test('the PROXY protocol names the client, in one piece or in many', async () => {
  const { port } = await listening('haproxy_v2: true');
  const header = 'PROXY TCP4 198.51.100.7 10.0.0.1 4711 80\r\n';
  const connect = () => net.connect(port, '127.0.0.1');
  const whole = await exchange(connect(), header + request());
  assert.match(whole, /X-Nauthilus-Ip: 198\.51\.100\.7\r\nX-Nauthilus-Port: 4711/);
  const pieces = await exchange(connect(), header.slice(0, 9), header.slice(9), request());
  assert.match(pieces, /X-Nauthilus-Ip: 198\.51\.100\.7/);
  const binary = Buffer.from('0d0a0d0a000d0a515549540a2111000cc63364070a00000112670050', 'hex');
  assert.match(await exchange(connect(), Buffer.concat([binary, Buffer.from(request())])), /X-Nauthilus-Port: 4711/);
});

test('a connection without the PROXY header is ended without an answer', async () => {
  const { port } = await listening('haproxy_v2: true');
  assert.equal(await exchange(net.connect(port, '127.0.0.1'), request()), '');
});

test('a PROXY header is believed from the listed balancers only', async () => {
  const headers = [
    'PROXY TCP4 198.51.100.7 10.0.0.1 4711 80\r\n',
    Buffer.from('0d0a0d0a000d0a515549540a2111000cc63364070a00000112670050', 'hex'),
  ];
  const stranger = await listening('haproxy_v2: true\nhaproxy_networks: [192.0.2.0/24, "2001:db8::1"]');
  const balancer = await listening('haproxy_v2: true\nhaproxy_networks: [127.0.0.0/8]');
  for (const header of headers) {
    const bytes = Buffer.concat([Buffer.from(header), Buffer.from(request())]);
    assert.equal(await exchange(net.connect(stranger.port, '127.0.0.1'), bytes), '');
    assert.match(
      await exchange(net.connect(balancer.port, '127.0.0.1'), bytes),
      /X-Nauthilus-Ip: 198\.51\.100\.7\r\nX-Nauthilus-Port: 4711/,
    );
  }
});

test('who may use the API is judged by the peer that the PROXY header names', async () => {
  const lists = 'haproxy_v2: true\nhaproxy_networks: [127.0.0.1]\ntrusted_clients: [198.51.100.0/24]';
  const { port } = await listening(lists);
  const statusOf = async (peer: string) => {
    const header = `PROXY TCP4 ${peer} 10.0.0.1 4711 80\r\n`;
    return (await exchange(net.connect(port, '127.0.0.1'), header + request())).split(' ')[1];
  };
  assert.deepEqual([await statusOf('198.51.100.7'), await statusOf('203.0.113.7')], ['200', '403']);
  const unknown = await exchange(net.connect(port, '127.0.0.1'), `PROXY UNKNOWN\r\n${request()}`);
  assert.match(unknown, /^HTTP\/1\.1 403 /, 'the balancer itself is no client');
});

test('X-Forwarded-For is read from its end', async () => {
  const { port } = await listening('');
  const ip = async (list: string) => {
    const answer = await exchange(net.connect(port, '127.0.0.1'), request(`X-Forwarded-For: ${list}`));
    return /X-Nauthilus-Ip: (\S+)/.exec(answer)?.[1];
  };
  assert.equal(await ip('203.0.113.9, 198.51.100.7'), '198.51.100.7');
  assert.equal(await ip('203.0.113.9, 198.51.100.7, 127.0.0.1'), '198.51.100.7');
  assert.equal(await ip('203.0.113.9, 10.0.0.1'), '203.0.113.9');
  assert.equal(await ip('10.0.0.9, 10.0.0.1'), '10.0.0.1');
  assert.equal(await ip('127.0.0.1'), '127.0.0.1');
});

test('a request of any method is answered, whatever its body is', async () => {
  const { port } = await listening('');
  for (const method of http.METHODS.filter((each) => each !== 'CONNECT')) {
    for (const path of ['/ping', '/api/v1/auth/json', '/nowhere']) {
      const head = [`${method} ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', 'Content-Length: 2'];
      const bytes = [...head, 'Connection: close', '', '{}'].join('\r\n');
      assert.match(await exchange(net.connect(port, '127.0.0.1'), bytes), /^HTTP\/1\.1 [24]0\d /, `${method} ${path}`);
    }
  }
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test('over TLS both versions of HTTP are served', {
  skip: hasOpenssl ? false : 'openssl is not installed',
}, async (t) => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  spawnSync('openssl', [...args, '-subj', '/CN=localhost', '-keyout', key, '-out', cert]);
  const tlsText = `tls: { enabled: true, cert: "${cert}", key: "${key}" }`;

  await t.test('HTTP/2, with bodies, attributes and many requests at once', async () => {
    const { port, lines, server } = await listening(tlsText);
    const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    const ask = async (path: string, headers: http2.OutgoingHttpHeaders, body = '') => {
      const stream = session.request({ ':path': path, ':method': 'POST', ...headers });
      if (headers[':method'] !== 'GET') stream.end(body);
      const [answer] = await once(stream, 'response');
      let text = '';
      for await (const chunk of stream) text += String(chunk);
      return { answer, text };
    };
    const logins = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ask('/api/v1/auth/header', { 'auth-user': `user${i}`, 'auth-pass': 'secret', 'client-ip': '192.0.2.7' }),
      ),
    );
    for (const [i, { answer }] of logins.entries()) {
      assert.equal(answer[':status'], 200);
      assert.equal(answer['x-nauthilus-account'], `user${i}`);
    }
    const body = JSON.stringify({ username: 'mia', password: 'secret', client_ip: '192.0.2.7' });
    const json = await ask('/api/v1/auth/json', { 'content-type': 'application/json' }, body);
    assert.deepEqual(JSON.parse(json.text).attributes.account, ['mia']);
    const peer = await ask('/api/v1/auth/header', { 'auth-user': 'peer', 'auth-pass': 'secret' });
    assert.equal(peer.answer['x-nauthilus-ip'], '127.0.0.1');
    const huge = await ask('/api/v1/auth/json', { 'content-type': 'application/json' }, 'x'.repeat(2_000_000));
    assert.equal(huge.answer[':status'], 413);
    assert.equal((await ask('/ping', { ':method': 'GET' })).text, 'pong');
    const line = lines().findLast(({ uri_path: path }) => path === '/ping');
    assert.equal(line?.protocol, 'HTTP/2.0');
    assert.match(line?.tls_protocol ?? '', /^TLSv1\.[23]$/);
    const slow = ask('/api/v1/auth/header?in-memory=0', { 'auth-user': 'slow', 'auth-pass': 'secret' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closing = server.close();
    assert.equal((await slow).answer[':status'], 200, 'a running request ends');
    await closing;
  });

  await t.test('HTTP/1.1, also behind the PROXY protocol', async () => {
    const { port } = await listening(`haproxy_v2: true\n${tlsText}`);
    const raw = net.connect(port, '127.0.0.1');
    raw.write('PROXY TCP4 198.51.100.7 10.0.0.1 4711 80\r\n');
    const secured = tls.connect({ socket: raw, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    const answer = await exchange(secured, request());
    assert.match(answer, /X-Nauthilus-Ip: 198\.51\.100\.7/);
  });

  await t.test('clients that go away leave nothing behind', async () => {
    const { port, server } = await listening(tlsText);
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false };
    for (const ALPNProtocols of [['h2'], ['http/1.1']]) {
      const socket = tls.connect({ ...options, ALPNProtocols });
      await once(socket, 'secureConnect');
      socket.end();
      await once(socket.resume(), 'close');
    }
    const session = http2.connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    const stream = session.request({ ':path': '/api/v1/auth/json', ':method': 'POST' });
    stream.write('{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    session.destroy();
    const before = performance.now();
    await server.close();
    assert.ok(performance.now() - before < 1000);
  });

  await t.test('what is no TLS is ended', async () => {
    const { port } = await listening(tlsText);
    assert.doesNotMatch(await exchange(net.connect(port, '127.0.0.1'), request()), /HTTP\/1\.1 200/);
  });
});

test('a server that closes ends connections that say nothing and answers those that wait', async () => {
  const { port, server } = await listening('');
  const silent = net.connect(port, '127.0.0.1');
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  const agent = new http.Agent({ keepAlive: true });
  const headers = { 'Auth-User': 'slow', 'Auth-Pass': 'secret' };
  const sent = http.request({ port, method: 'POST', path: '/api/v1/auth/header?in-memory=0', headers, agent }).end();
  await new Promise((resolve) => setTimeout(resolve, 60));
  const before = performance.now();
  const closing = server.close();
  const [answer] = await once(sent, 'response');
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers.connection, 'close');
  answer.resume();
  await closing;
  assert.ok(performance.now() - before < 2000);
  agent.destroy();
});
