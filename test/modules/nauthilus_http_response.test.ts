/** What scripts may do to the answers of logins; hooks are in test/http/hooks.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ScriptClass } from '../../runtime/contract/host.ts';
import type { LuaValue } from '../../runtime/engine/api.ts';
import httpResponse from '../../runtime/modules/nauthilus_http_response.ts';
import { configText, loginHeaders, startServer } from '../login-server.ts';
import { Script, services } from './script.ts';

const { request } = await startServer(
  configText(
    'backends: [lua]\nfeatures: [lua]',
    [
      'lua:',
      '  features: [ { name: feature, script_path: feature.lua } ]',
      '  filters: [ { name: first, script_path: filter.lua }, { name: second, script_path: last.lua } ]',
      '  config: { backend_script_path: backend.lua }',
    ].join('\n'),
  ),
  {
    'feature.lua': `
      local response = require("nauthilus_http_response")
      function nauthilus_call_feature(request)
        response.set_http_response_header("X-Feature", request.username)
        response.set_http_response_header("X-Gone", "1")
        return 0, 0, 0
      end`,
    'backend.lua': `
      local response = require("nauthilus_http_response")
      function nauthilus_backend_verify_password(request)
        response.add_http_response_header("x-feature", "backend")
        local result = nauthilus_backend_result.new()
        result:user_found(true)
        result:account_field("account")
        result:attributes({ account = request.username, Quota = "1" })
        result:authenticated(request.password == "secret")
        return 0, result
      end`,
    'filter.lua': `
      local response = require("nauthilus_http_response")
      function nauthilus_call_filter(request)
        response.remove_http_response_header("X-GONE")
        response.remove_http_response_header("X-Nauthilus-Quota")
        response.set_http_response_header("X-Filter", "yes")
        response.set_http_status(tonumber(request.user_agent) or 200)
        return request.authenticated and 0 or 1, 0
      end`,
    'last.lua': `
      local response = require("nauthilus_http_response")
      function nauthilus_call_filter(request)
        response.set_http_response_header("X-Last", "1")
        if request.username == "broken" then error("no") end
        return 0, 0
      end`,
  },
);

const login = (user: string, password: string, agent = '', path = 'header') =>
  request({
    url: `/api/v1/auth/${path}?in-memory=0`,
    headers: loginHeaders(user, password, { 'Auth-User-Agent': agent, 'User-Agent': agent }),
  });

describe('a login', () => {
  test('gets the headers of its scripts, in the order in which they asked', async () => {
    const { status, headers } = await login('mia', 'secret');
    assert.equal(status, 200);
    assert.deepEqual([headers['x-filter'], headers['x-last'], headers['x-gone']], ['yes', '1', undefined]);
    assert.equal(headers['x-nauthilus-quota'], undefined);
    assert.equal(headers['auth-status'], 'OK');
    assert.match(String(headers['x-feature']), /backend$/);
  });

  test('that is rejected has them too, nobody else sees them', async () => {
    const { status, headers } = await login('tom', 'wrong');
    assert.deepEqual([status, headers['x-filter'], headers['x-last']], [403, 'yes', undefined]);
    assert.doesNotMatch(JSON.stringify((await login('mia', 'secret')).headers), /tom/);
  });

  test('keeps its meaning: a status refines, and does not turn refusal into success or the other way round', async () => {
    assert.equal((await login('mia', 'wrong', '401')).status, 401);
    assert.equal((await login('mia', 'wrong', '200')).status, 403);
    assert.equal((await login('mia', 'wrong', '302')).status, 403);
    assert.equal((await login('mia', 'secret', '403')).status, 200);
    assert.equal((await login('mia', 'secret', '202')).status, 202);
    const nginx = await login('mia', 'wrong', '401', 'nginx');
    assert.deepEqual([nginx.status, nginx.headers['auth-status'] === 'OK'], [200, false]);
  });

  test('gets nothing of a filter that failed', async () => {
    const { status, headers } = await login('broken', 'secret');
    assert.deepEqual([status, headers['x-filter'], headers['x-last']], [500, undefined, undefined]);
  });
});

describe('a function', () => {
  const open = async (scriptClass: ScriptClass) => {
    const opened = await services();
    const script = new Script(opened, [httpResponse], { scriptClass });
    const module = await script.require('nauthilus_http_response');
    await opened.close();
    return (name: string, ...args: LuaValue[]) => script.call(module, name, ...args);
  };

  test('refuses what would harm the answer', async () => {
    const call = await open('filter');
    for (const name of ['set_http_response_header', 'add_http_response_header']) {
      for (const value of ['a\r\nb', 'a\nb', '\0', '\x7f', 'x'.repeat(8193)]) {
        await assert.rejects(call(name, 'X-Own', value), /the value of a header must not/);
      }
      for (const header of ['', 'a b', 'a:', 'a\r\nb', '\xff', 'x'.repeat(257)]) {
        await assert.rejects(call(name, header, 'x'), /not the name of a header/);
      }
      for (const header of [
        'Content-Length',
        'transfer-encoding',
        'CONNECTION',
        'Keep-Alive',
        'TE',
        'Upgrade',
        'Date',
      ]) {
        await assert.rejects(call(name, header, 'x'), /belongs to the server/);
      }
      for (const header of ['Auth-Status', 'auth-wait', 'Auth-Anything', 'X-Nauthilus-Session']) {
        await assert.rejects(call(name, header, 'x'), /belongs to the login/);
        await assert.rejects(call('remove_http_response_header', header), /belongs to the login/);
      }
      assert.deepEqual(await call(name, 'X-Own', 'ok\tok \xe4'), []);
    }
    await assert.rejects(call('set_http_content_type', 'text/html\r\nX: y'), /control characters/);
  });

  test('of the status takes whole numbers from 200 to 599', async () => {
    const call = await open('filter');
    for (const status of [0, 100, 199, 600, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      await assert.rejects(call('set_http_status', status), /a status is a number from 200 to 599/);
    }
    await assert.rejects(call('set_http_status', '200'), /number expected, got string/);
    assert.deepEqual(await call('set_http_status_code', 404), []);
  });

  test('that writes a body is for hooks', async () => {
    const call = await open('feature');
    const args: Readonly<Record<string, readonly LuaValue[]>> = {
      write_http_response_body: ['x'],
      string: [200, 'x'],
      html: [200, 'x'],
      json: [200, 'x'],
      data: [200, 'text/plain', 'x'],
      redirect: [302, '/'],
    };
    for (const [name, given] of Object.entries(args)) {
      await assert.rejects(call(name, ...given), /only hooks may write the body/, name);
    }
    const hook = await open('callback');
    for (const [name, given] of Object.entries(args)) assert.deepEqual(await hook(name, ...given), [], name);
    for (const status of [200, 299, 400]) await assert.rejects(hook('redirect', status, '/'), /300 to 399/);
    await assert.rejects(hook('redirect', 302, '/\r\nX: y'), /control characters/);
    await assert.rejects(
      hook('json', 200, () => undefined),
      /encode/,
    );
  });

  test('can be called so often that an answer stays small', async () => {
    const call = await open('callback');
    for (let at = 0; at < 100; at++) await call('add_http_response_header', `X-${at}`, 'x');
    await assert.rejects(call('add_http_response_header', 'X-More', 'x'), /too many changes/);
  });
});
