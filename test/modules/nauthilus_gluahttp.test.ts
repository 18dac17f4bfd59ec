/** glua_http as scripts call it; what it does with good requests is in the recorded cases. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { after, before, describe, test } from 'node:test';
import {
  fromUtf8,
  index,
  LuaTable,
  type LuaValue,
  rawLength,
  tableFromArray,
  tableFromEntries,
} from '../../runtime/engine/api.ts';
import { parseDuration } from '../../runtime/modules/go/duration.ts';
import gluahttp from '../../runtime/modules/nauthilus_gluahttp.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let script: Script;
let module: LuaTable;
let server: Server;
let base = '';

before(async () => {
  opened = await services();
  script = new Script(opened, [gluahttp], { scriptClass: 'callback' });
  module = await script.require('glua_http', 'nauthilus_gluahttp');
  server = createServer((request, response) => {
    response.setHeader('Set-Cookie', ['a=1; Path=/', 'b="2"', 'broken']);
    setTimeout(() => response.end(`${request.method} ${request.url} ${request.headers['x-own'] ?? ''}`), 100);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
after(async () => {
  server.close();
  server.closeAllConnections();
  await opened.close();
});

const call = (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);
const field = async (object: LuaValue, name: string): Promise<LuaValue> =>
  (await script.run(() => index(object, name)))[0];
const options = (own: Readonly<Record<string, LuaValue>>) => tableFromEntries(Object.entries(own));

describe('a response', () => {
  test('has fields that cannot be changed', async () => {
    const [response] = await call('get', `${base}/x`);
    assert.equal(await field(response, 'body'), 'GET /x ');
    assert.equal(await field(await field(response, 'cookies'), 'b'), '2');
    assert.equal(await field(await field(response, 'cookies'), 'broken'), undefined);
    assert.equal(await field(response, 'nosuch'), undefined);
  });
});

test('requests of a batch are under way at the same time', async () => {
  const batch = tableFromArray(Array.from({ length: 10 }, (_, at) => tableFromArray(['get', `${base}/${at}`])));
  const begin = performance.now();
  const [responses] = await call('request_batch', batch);
  assert.ok(performance.now() - begin < 900);
  assert.equal(await field(await field(responses, 10 as never), 'body'), 'GET /9 ');
});

describe('bad input', () => {
  test('of any kind is nil and a text, for every verb', async () => {
    for (const name of ['get', 'delete', 'head', 'patch', 'post', 'put']) {
      for (const url of [
        undefined,
        true,
        new LuaTable(),
        12,
        '',
        '\xff\0',
        'x'.repeat(1e5),
        'http://',
        'http://[::1/',
      ]) {
        const [response, text] = await call(name, url);
        assert.equal(response, undefined);
        assert.equal(typeof text, 'string');
      }
    }
    for (const method of [undefined, '', true, 'GE T', '\r\n', 'x\0']) {
      const [response] = await call('request', method, 'http://127.0.0.1:1/');
      assert.equal(response, undefined);
    }
  });

  test('in headers cannot begin another header', async () => {
    for (const headers of [
      { 'X-Own': 'a\r\nX-More: b' },
      { 'X\r\nY': 'a' },
      { '': 'a' },
      { 'X Y': 'a' },
      { Größe: 'x' },
    ]) {
      const [response, text] = await call('get', base, options({ headers: options(headers) }));
      assert.equal(response, undefined);
      assert.match(String(text), /^net\/http: invalid header field (name|value)/);
    }
    const [, text] = await call('get', base, options({ cookies: options({ a: 'b\r\nX: y' }) }));
    assert.match(String(text), /invalid header|Invalid/);
    const [, own] = await call('get', base, options({ headers: options({ [fromUtf8('ü x')]: '1' }) }));
    assert.equal(own, fromUtf8('net/http: invalid header field name "ü x"'));
  });

  test('in options is ignored or a text', async () => {
    const ignored = [{ headers: 'x' }, { cookies: 1 }, { auth: true }, { timeout: true }, { query: 1 }, { body: true }];
    for (const own of ignored) {
      const [response] = await call('get', `${base}/`, options(own));
      assert.equal(await field(response, 'status_code'), 200);
    }
    for (const timeout of ['', 'soon', '1x', '5', '-1s', -1, 0, Number.NaN]) {
      const [response, text] = await call('get', `${base}/`, options({ timeout }));
      if (!Number.isNaN(timeout)) assert.equal(response, undefined, String(timeout));
      assert.match(String(text ?? ''), /^(time: |Get .*deadline exceeded|$)/);
    }
  });

  test('of a batch: what is no table', async () => {
    await assert.rejects(call('request_batch'), /#1 .*table expected, got no value/);
    await assert.rejects(call('request_batch', 'x'), /#1 .*table expected, got string/);
    const [responses, errors] = await call('request_batch', tableFromArray([1, true, new LuaTable()]));
    assert.equal((await script.run(() => rawLength(responses as LuaTable)))[0], 0);
    assert.equal(await field(errors, 1 as never), 'Request must be a table');
  });
});

test('durations are read as Go reads them', () => {
  const cases = {
    '0': 0,
    '1s': 1000,
    '1.5h': 5_400_000,
    '1m30s': 90_000,
    '-2ms': -2,
    '.5s': 500,
    '10us': 0.01,
    '1µs': 1e-3,
  };
  for (const [text, ms] of Object.entries(cases)) assert.equal(parseDuration(text), ms, text);
  for (const text of ['', '-', 'x', '1', '1 s', '1sx', '..s', '1.2.3s'])
    assert.throws(() => parseDuration(text), /^Error: time: /);
});
