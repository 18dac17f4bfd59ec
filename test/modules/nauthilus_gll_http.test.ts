/** `http` as scripts use it; what it does with good requests is in the recorded cases. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get as httpGet, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, get as httpsGet } from 'node:https';
import { createServer as createRawServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type Certificate, makeCertificate, opensslMissing } from '../servers/certificate.ts';
import { freePort } from '../servers/redis.ts';
import { type ProxyServer, startTinyproxy, tinyproxyMissing } from '../servers/tinyproxy.ts';
import { outputOf, runProgram } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let folder: string;
let server: Server;
let base: string;

before(async () => {
  opened = await services();
  folder = mkdtempSync(join(tmpdir(), 'gll-http-'));
  server = createServer((request, response) => {
    if (request.url === '/cookies') {
      response.setHeader('Set-Cookie', [
        'a=1; Path=/only',
        'b=2; Secure',
        'c=3; Max-Age=0',
        'd=4; Domain=other.test',
        'e=5',
      ]);
    }
    if (request.url === '/elsewhere') response.writeHead(302, { Location: `http://localhost:${portOf(server)}/home` });
    const { authorization = '-', cookie = '-', via = '-' } = request.headers;
    response.end(`${request.method} ${authorization} ${cookie} ${via}`);
  });
  await listen(server);
  base = `http://127.0.0.1:${portOf(server)}`;
});
after(async () => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
  await opened.close();
});

async function listen(target: Server): Promise<void> {
  target.listen(0);
  await once(target, 'listening');
}

function portOf(target: Server): number {
  const address = target.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const HEAD = `
dynamic_loader("nauthilus_gll_http")
local http = require("http")
local function get(client, url, change)
  local request = assert(http.request("GET", url))
  if change then change(request) end
  local answer, err = client:do_request(request)
  if answer then print(answer.code, answer.body) else print(err) end
end
`;

function printed(source: string): Promise<string> {
  return outputOf(opened, HEAD + source);
}

describe('a client', () => {
  test('sends back the cookies that are meant for the place it asks', async () => {
    const out = await printed(`
      local client = http.client()
      get(client, "${base}/cookies")
      get(client, "${base}/")
      get(client, "${base}/only/x")
      get(http.client(), "${base}/")
    `);
    assert.equal(out, '200\tGET - - -\n200\tGET - e=5 -\n200\tGET - a=1; e=5 -\n200\tGET - - -\n');
  });

  test('does not take credentials to another host', async () => {
    const out = await printed(`
      get(http.client({ basic_auth_user = "u", basic_auth_password = "p" }), "${base}/")
      get(http.client({ basic_auth_user = "u", basic_auth_password = "p" }), "${base}/elsewhere")
      get(http.client(), "http://u:p@127.0.0.1:${portOf(server)}/")
    `);
    assert.equal(out, '200\tGET Basic dTpw - -\n200\tGET - - -\n200\tGET Basic dTpw - -\n');
  });

  test('does not show a password in errors', async () => {
    const port = await freePort();
    const out = await printed(`get(http.client(), "http://user:geheim@127.0.0.1:${port}/")`);
    assert.match(out, /^Get "http:\/\/user:\*\*\*@127\.0\.0\.1:\d+\/": dial tcp .*: connect: connection refused\n$/);
  });

  test('lets others work while it waits', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const slow = createServer((_request, response) => setTimeout(() => response.end('late'), 200));
    await listen(slow);
    assert.equal(await printed(`get(http.client(), "http://127.0.0.1:${portOf(slow)}/")`), '200\tlate\n');
    clearInterval(timer);
    slow.close();
    assert.ok(turns > 3);
  });

  test('gives up on answers that do not end', async () => {
    const endless = createServer((_request, response) => void response.write('begin'));
    await listen(endless);
    const out = await printed(`get(http.client({ timeout = 0.3 }), "http://127.0.0.1:${portOf(endless)}/")`);
    endless.closeAllConnections();
    endless.close();
    assert.match(out, /^context deadline exceeded/);
  });

  test('without a time limit of its own ends with the script', async () => {
    let isOpen = false;
    const endless = createServer((request, response) => {
      isOpen = true;
      request.socket.on('close', () => {
        isOpen = false;
      });
      response.write('begin');
    });
    await listen(endless);
    const program = `${HEAD} get(http.client({ timeout = 0 }), "http://127.0.0.1:${portOf(endless)}/")`;
    const { failure } = await runProgram(opened, program, { deadlineMs: 200 });
    assert.match(failure ?? '', /deadline/);
    for (let wait = 0; isOpen && wait < 200; wait++) await sleep(10);
    endless.closeAllConnections();
    endless.close();
    assert.equal(isOpen, false);
  });

  test('says what is wrong with an answer, never in the words of JavaScript', async () => {
    const answers: Readonly<Record<string, string | Buffer>> = {
      '/zip': 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello',
      '/short': 'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello',
      '/head': `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(50_000)}\r\n\r\n`,
      '/text': 'hello\r\n\r\n',
      '/chunk': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      '/bomb': Buffer.concat([
        Buffer.from('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n'),
        gzipSync(Buffer.alloc(80e6)),
      ]),
    };
    const raw = createRawServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (request) =>
        socket.end(answers[String(request).split(' ')[1] ?? ''] ?? 'HTTP/1.1 400 Bad Request\r\n\r\n'),
      );
    });
    raw.listen(0, '127.0.0.1');
    await once(raw, 'listening');
    const bound = raw.address();
    const at = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
    const out = await printed(`
      for _, path in ipairs({ "zip", "short", "head", "text", "chunk", "bomb" }) do get(http.client(), "http://${at}/" .. path) end
      get(http.client(), "https://${at}/") get(http.client(), "http://127.0.0.1:70000/")
    `);
    raw.close();
    assert.deepEqual(out.replaceAll(at, 'AT').trimEnd().split('\n'), [
      'gzip: invalid header',
      'unexpected EOF',
      'Get "http://AT/head": net/http: server response headers exceeded 16384 bytes; aborted',
      'Get "http://AT/text": net/http: HTTP/1.x transport connection broken: malformed HTTP response',
      'net/http: HTTP/1.x transport connection broken: malformed HTTP response',
      'the answer has more than 67108864 bytes',
      'Get "https://AT/": http: server gave HTTP response to HTTPS client',
      'Get "http://127.0.0.1:70000/": dial tcp: address 70000: invalid port',
    ]);
  });

  test('refuses headers that would begin another one', async () => {
    const out = await printed(`
      get(http.client(), "${base}/", function(request) request:header_set("X", "a\\r\\nY: b") end)
      get(http.client(), "${base}/", function(request) request:header_set("X Y", "a") end)
      get(http.client({ user_agent = "a\\nb" }), "${base}/")
    `);
    assert.equal(out.match(/net\/http: invalid header field (name|value)/g)?.length, 3);
  });
});

describe('a proxy', { skip: tinyproxyMissing || opensslMissing }, () => {
  let proxy: ProxyServer;
  let secure: Server;
  let certificate: Certificate;
  before(async () => {
    proxy = await startTinyproxy();
    certificate = makeCertificate(folder);
    secure = createTlsServer({ cert: certificate.pem, key: await readKey(certificate) }, (_request, response) => {
      response.end('secret');
    });
    await listen(secure);
  });
  after(async () => {
    secure.close();
    await proxy.stop();
  });

  test('is asked with its own credentials', async () => {
    const at = proxy.address;
    const out = await printed(`
      get(http.client({ proxy = "http://${proxy.user}:${proxy.password}@${at}" }), "${base}/")
      get(http.client({ proxy = "http://${proxy.user}:wrong@${at}" }), "${base}/")
      get(http.client({ proxy = "http://${at}" }), "${base}/")
    `);
    const [first = '', second = '', third = ''] = out.split(/\n(?=4\d\d\t)/);

    assert.match(first, /^200\tGET - - 1\.1 tiny/);
    assert.match(second, /^40[17]\t/);
    assert.match(third, /^407\t/);
  });

  test('carries TLS through a tunnel', async () => {
    const out = await printed(`
      local proxy = "http://${proxy.user}:${proxy.password}@${proxy.address}"
      get(http.client({ proxy = proxy, root_cas_pem_file = "${certificate.certFile}" }), "https://localhost:${portOf(secure)}/")
      get(http.client({ proxy = proxy }), "https://localhost:${portOf(secure)}/")
      get(http.client({ proxy = "http://${proxy.address}" }), "https://localhost:${portOf(secure)}/")
    `);
    assert.match(
      out,
      /^200\tsecret\nGet "https:.*tls: failed to verify certificate: x509: .*\nGet "https:.*": Proxy Authentication Required\n$/,
    );
  });
});

async function readKey({ keyFile }: Certificate): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(keyFile, 'utf8');
}

/** What a server in a script answers. */
function ask(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage & { body: string }> {
  return new Promise((resolve, reject) => {
    const done = (response: IncomingMessage): void => {
      let body = '';
      response.setEncoding('latin1').on('data', (part) => {
        body += part;
      });
      response.on('end', () => resolve(Object.assign(response, { body })));
    };
    const request = url.startsWith('https:')
      ? httpsGet(url, { headers, agent: false, rejectUnauthorized: false }, done)
      : httpGet(url, { headers, agent: false }, done);
    request.on('error', reject);
  });
}

async function until(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const isThere = await ask(`http://127.0.0.1:${port}/probe`).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ECONNREFUSED',
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a server', () => {
  test('gives the script one request after the other, and ends with it', async () => {
    const port = await freePort();
    const ran = printed(`
      local server = assert(http.server("127.0.0.1:${port}"))
      for i = 1, 3 do
        local request, response = server:accept()
        response:header("X-Count", tostring(i))
        if request.query then response:code(418) end
        response:write(request.path .. tostring(request.headers["X-Name"]) .. "\\0\\255")
        response:done()
        response:done()
      end
      print("end")
    `);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [one, two, three] = await Promise.all([
      ask(`http://127.0.0.1:${port}/one`, { 'x-name': 'v' }),
      ask(`http://127.0.0.1:${port}/two?x=1`),
      ask(`http://127.0.0.1:${port}/three`),
    ]);
    assert.deepEqual([one.statusCode, one.body], [200, '/onev\0\xff']);
    assert.equal(two.statusCode, 418);
    assert.equal(one.headers['content-type'], 'application/octet-stream');
    assert.equal(
      [one, two, three].map((each) => Number(each.headers['x-count'])).reduce((a, b) => a + b),
      6,
    );
    assert.equal(await ran, 'end\n');
    await assert.rejects(ask(`http://127.0.0.1:${port}/`), /ECONNREFUSED/);
  });

  test('runs code for each request in an environment of its own', async () => {
    const port = await freePort();
    const running = runProgram(
      opened,
      `${HEAD}
      secret = "main"
      local server = assert(http.server("127.0.0.1:${port}"))
      server:do_handle_string([[
        count = (count or 0) + 1
        local seen = tostring(secret) .. tostring(dynamic_loader) .. tostring(pcall(require, "nauthilus_context"))
        if request.path == "/fail" then response:code(500) response:write("half") error("broken") end
        require("time").sleep(request.path == "/slow" and 0.2 or 0)
        response:write(count .. seen .. require("json").encode({ 1 }))
        response:done()
      ]])
    `,
      { deadlineMs: 1500 },
    );
    await until(port);
    const order: string[] = [];
    const [slow] = await Promise.all([
      ask(`http://127.0.0.1:${port}/slow`).finally(() => order.push('slow')),
      ask(`http://127.0.0.1:${port}/fast`).finally(() => order.push('fast')),
    ]);
    assert.equal(slow.body, '1nilnilfalse[1]');
    assert.deepEqual(order, ['fast', 'slow']);
    const failed = await ask(`http://127.0.0.1:${port}/fail`);
    assert.deepEqual([failed.statusCode, failed.body], [500, 'half']);
    assert.notEqual((await running).failure, undefined);
    await assert.rejects(ask(`http://127.0.0.1:${port}/`), /ECONNREFUSED/);
  });

  test('calls functions that capture nothing', async () => {
    const port = await freePort();
    const running = runProgram(
      opened,
      `${HEAD}
      local server = assert(http.server("127.0.0.1:${port}"))
      local captured = 1
      print(pcall(server.do_handle_function, server, function() return captured end))
      print(pcall(server.do_handle_function, server, print))
      server:do_handle_function(function(response, request, ...)
        response:write(table.concat({ request.path, select("#", ...), ... }, " "))
        response:done()
      end, "x", 7)
    `,
      { deadlineMs: 1000 },
    );
    await until(port);
    assert.equal((await ask(`http://127.0.0.1:${port}/here`)).body, '/here 2 x 7');
    const { stdout } = await running;
    assert.equal(stdout.match(/cannot pass closures/g)?.length, 2);
  });

  test('asks clients for certificates as it was told', { skip: opensslMissing }, async () => {
    const { certFile, keyFile } = makeCertificate(folder);
    const expected = [
      ['NoClientCert', true, true],
      ['RequestClientCert', true, true],
      ['RequireAnyClientCert', false, true],
      ['VerifyClientCertIfGiven', true, true],
      ['RequireAndVerifyClientCert', false, true],
    ] as const;
    for (const [clientAuth, isWithout, isWith] of expected) {
      const port = await freePort();
      const answering = `
        local server = assert(http.server({
          addr = "127.0.0.1:${port}", client_auth = "${clientAuth}", client_cas_pem_file = "${certFile}",
          server_public_cert_pem_file = "${certFile}", server_private_key_pem_file = "${keyFile}",
        }))
        for i = 1, ${Number(isWithout) + Number(isWith)} do
          local _, response = server:accept()
          response:write("in") response:done()
        end`;
      const asking = `
        local function try(options)
          options.insecure_ssl, options.timeout = true, 3
          local answer = http.client(options):do_request(http.request("GET", "https://127.0.0.1:${port}/"))
          print(answer ~= nil and answer.body == "in")
        end
        try({})
        try({ client_public_cert_pem_file = "${certFile}", client_private_key_pem_file = "${keyFile}" })`;
      const [, answers] = await Promise.all([printed(answering), printed(asking)]);
      assert.equal(answers, `${isWithout}\n${isWith}\n`, clientAuth);
    }
  });

  test('raises errors for certificates and options that cannot be used', { skip: opensslMissing }, async () => {
    writeFileSync(join(folder, 'empty.pem'), '');
    const { certFile, keyFile } = makeCertificate(folder);
    const out = await printed(`
      local empty, cert, key = "${join(folder, 'empty.pem')}", "${certFile}", "${keyFile}"
      print(pcall(http.server, { server_public_cert_pem_file = "no.pem", server_private_key_pem_file = "no.pem" }))
      print(pcall(http.server, { server_public_cert_pem_file = empty, server_private_key_pem_file = empty }))
      print(pcall(http.server, { server_public_cert_pem_file = cert, server_private_key_pem_file = key, client_auth = 1 }))
      print(pcall(http.server, { server_public_cert_pem_file = cert, server_private_key_pem_file = key, client_cas_pem_file = empty }))
      print(http.server("127.0.0.1:nosuchservice"))
      print(http.server("192.0.2.1:0"))
    `);
    const lines = out.trimEnd().split('\n');
    assert.match(lines[0]!, /^false\terror loading server cert: open no\.pem: no such file or directory/);
    assert.match(lines[1]!, /^false\terror loading server cert: /);
    assert.match(lines[2]!, /client_auth should be a string/);
    assert.match(lines[3]!, /no certs loaded from/);
    assert.equal(lines[4], 'nil\tlisten tcp: lookup tcp/nosuchservice: unknown port');
    assert.equal(lines[5], 'nil\tlisten tcp 192.0.2.1:0: bind: cannot assign requested address');
  });

  test('answers odd use of a response with errors or nothing', async () => {
    const port = await freePort();
    const ran = printed(`
      local server = assert(http.server("127.0.0.1:${port}"))
      local request, response = server:accept()
      print((pcall(response.code, response, 0/0)), pcall(response.code, response, 5))
      print((pcall(response.header, response, "a", "b\\nc")), pcall(response.header, response, "a\\r\\nb", "c"))
      response:code(204)
      print(response:write("text"))
      print(response:redirect("/x\\r\\nSet-Cookie: a"))
      response:done() response:write("late")
      print(request.body(), request.body())
    `);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answer = await ask(`http://127.0.0.1:${port}/`);
    assert.equal(answer.statusCode, 204);
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.match(
      await ran,
      /^false\tfalse\t.*invalid WriteHeader code 5\nfalse\tfalse\t.*invalid header field name.*\n0\thttp: request method/,
    );
  });
});

/** What this process has open. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      return [readlinkSync(`/proc/self/fd/${descriptor}`)];
    } catch {
      // That of the folder itself is closed again.
      return [];
    }
  });
}

describe('static files', () => {
  test('are served from a folder and nowhere else', async () => {
    const site = join(folder, 'site');
    mkdirSync(join(site, 'list', 'sub'), { recursive: true });
    writeFileSync(join(site, 'index.html'), '<p>index</p>');
    writeFileSync(join(site, 'list', 'a&b.txt'), '0123456789');
    writeFileSync(join(folder, 'outside.txt'), 'outside');
    const port = await freePort();
    const running = runProgram(opened, `${HEAD} http.serve_static("${site}", "127.0.0.1:${port}")`, {
      deadlineMs: 1500,
    });
    await until(port);
    const go = (path: string, headers: Record<string, string> = {}) => ask(`http://127.0.0.1:${port}${path}`, headers);
    assert.equal((await go('/')).body, '<p>index</p>');
    assert.equal((await go('/index.html')).headers.location, './');
    assert.equal((await go('/list')).headers.location, 'list/');
    assert.match((await go('/list/')).body, /<a href="a&b\.txt">a&amp;b\.txt<\/a>\n<a href="sub\/">sub\/<\/a>/);
    const part = await go('/list/a&b.txt', { range: 'bytes=2-4' });
    assert.deepEqual([part.statusCode, part.body, part.headers['content-range']], [206, '234', 'bytes 2-4/10']);
    const { headers } = await go('/list/a&b.txt');
    assert.equal(
      (await go('/list/a&b.txt', { 'if-modified-since': String(headers['last-modified']) })).statusCode,
      304,
    );
    for (const path of [
      '/../outside.txt',
      '/%2e%2e/outside.txt',
      '/..%2foutside.txt',
      '/list/../../outside.txt',
      '/nosuch',
    ]) {
      const answer = await go(path);
      assert.ok(answer.statusCode !== 200 && !answer.body.includes('outside'), path);
    }
    assert.equal((await go('/%00')).statusCode, 400);
    await running;
  });

  test('that cannot be read are an error, and those that nobody waits for any more are closed', async () => {
    const site = join(folder, 'unreadable');
    mkdirSync(site);
    writeFileSync(join(site, 'large'), Buffer.alloc(32 * 1024 * 1024));
    // Opening a socket as a file fails whoever asks.
    const socket = createRawServer().listen(join(site, 'socket'));
    await once(socket, 'listening');
    const port = await freePort();
    const running = runProgram(opened, `${HEAD} http.serve_static("${site}", "127.0.0.1:${port}")`, {
      deadlineMs: 1500,
    });
    await until(port);
    assert.equal((await ask(`http://127.0.0.1:${port}/socket`)).statusCode, 500);
    const request = httpGet(`http://127.0.0.1:${port}/large`);
    const [answer]: IncomingMessage[] = await once(request, 'response');
    assert.ok(openFiles().includes(join(site, 'large')));
    answer?.destroy();
    for (let tries = 0; openFiles().includes(join(site, 'large')) && tries < 50; tries++) await sleep(20);
    assert.ok(!openFiles().includes(join(site, 'large')));
    socket.close();
    await running;
  });
});

describe('URLs', () => {
  test('of any bytes are parts or a text', async () => {
    const out = await printed(`
      for _, url in ipairs({ "\\0", "http://\\255/", "http://[", "//", "?", ("x"):rep(1e5), "http://h:99999999999/", "%", "a://b@c@d/" }) do
        local parts, err = http.parse_url(url)
        print(type(parts), type(err))
        if parts then http.build_url(parts) end
        print((http.request("GET", url)) ~= 1)
      end
      print((pcall(http.build_url, { query = { [{}] = { {} } }, user = { username = {} } })))
    `);
    assert.doesNotMatch(out, /undefined|\[object/);
    assert.match(out, /true\n$/);
  });
});
