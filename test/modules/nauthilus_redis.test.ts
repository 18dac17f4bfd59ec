import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entries, LuaTable, type LuaValue, tableFromArray, tableFromEntries } from '../../runtime/engine/api.ts';
import { Userdata, UserdataKind } from '../../runtime/host/userdata.ts';
import redis from '../../runtime/modules/nauthilus_redis.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type RedisServer, redisMissing, startRedis } from '../servers/redis.ts';
import { Script, services } from './script.ts';

/** The same commands against the store of the process and against a real server. */
for (const store of ['embedded', 'real'] as const) {
  describe(`with the ${store} store`, { skip: store === 'real' ? redisMissing : false }, () => {
    let server: RedisServer | undefined;
    let opened: OpenedServices;
    let script: Script;
    let module: LuaTable;

    before(async () => {
      if (store === 'real') server = await startRedis();
      const master = `redis: { master: { address: '${server?.address}' }, pool_size: 1, password_nonce: 0123456789abcdef }`;
      opened = await services(`server: { backends: [cache], ${server === undefined ? '' : master} }`);
      script = new Script(opened, [redis], { deadlineMs: 60_000 });
      module = await script.require('nauthilus_redis', 'nauthilus_redis');
    });
    after(async () => {
      await opened.close();
      await server?.close();
    });

    async function call(name: string, ...args: LuaValue[]): Promise<readonly unknown[]> {
      const values = await script.call(module, `redis_${name}`, 'default', ...args);
      return values.map(plain);
    }

    test('set and get, with all kinds of scalars', async () => {
      const stored: readonly [LuaValue, string][] = [
        ['bytes \xff\0', 'bytes \xff\0'],
        [1, '1'],
        [1.5, '1.5'],
        [1e21, '1000000000000000000000'],
        [1e-7, '0.0000001'],
        [true, '1'],
        [false, '0'],
      ];
      for (const [value, text] of stored) {
        assert.deepEqual(await call('set', 'scalar', value), ['OK']);
        assert.deepEqual(await call('get', 'scalar'), [text]);
      }
      const [value, message] = await call('set', 'scalar', new LuaTable());
      assert.deepEqual([value, message], [undefined, 'unable to convert Lua value of type table']);
    });

    test('a missing key is nil and redis: nil, an empty value nil alone', async () => {
      assert.deepEqual(await call('get', 'missing'), [undefined, 'redis: nil']);
      assert.deepEqual(await call('set', 'empty', undefined), ['OK']);
      assert.deepEqual(await call('get', 'empty'), [undefined]);
      assert.deepEqual(await call('hget', 'missing', 'field'), [undefined, 'redis: nil']);
    });

    test('values are read as the type that is asked for', async () => {
      await call('set', 'number', '12.5');
      await call('hset', 'typed', 'flag', 'true', 'number', 3);
      assert.deepEqual(await call('get', 'number', 'number'), [12.5]);
      assert.deepEqual(await call('get', 'number', 'nil'), [undefined]);
      assert.deepEqual(await call('hget', 'typed', 'flag', 'bool'), [true]);
      assert.deepEqual(await call('hget', 'typed', 'number', 'number'), [3]);
      const failures: readonly [string, string][] = [
        ['number', 'strconv.ParseFloat: parsing "true": invalid syntax'],
        ['table', 'unable to convert string command of type table'],
      ];
      for (const [type, message] of failures) {
        assert.deepEqual(await call('hget', 'typed', 'flag', type), [undefined, message]);
      }
      assert.deepEqual(await call('get', 'number', 'bool'), [
        undefined,
        'strconv.ParseBool: parsing "12.5": invalid syntax',
      ]);
    });

    test('counters, expiry, renaming and deleting', async () => {
      assert.deepEqual(await call('incr', 'counter'), [1]);
      assert.deepEqual(await call('incr', 'counter'), [2]);
      assert.deepEqual(await call('expire', 'counter', '60.9'), [true]);
      assert.deepEqual(await call('expire', 'missing', 60), [false]);
      assert.deepEqual(await call('rename', 'counter', 'renamed'), ['OK']);
      const [nothing, message] = await call('rename', 'missing', 'x');
      assert.deepEqual([nothing, message], [undefined, 'ERR no such key']);
      assert.deepEqual(await call('del', 'renamed'), [1]);
      assert.deepEqual(await call('del', 'renamed'), [0]);
      await call('set', 'short', 'x', 60);
      assert.deepEqual(await call('expire', 'short', 0), [true]);
      assert.deepEqual(await call('get', 'short'), [undefined, 'redis: nil']);
    });

    test('a wrong type is a text, not a Lua error', async () => {
      await call('set', 'plain', 'x');
      const [value, message] = await call('hget', 'plain', 'field');
      assert.equal(value, undefined);
      assert.match(String(message), /^WRONGTYPE /);
      assert.match(String((await call('incr', 'plain'))[1]), /^ERR value is not an integer/);
    });

    test('hashes', async () => {
      assert.deepEqual(await call('hset', 'hash', 'a', 1, 'b', 'x'), [2]);
      assert.deepEqual(await call('hset', 'hash', 'a', 2), [0]);
      assert.deepEqual(await call('hget', 'hash', 'a'), ['2']);
      assert.deepEqual(await call('hlen', 'hash'), [2]);
      assert.deepEqual(await call('hgetall', 'hash'), [{ a: '2', b: 'x' }]);
      assert.deepEqual(await call('hgetall', 'missing'), [{}]);
      assert.deepEqual(await call('hexists', 'hash', 'b'), [true]);
      assert.deepEqual(await call('hincrby', 'hash', 'a', 5.9), [7]);
      assert.deepEqual(await call('hincrbyfloat', 'hash', 'a', '0.5'), [7.5]);
      assert.deepEqual(await call('hdel', 'hash', 'a', 'b', 'c'), [2]);
      assert.deepEqual(await call('hexists', 'hash', 'b'), [false]);
    });

    test('a wrong number of arguments for hashes is a text', async () => {
      for (const args of [['h'], ['h', 'f'], ['h', 'f', 1, 'g']]) {
        assert.deepEqual(await call('hset', ...args), [undefined, 'Invalid number of arguments']);
      }
      assert.deepEqual(await call('hdel', 'h'), [undefined, 'Invalid number of arguments']);
    });

    test('sets', async () => {
      assert.deepEqual(await call('sadd', 'set', 'a', 'b', 3), [3]);
      assert.deepEqual(await call('scard', 'set'), [3]);
      assert.deepEqual(await call('sismember', 'set', 3), [true]);
      assert.deepEqual(await call('sismember', 'set', 'c'), [false]);
      assert.deepEqual(await call('srem', 'set', 'a', 'c'), [1]);
      const [members] = await call('smembers', 'set');
      assert.deepEqual(Object.values(members as object).sort(), ['3', 'b']);
      assert.deepEqual(await call('smembers', 'missing'), [{}]);
      assert.match(String((await call('sadd', 'set'))[1]), /wrong number of arguments/);
    });

    test('missing and wrong arguments are argument errors', async () => {
      await assert.rejects(call('expire', 'key'), /#3 .*number expected, got no value/);
      await assert.rejects(call('get'), /#2 .*string expected, got no value/);
      await assert.rejects(call('hincrby', 'h', 'f', '1'), /number expected, got string/);
      await assert.rejects(script.call(module, 'redis_get'), /#1 .*redis handle expected, got no value/);
      await assert.rejects(script.call(module, 'redis_get', 'other', 'key'), /get_redis_connection/);
    });

    test('a foreign userdata stands for the default handle', async () => {
      await call('set', 'key', 'value');
      const foreign = new Userdata(foreignKind, undefined);
      assert.deepEqual(await script.call(module, 'redis_get', foreign, 'key'), ['value']);
    });

    test('register_redis_pool says what is wrong', async () => {
      const register = (...args: LuaValue[]) => script.call(module, 'register_redis_pool', ...args);
      const options = tableFromEntries([['address', 'localhost:1']]);
      assert.deepEqual(await register('pool', 'nosuch', options), [undefined, 'Unknown mode: nosuch']);
      assert.deepEqual(await register('pool', 'standalone', options), ['OK']);
      assert.deepEqual(await register('pool', 'standalone', options), [
        undefined,
        "A redis connection with name 'pool' already exists",
      ]);
      assert.deepEqual(await script.call(module, 'get_redis_connection', 'nosuch'), [
        undefined,
        "No known redis configurtion found with name 'nosuch'",
      ]);
    });

    test('a pool that nobody answers on gives a text', async () => {
      const [handle] = await script.call(module, 'get_redis_connection', 'pool');
      const [value, message] = await script.call(module, 'redis_get', handle, 'key');
      assert.equal(value, undefined);
      assert.match(String(message), /refused|closed|connect/);
    });

    if (store === 'real') {
      test('commands on a registered pool reach its server', async () => {
        const options = tableFromEntries([
          ['address', server?.address],
          ['db', 3],
          ['pool_size', 10],
        ]);
        assert.deepEqual(await script.call(module, 'register_redis_pool', 'three', 'standalone', options), ['OK']);
        const [handle] = await script.call(module, 'get_redis_connection', 'three');
        await script.call(module, 'redis_set', handle, 'only here', 'x');
        assert.deepEqual(await script.call(module, 'redis_get', handle, 'only here'), ['x']);
        assert.deepEqual(await call('get', 'only here'), [undefined, 'redis: nil']);
      });

      test('scripts are uploaded and run by name, keys and arguments arrive', async () => {
        const code = 'return {KEYS[1], ARGV[1], ARGV[2], 3, {"deep"}, false, "after"}';
        const [sha, none] = await call('upload_script', code, 'echo');
        assert.match(String(sha), /^[0-9a-f]{40}$/);
        assert.equal(none, undefined);
        const keys = tableFromArray(['k']);
        const args = tableFromArray(['a', 2]);
        const expected = { 1: 'k', 2: 'a', 3: '2', 4: 3, 5: { 1: 'deep' }, 6: 'after' };
        assert.deepEqual(await call('run_script', '', 'echo', keys, args), [expected, undefined]);
        const none2 = new LuaTable();
        assert.deepEqual(await call('run_script', 'return 1', '', none2, none2), [1, undefined]);
        assert.deepEqual(await call('run_script', 'return nil', '', none2, none2), [undefined, 'redis: nil']);
        assert.deepEqual(await call('run_script', '', 'nosuch', none2, none2), [
          undefined,
          'could not find script with name nosuch',
        ]);
        assert.match(String((await call('run_script', 'syntax error', '', none2, none2))[1]), /^ERR /);
      });
    }
  });
}

const foreignKind = new UserdataKind<undefined>('foreign');

function plain(value: LuaValue): unknown {
  if (!(value instanceof LuaTable)) return value;
  return Object.fromEntries([...entries(value)].map(([key, each]) => [String(key), plain(each)]));
}
