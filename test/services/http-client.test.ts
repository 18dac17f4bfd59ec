/** Outbound HTTP: redirects, proxies, certificates, limits, and what a request that fails says. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { after, describe, test } from 'node:test';
import { createHttpClient, HttpClientError, type OutboundRequest } from '../../runtime/services/http-client/index.ts';
import { makeCertificate, opensslMissing } from '../servers/certificate.ts';
import { makeFolder } from '../servers/process.ts';
import { testConfig } from './base.ts';

// The proxies of whoever runs the tests are none of theirs.
for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) delete process.env[name];

const closers: (() => unknown)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function serve(answer: RequestListener, server: Server = createServer()): Promise<string> {
  server.on('request', answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

function client(...lines: readonly string[]) {
  const opened = createHttpClient(testConfig({ server: lines }).server);
  closers.push(() => opened.close());
  return opened;
}

const get = (url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest => ({
  method: 'GET',
  url,
  headers: [],
  body: undefined,
  ...changes,
});

async function refusal(sending: Promise<unknown>): Promise<string> {
  try {
    await sending;
  } catch (error) {
    assert.ok(error instanceof HttpClientError, String(error));
    return error.message;
  }
  return '';
}

describe('redirects', () => {
  test('to another host lose credentials, within a host they keep them', async () => {
    const seen: (string | undefined)[] = [];
    const target = await serve(({ headers }, response) => {
      seen.push(headers.authorization, headers.cookie);
      response.end();
    });
    const port = target.split(':')[1];
    const first = await serve(({ url }, response) => {
      const to = url === '/away' ? `http://localhost:${port}/` : `http://${target}/`;
      response.writeHead(302, { Location: to }).end();
    });
    const headers = [
      ['Authorization', 'Basic x'],
      ['Cookie', 'a=b'],
    ] as const;
    await client().send(get(`http://${first}/away`, { headers }));
    await client().send(get(`http://${first}/here`, { headers }));
    assert.deepEqual(seen, [undefined, undefined, 'Basic x', 'a=b']);
  });

  test('of 307 repeat the body, others ask for the new place', async () => {
    const server = await serve((request, response) => {
      const status = Number(request.url?.slice(1));
      if (status > 0) return void response.writeHead(status, { Location: '/' }).end();
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => response.end(`${request.method} ${body}`));
    });
    const answers = [];
    for (const status of [301, 302, 303, 307, 308]) {
      const request = get(`http://${server}/${status}`, { method: 'POST', body: Buffer.from('body') });
      const { body, url } = await client().send(request);
      assert.equal(url, `http://${server}/`);
      answers.push(body.toString());
    }
    assert.deepEqual(answers, ['GET ', 'GET ', 'GET ', 'POST body', 'POST body']);
  });

  test('to what is no URL of the web are refused', async () => {
    const server = await serve((_, response) => void response.writeHead(302, { Location: 'file:///etc/passwd' }).end());
    assert.match(await refusal(client().send(get(`http://${server}/`))), /unsupported protocol scheme "file"/);
  });
});

describe('the configuration', () => {
  test('names a proxy for http', async () => {
    const proxy = await serve((request, response) => response.end(`proxied ${request.url}`));
    const { body } = await client(`http_client: { proxy: "http://${proxy}" }`).send(get('http://nosuch.invalid/x'));
    assert.equal(body.toString(), 'proxied http://nosuch.invalid/x');
  });

  test('decides whether certificates are verified', { skip: opensslMissing }, async () => {
    const folder = makeFolder('https');
    closers.push(() => folder.remove());
    const { certFile, keyFile } = makeCertificate(folder.path);
    const server = createTlsServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) });
    const address = await serve((_, response) => response.end('secure'), server);
    assert.match(
      await refusal(client().send(get(`https://${address}/`))),
      /: tls: failed to verify certificate: x509: certificate signed by unknown authority$/,
    );
    const trusting = client('tls: { http_client_skip_verify: true }');
    assert.equal((await trusting.send(get(`https://${address}/`))).body.toString(), 'secure');
  });

  test('limits the connections to a host', async () => {
    let [open, most] = [0, 0];
    const server = await serve((_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.end();
      }, 20);
    });
    const limited = client('http_client: { max_connections_per_host: 2 }');
    await Promise.all(Array.from({ length: 8 }, () => limited.send(get(`http://${server}/`))));
    assert.equal(most, 2);
  });
});

describe('a request that fails', () => {
  test('says why', async () => {
    const send = (url: string, changes?: Partial<OutboundRequest>) => refusal(client().send(get(url, changes)));
    const reason = await send('http://nosuch.invalid/');
    assert.match(reason, /^Get "http:\/\/nosuch\.invalid\/": dial tcp: lookup nosuch\.invalid: /);
    assert.match(await send('http://127.0.0.1:1/'), /dial tcp 127\.0\.0\.1:1: connect: connection refused$/);
    assert.equal(await send('http:///x'), 'Get "http:///x": http: no Host in request URL');
    assert.match(await send('http://a b/'), /^parse "http:\/\/a b\/": /);
    assert.match(await send('http://a/\n'), /invalid control character in URL$/);
    assert.match(await send(':x'), /missing protocol scheme$/);
    assert.match(await send('http://a/', { method: 'A B' }), /^net\/http: invalid method "A B"$/);
  });

  test('never shows the password of a URL', async () => {
    const text = await refusal(client().send(get('http://mia:secret@127.0.0.1:1/')));
    assert.match(text, /^Get "http:\/\/mia:\*\*\*@127\.0\.0\.1:1\/": dial tcp /);
  });

  test('ends at its time limit, before or within the answer', async () => {
    const silent = await serve(() => undefined);
    const slow = await serve((_, response) => void response.write('begin'));
    for (const server of [silent, slow]) {
      const begin = performance.now();
      const text = await refusal(client().send(get(`http://${server}/`, { timeoutMs: 200 })));
      assert.match(text, /context deadline exceeded$/);
      assert.ok(performance.now() - begin < 3000);
    }
    const { status } = await client().send(get(`http://${await serve((_, response) => response.end())}/`));
    assert.equal(status, 200);
  });

  test('does not take more than fits', async () => {
    const endless = await serve((_, response) => {
      const chunk = Buffer.alloc(4 * 1024 * 1024);
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    });
    assert.match(await refusal(client().send(get(`http://${endless}/`))), /has more than \d+ bytes$/);
  });

  test('a broken answer is an error, not a crash', async () => {
    const wrong = await serve((request) => void request.socket.end('nonsense\r\n\r\n'));
    assert.notEqual(await refusal(client().send(get(`http://${wrong}/`))), '');
    const zipped = await serve((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip'));
    assert.match(await refusal(client().send(get(`http://${zipped}/`))), /incorrect header check/);
  });
});

test('credentials in the URL are sent', async () => {
  const server = await serve(({ headers }, response) => response.end(headers.authorization));
  const { body } = await client().send(get(`http://mia:s%20t@${server}/`));
  assert.equal(body.toString(), `Basic ${Buffer.from('mia:s t').toString('base64')}`);
});
