/** The store of scripts: copies, ends, limits, and that logins see each other only through it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entries, LuaTable, type LuaValue, rawGet, rawSet, tableFromEntries } from '../../runtime/engine/api.ts';
import cacheModule from '../../runtime/modules/nauthilus_cache.ts';
import { type OpenedServices, systemClock } from '../../runtime/services/index.ts';
import { createScriptCache } from '../../runtime/services/script-cache.ts';
import { runProgram } from './program.ts';
import { Script, services } from './script.ts';

let opened: OpenedServices;
let now = 0;
const clock = { ...systemClock, now: () => now, monotonic: () => now };

before(async () => {
  opened = await services('', { clock });
});
after(() => opened.close());

async function open() {
  const script = new Script(opened, [cacheModule]);
  const module = await script.require('nauthilus_cache');
  return (name: string, ...args: LuaValue[]) => script.call(module, `cache_${name}`, ...args);
}

const list = (value: LuaValue) => (value instanceof LuaTable ? [...entries(value)].map(([, each]) => each) : value);

test('a value is a copy on its way in and on its way out', async () => {
  const [one, other] = [await open(), await open()];
  const given = tableFromEntries([
    ['user', 'mia'],
    ['deep', tableFromEntries([[1, 'a']])],
  ]);
  assert.deepEqual(await one('set', 'k', given), ['OK']);
  rawSet(given, 'user', 'changed');
  const [got] = await other('get', 'k');
  assert.ok(got instanceof LuaTable);
  assert.equal(rawGet(got, 'user'), 'mia');
  rawSet(got, 'user', 'changed too');
  rawSet(rawGet(got, 'deep') as LuaTable, 1, 'changed');
  const [again] = await one('get', 'k');
  assert.equal(rawGet(again as LuaTable, 'user'), 'mia');
  assert.equal(rawGet(rawGet(again as LuaTable, 'deep') as LuaTable, 1), 'a');
});

test('values end after their seconds, and not before', async () => {
  const call = await open();
  await call('set', 'short', 1, 2);
  await call('set', 'fraction', 1, 0.5);
  await call('set', 'ever', 1, 0);
  await call('set', 'minus', 1, -5);
  await call('set', 'nan', 1, Number.NaN);
  now += 600;
  assert.deepEqual(await call('get', 'fraction'), [undefined]);
  now += 1399;
  assert.deepEqual(await call('get', 'short'), [1]);
  now += 1;
  assert.deepEqual(await call('get', 'short'), [undefined]);
  assert.deepEqual(await call('exists', 'short'), [false]);
  now += 1e9;
  for (const key of ['ever', 'minus', 'nan']) assert.deepEqual(await call('get', key), [1], key);
});

test('delete, exists, keys, size and flush', async () => {
  const call = await open();
  await call('flush');
  assert.deepEqual(await call('size'), [0]);
  await call('set', 'a', false);
  await call('set', 'b', '');
  await call('set', 'c', 1, 1);
  assert.deepEqual(list((await call('keys'))[0]), ['a', 'b', 'c']);
  assert.deepEqual(await call('exists', 'a'), [true]);
  now += 1001;
  assert.deepEqual(await call('size'), [2]);
  assert.deepEqual(await call('delete', 'a'), [true]);
  assert.deepEqual(await call('delete', 'a'), [false]);
  await call('set', 'b', undefined);
  assert.deepEqual(await call('exists', 'b'), [false]);
  assert.deepEqual(await call('size'), [0]);
});

test('lists grow by push and are taken away by pop_all', async () => {
  const call = await open();
  assert.deepEqual(await call('push', 'events', 'a'), [1]);
  assert.deepEqual(await call('push', 'events', tableFromEntries([['n', 1]])), [2]);
  const [got] = await call('get', 'events');
  rawSet(got as LuaTable, 3, 'own');
  assert.deepEqual(await call('push', 'events', 'c'), [3]);
  const [all] = await call('pop_all', 'events');
  assert.equal((list(all) as LuaValue[]).length, 3);
  assert.deepEqual(list((await call('pop_all', 'events'))[0]), []);
  await call('set', 'text', 'x');
  assert.deepEqual(await call('push', 'text', 1), [undefined, 'the value under this key is not a list']);
  await call('set', 'map', tableFromEntries([['a', 1]]));
  assert.deepEqual(await call('push', 'map', 1), [undefined, 'the value under this key is not a list']);
});

test('update keeps the end of a value unless it is given another', async () => {
  const call = await open();
  const add = (value: LuaValue) => Number(value ?? 0) + 1;
  assert.deepEqual(await call('update', 'count', add, 10), [1]);
  assert.deepEqual(await call('update', 'count', add), [2]);
  now += 10_000;
  assert.deepEqual(await call('update', 'count', add), [1]);
  now += 1e9;
  assert.deepEqual(await call('update', 'count', () => undefined), [undefined]);
  assert.deepEqual(await call('exists', 'count'), [false]);
});

test('the function of update may wait, fail and look at other keys', async () => {
  const program = `
    local cache = require("nauthilus_cache")
    local redis = require("nauthilus_redis")
    print(cache.cache_update("w", function(old)
      redis.redis_set("default", "seen", "yes")
      cache.cache_set("other", 1)
      return redis.redis_get("default", "seen") .. tostring(old)
    end))
    print(pcall(cache.cache_update, "w", function() error("no", 0) end))
    print(cache.cache_get("w"), cache.cache_get("other"))`;
  const { stdout, failure } = await runProgram(opened, program);
  assert.equal(failure, undefined);
  assert.equal(stdout, 'yesnil\nfalse\tno\nyesnil\t1\n');
});

test('a table that contains itself and one that is too deep are Lua errors', async () => {
  const call = await open();
  const loop = new LuaTable();
  rawSet(loop, 'self', loop);
  await assert.rejects(call('set', 'loop', loop), /nested too deep or contains itself/);
  await assert.rejects(call('push', 'loop', loop), /nested too deep or contains itself/);
  await assert.rejects(
    call('update', 'loop', () => loop),
    /nested too deep or contains itself/,
  );
});

describe('limits', () => {
  test('of entries: what was not used for longest goes first', () => {
    const cache = createScriptCache({ maxEntries: 3, maxBytes: 1e6 }, clock);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 0);
    cache.get('a');
    cache.set('d', 'd', 0);
    assert.deepEqual(cache.keys(), ['c', 'a', 'd']);
  });

  test('of bytes: large values push out others, and one that is too large is refused', () => {
    const cache = createScriptCache({ maxEntries: 100, maxBytes: 10_000 }, clock);
    for (let at = 0; at < 50; at++) cache.set(`k${at}`, 'x'.repeat(1000), 0);
    assert.ok(cache.keys().length >= 7 && cache.keys().length < 10);
    assert.throws(() => cache.set('huge', 'x'.repeat(20_000), 0), /larger than the cache/);
    assert.ok(cache.keys().length >= 7);
    assert.throws(() => {
      for (let at = 0; at < 1000; at++) cache.push('list', 'x'.repeat(1000));
    }, /larger than the cache/);
    const collected = cache.popAll('list').length;
    assert.ok(collected >= 7 && collected < 10, String(collected));
  });

  test('are given back when values end, are replaced or deleted', () => {
    const cache = createScriptCache({ maxEntries: 1000, maxBytes: 10_000 }, clock);
    for (let at = 0; at < 1000; at++) {
      cache.set('same', 'x'.repeat(3000), 0);
      cache.set(`end${at}`, 'x'.repeat(3000), 1);
      now += 2000;
      cache.get(`end${at}`);
      cache.push('list', 'x'.repeat(2000));
      cache.popAll('list');
    }
    assert.deepEqual(cache.keys(), ['same']);
  });
});
