import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { entries, LuaTable, type LuaValue } from '../../runtime/engine/api.ts';
import type { RequestSnapshot } from '../../runtime/login/script-state.ts';
import request from '../../runtime/modules/nauthilus_http_request.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { Script, services } from './script.ts';

const SNAPSHOT: RequestSnapshot = {
  method: 'POST',
  url: '/api/v1/auth/json?a=1&a=2&b=x+y%2Fz&c&d=%zz&e=%C3%A4',
  headers: [
    ['Host', 'localhost'],
    ['X-Multi', 'one'],
    ['Content-Type', 'application/json'],
    ['x-multi', 'two, three'],
  ],
  body: Buffer.from([0x7b, 0xff, 0x00, 0x7d]),
};

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

async function call(name: string, ...args: LuaValue[]): Promise<LuaValue> {
  const script = new Script(opened, [request], { request: SNAPSHOT });
  const [value] = await script.call(await script.require('nauthilus_http_request'), name, ...args);
  return value;
}

function plain(value: LuaValue): unknown {
  assert.ok(value instanceof LuaTable);
  return Object.fromEntries(
    [...entries(value)].map(([key, each]) => [key, each instanceof LuaTable ? plain(each) : each]),
  );
}

test('a header is found in any case, with one value per line and no comma splitting', async () => {
  assert.deepEqual(plain(await call('get_http_request_header', 'X-MULTI')), { 1: 'one', 2: 'two, three' });
  assert.deepEqual(plain(await call('get_http_request_header', 'nosuch')), {});
});

test('all headers have lower-case names and do not include the host', async () => {
  assert.deepEqual(plain(await call('get_all_http_request_headers')), {
    'x-multi': { 1: 'one', 2: 'two, three' },
    'content-type': { 1: 'application/json' },
  });
});

test('the plural spelling works with and without a name', async () => {
  assert.deepEqual(plain(await call('get_http_request_headers', 'content-type')), { 1: 'application/json' });
  assert.deepEqual(plain(await call('get_http_request_headers')), plain(await call('get_all_http_request_headers')));
});

test('the body is the bytes that were sent, every time', async () => {
  assert.equal(await call('get_http_request_body'), '{\xff\0}');
  assert.equal(await call('get_http_request_body'), '{\xff\0}');
});

test('method, path and parameters of the query', async () => {
  assert.equal(await call('get_http_method'), 'POST');
  assert.equal(await call('get_http_path'), '/api/v1/auth/json');
  const expected = { a: '1', b: 'x y/z', c: '', d: '%zz', e: '\xc3\xa4', f: undefined, '': undefined };
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(await call('get_http_query_param', name), value, name);
  }
});

test('without a request there are no headers and the body is empty', async () => {
  const script = new Script(opened, [request]);
  const module = await script.require('nauthilus_http', 'nauthilus_http');
  assert.deepEqual(plain((await script.call(module, 'get_all_http_request_headers'))[0]), {});
  for (const name of ['get_http_request_body', 'get_http_method', 'get_http_path']) {
    assert.deepEqual(await script.call(module, name), ['']);
  }
  assert.deepEqual(await script.call(module, 'get_http_query_param', 'a'), [undefined]);
});
