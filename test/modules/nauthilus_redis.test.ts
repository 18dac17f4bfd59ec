import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createHostLoader } from '../../compiler/cli/loader.ts';
import { createScriptEvaluator } from '../../runtime/embedded-scripts.ts';
import { entries, LuaTable, type LuaValue, tableFromArray, tableFromEntries } from '../../runtime/engine/api.ts';
import { Userdata, UserdataKind } from '../../runtime/host/userdata.ts';
import { describeModules } from '../../runtime/index.ts';
import redis from '../../runtime/modules/nauthilus_redis.ts';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type RedisServer, redisMissing, startRedis } from '../servers/redis.ts';
import { type RedisCluster, startCluster } from '../servers/redis-cluster.ts';
import { Script, services } from './script.ts';

/** The same commands against the store of the process, a real server and a real cluster. */
for (const store of ['embedded', 'standalone', 'cluster'] as const) {
  describe(`with the ${store} store`, { skip: store === 'embedded' ? false : redisMissing }, () => {
    let server: RedisServer | undefined;
    let cluster: RedisCluster | undefined;
    let opened: OpenedServices;
    let script: Script;
    let module: LuaTable;

    before(async () => {
      if (store === 'standalone') server = await startRedis();
      if (store === 'cluster') cluster = await startCluster();
      const addresses = {
        embedded: undefined,
        standalone: `master: { address: '${server?.address}' }`,
        cluster: `cluster: { addresses: ['${cluster?.masters[0]?.address}'] }`,
      };
      const section =
        addresses[store] && `redis: { ${addresses[store]}, pool_size: 1, password_nonce: 0123456789abcdef }`;
      const evaluate = createScriptEvaluator(createHostLoader(describeModules));
      opened = await services(`server: { backends: [cache], ${section ?? ''} }`, { evaluate });
      script = new Script(opened, [redis], { deadlineMs: 60_000 });
      module = await script.require('nauthilus_redis', 'nauthilus_redis');
    });
    after(async () => {
      await opened.close();
      await server?.close();
      await cluster?.close();
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
      assert.deepEqual(await call('incr', '{c}counter'), [1]);
      assert.deepEqual(await call('incr', '{c}counter'), [2]);
      assert.deepEqual(await call('expire', '{c}counter', '60.9'), [true]);
      assert.deepEqual(await call('expire', 'missing', 60), [false]);
      assert.deepEqual(await call('rename', '{c}counter', '{c}renamed'), ['OK']);
      const [nothing, message] = await call('rename', '{c}missing', '{c}x');
      assert.deepEqual([nothing, message], [undefined, 'ERR no such key']);
      assert.deepEqual(await call('del', '{c}renamed'), [1]);
      assert.deepEqual(await call('del', '{c}renamed'), [0]);
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

    test('several keys at a time, missing ones left out', async () => {
      assert.deepEqual(await call('mset', 'm:a', 1, 'm:b', 'two', 'm:empty', ''), ['OK']);
      assert.deepEqual(await call('mget', 'm:a', 'm:none', 'm:b', 'm:empty'), [
        { 'm:a': '1', 'm:b': 'two', 'm:empty': '' },
      ]);
      assert.deepEqual(await call('mget', 'm:none'), [{}]);
      assert.deepEqual(await call('exists', 'm:a', 'm:none', 'm:b'), [2]);
      assert.deepEqual(await call('del', 'm:a', 'm:b', 'm:empty', 'm:none'), [3]);
      for (const args of [[], ['m:a'], ['m:a', 1, 'm:b']]) {
        assert.deepEqual(await call('mset', ...args), [undefined, 'Invalid number of arguments']);
      }
      assert.deepEqual(await call('mget'), [undefined, 'Invalid number of arguments']);
      assert.deepEqual(await call('mset', 'm:a', new LuaTable()), [
        undefined,
        'unable to convert Lua value of type table',
      ]);
    });

    test('options of set', async () => {
      const set = (value: LuaValue, options: Record<string, LuaValue>) =>
        call('set', 'options', value, tableFromEntries(Object.entries(options)));
      await call('del', 'options');
      assert.deepEqual(await set('x', { xx: true }), [undefined, 'redis: nil']);
      assert.deepEqual(await set('a', { nx: true, ex: 100 }), ['OK']);
      assert.deepEqual(await set('b', { NX: true }), [undefined, 'redis: nil']);
      assert.deepEqual(await call('ttl', 'options'), [100]);
      assert.deepEqual(await set('c', { xx: true, keepttl: true, get: true }), ['a']);
      assert.deepEqual(await call('ttl', 'options'), [100]);
      assert.deepEqual(await set('d', { nx: false, px: 50_000.9 }), ['OK']);
      assert.deepEqual(await call('ttl', 'options'), [50]);
      assert.deepEqual(await set('e', { exat: 9e9 }), ['OK']);
      assert.deepEqual(await set('e', { pxat: 1 }), ['OK']);
      assert.deepEqual(await call('get', 'options'), [undefined, 'redis: nil']);
      assert.deepEqual(await set('f', {}), ['OK']);
      assert.deepEqual(await call('ttl', 'options'), [-1]);
      assert.deepEqual(await call('ttl', 'no such key'), [-2]);
      assert.deepEqual(await call('set', 'options', 'g', undefined), ['OK']);
      assert.deepEqual(await set('x', { ex: 0 }), [undefined, "ERR invalid expire time in 'set' command"]);
      assert.deepEqual(await set('x', { ex: 5, px: 5 }), [undefined, 'ERR syntax error']);
      await assert.rejects(set('x', { ttl: 5 }), /#4 .*unknown option 'ttl'/);
      await assert.rejects(set('x', { ex: 'soon' }), /option 'ex' is no number/);
      await assert.rejects(set('x', { nx: 1 }), /option 'nx' is no boolean/);
      await assert.rejects(call('set', 'options', 'x', 'soon'), /#4 .*number expected, got string/);
    });

    test('a scan finds every key', async () => {
      const names = Array.from({ length: 45 }, (_, index) => `scan:${index}`);
      await call('mset', ...names.flatMap((name) => [name, 'x']));
      const found = new Set<unknown>();
      let cursor: LuaValue = 0;
      for (let round = 0; round < 100; round++) {
        const [part] = await call('scan', cursor, 'scan:*', 10);
        const { cursor: next, keys } = part as { cursor: number; keys: object };
        for (const name of Object.values(keys)) found.add(name);
        cursor = next;
        if (next === 0) break;
      }
      assert.equal(cursor, 0);
      assert.deepEqual([...found].sort(), names.sort());
      assert.deepEqual((await call('scan', 0, 'no such *'))[1], undefined);
      await assert.rejects(call('scan', 'x'), /cursor expected/);
      await assert.rejects(call('scan', -1), /cursor expected/);
    });

    test('several fields of a hash', async () => {
      await call('hset', 'h', 'a', 1, 'b', '');
      assert.deepEqual(await call('hmget', 'h', 'a', 'none', 'b'), [{ a: '1', b: '' }]);
      assert.deepEqual(await call('hmget', 'no such hash', 'a'), [{}]);
      assert.deepEqual(await call('hmget', 'h'), [undefined, 'Invalid number of arguments']);
    });

    test('lists', async () => {
      await call('del', 'l');
      assert.deepEqual(await call('rpush', 'l', 'a', 2, true), [3]);
      assert.deepEqual(await call('lpush', 'l', 'x', 'y'), [5]);
      assert.deepEqual(await call('lrange', 'l', 0, -1), [{ 1: 'y', 2: 'x', 3: 'a', 4: '2', 5: '1' }]);
      assert.deepEqual(await call('llen', 'l'), [5]);
      assert.deepEqual(await call('lindex', 'l', -1), ['1']);
      assert.deepEqual(await call('lpop', 'l'), ['y']);
      assert.deepEqual(await call('rpop', 'l', 2), [{ 1: '1', 2: '2' }]);
      assert.deepEqual(await call('lrem', 'l', 0, 'x'), [1]);
      assert.deepEqual(await call('rpush', 'l', 'b', 'c'), [3]);
      assert.deepEqual(await call('ltrim', 'l', 1, 1), ['OK']);
      assert.deepEqual(await call('lrange', 'l', 0, -1), [{ 1: 'b' }]);
      for (const name of ['lpop', 'rpop']) assert.deepEqual(await call(name, 'none'), [undefined, 'redis: nil']);
      assert.deepEqual(await call('lpop', 'none', 2), [undefined, 'redis: nil']);
      assert.deepEqual(await call('lindex', 'none', 0), [undefined, 'redis: nil']);
      assert.deepEqual(await call('llen', 'none'), [0]);
      assert.deepEqual(await call('lrange', 'none', 0, -1), [{}]);
      assert.match(String((await call('rpush', 'l'))[1]), /wrong number of arguments/);
      assert.match(String((await call('lpop', 'l', -1))[1]), /out of range/);
      await assert.rejects(call('lrange', 'l', 0), /#4 .*number expected, got no value/);
      await call('set', 's', 'x');
      assert.match(String((await call('rpush', 's', 'x'))[1]), /^WRONGTYPE/);
    });

    test('sorted sets', async () => {
      const scores = (given: Record<string, LuaValue>) => tableFromEntries(Object.entries(given));
      await call('del', 'z');
      assert.deepEqual(await call('zadd', 'z', scores({ a: 1, b: 2.5, c: '3', d: Number.POSITIVE_INFINITY })), [4]);
      assert.deepEqual(await call('zadd', 'z', scores({ a: 1.5 })), [0]);
      assert.deepEqual(await call('zscore', 'z', 'a'), [1.5]);
      assert.deepEqual(await call('zscore', 'z', 'd'), [Number.POSITIVE_INFINITY]);
      assert.deepEqual(await call('zincrby', 'z', -0.5, 'a'), [1]);
      assert.deepEqual(await call('zincrby', 'z', 7, 'new'), [7]);
      assert.deepEqual(await call('zcard', 'z'), [5]);
      assert.deepEqual(await call('zcount', 'z', '(1', 3), [2]);
      assert.deepEqual(await call('zrank', 'z', 'b'), [1]);
      assert.deepEqual(await call('zrevrank', 'z', 'b'), [3]);
      assert.deepEqual(await call('zrange', 'z', 0, 1), [{ 1: 'a', 2: 'b' }]);
      assert.deepEqual(await call('zrevrange', 'z', 0, 1), [{ 1: 'd', 2: 'new' }]);
      assert.deepEqual(await call('zrangebyscore', 'z', '-inf', 3), [{ 1: 'a', 2: 'b', 3: 'c' }]);
      const page = scores({ offset: 1, count: 1 });
      assert.deepEqual(await call('zrangebyscore', 'z', 0, 3, page), [{ 1: 'b' }]);
      assert.deepEqual(await call('zrevrangebyscore', 'z', 3, 0, page), [{ 1: 'b' }]);
      assert.deepEqual(await call('zrangebyscore', 'z', 0, 3, scores({ offset: 2 })), [{ 1: 'c' }]);
      assert.deepEqual(await call('zrem', 'z', tableFromArray(['a', 'none'])), [1]);
      assert.deepEqual(await call('zrem', 'z', 'new'), [1]);
      assert.deepEqual(await call('zremrangebyscore', 'z', 'inf', '+inf'), [1]);
      assert.deepEqual(await call('zremrangebyrank', 'z', 0, 0), [1]);
      assert.deepEqual(await call('zrange', 'z', 0, -1), [{ 1: 'c' }]);
      for (const name of ['zscore', 'zrank', 'zrevrank']) {
        assert.deepEqual(await call(name, 'z', 'none'), [undefined, 'redis: nil']);
        assert.deepEqual(await call(name, 'none', 'none'), [undefined, 'redis: nil']);
      }
      assert.deepEqual(await call('zrange', 'none', 0, -1), [{}]);
      assert.deepEqual(await call('zadd', 'z', new LuaTable()), [undefined, 'Invalid number of arguments']);
      assert.deepEqual(await call('zadd', 'z', scores({ a: true })), [undefined, "unable to convert score of 'a'"]);
      assert.deepEqual(await call('zadd', 'z', scores({ a: 'x' })), [undefined, 'ERR value is not a valid float']);
      assert.deepEqual(await call('zcount', 'z', 'x', 1), [undefined, 'ERR min or max is not a float']);
      await assert.rejects(call('zcount', 'z', true, 1), /#3 .*number or string expected, got boolean/);
      await assert.rejects(call('zadd', 'z', 1, 'a'), /#3 .*table expected/);
    });

    test('HyperLogLogs', async () => {
      const names = (from: number) => Array.from({ length: 700 }, (_, index) => `value ${from + index}`);
      assert.deepEqual(await call('pfadd', '{p}a', ...names(0)), [true]);
      assert.deepEqual(await call('pfadd', '{p}a', 'value 1', 'value 2'), [false]);
      assert.deepEqual(await call('pfadd', '{p}b', ...names(350)), [true]);
      assert.deepEqual(await call('pfcount', '{p}a'), [701]);
      assert.deepEqual(await call('pfcount', '{p}a', '{p}b'), [1055]);
      assert.deepEqual(await call('pfmerge', '{p}a', '{p}b'), ['OK']);
      assert.deepEqual(await call('pfcount', '{p}a'), [1055]);
      assert.deepEqual(await call('pfcount', 'none'), [0]);
      await call('set', 's', 'x');
      assert.match(String((await call('pfadd', 's', 'x'))[1]), /^WRONGTYPE/);
    });

    test('a pipeline gives what its commands give one by one', async () => {
      await call('del', 'pipe', 'hash');
      await call('upload_script', 'return {KEYS[1], ARGV[1]}', 'pair');
      const rows = [
        ['set', 'pipe', 'v', tableFromEntries([['ex', 100]])],
        ['get', 'pipe'],
        ['redis_ttl', 'pipe'],
        ['GET', 'missing'],
        ['hset', 'hash', 'f', 1.5],
        ['hget', 'hash', 'f', 'number'],
        ['incr', 'pipe'],
        ['hgetall', 'hash'],
        ['set', 'pipe', new LuaTable()],
        ['hset', 'hash', 'f'],
        ['run_script', 'pair', tableFromArray(['k']), tableFromArray([7])],
        ['set', 'nothing', undefined, 60],
        ['ttl', 'nothing'],
      ];
      const [results, first] = await call('pipeline', 'write', tableFromArray(rows.map(rowOf)));
      assert.deepEqual(Object.values(results as object), [
        { ok: true, value: 'OK' },
        { ok: true, value: 'v' },
        { ok: true, value: 100 },
        { ok: true },
        { ok: true, value: 1 },
        { ok: true, value: 1.5 },
        { ok: false, err: 'ERR value is not an integer or out of range' },
        { ok: true, value: { f: '1.5' } },
        { ok: false, err: 'unable to convert Lua value of type table' },
        { ok: false, err: 'Invalid number of arguments' },
        { ok: true, value: { 1: 'k', 2: '7' } },
        { ok: true, value: 'OK' },
        { ok: true, value: 60 },
      ]);
      assert.equal(first, 'ERR value is not an integer or out of range');
      assert.deepEqual(await call('pipeline', 'read', new LuaTable()), [{}, undefined]);
      const reads = tableFromArray([rowOf(['get', 'pipe']), rowOf(['exists', 'pipe', 'missing'])]);
      assert.deepEqual(await call('pipeline', 'read', reads), [
        { 1: { ok: true, value: 'v' }, 2: { ok: true, value: 1 } },
        undefined,
      ]);
    });

    test('a pipeline with a wrong row sends nothing', async () => {
      const pipeline = (mode: string, ...rows: LuaValue[]) => call('pipeline', mode, tableFromArray(rows));
      await call('set', 'untouched', 'x');
      const write = rowOf(['set', 'untouched', 'y']);
      const cases: readonly [LuaValue, RegExp][] = [
        [rowOf(['flushall']), /row 2 of redis_pipeline has the unknown command 'flushall'/],
        [rowOf(['constructor']), /unknown command 'constructor'/],
        [rowOf(['pipeline', 'write', new LuaTable()]), /unknown command/],
        [rowOf([]), /row 2 of redis_pipeline has no name of a command/],
        ['get', /row 2 of redis_pipeline is no table/],
        [
          rowOf(['get']),
          /row 2 of redis_pipeline has a bad argument #2 to 'redis_get' \(string expected, got no value\)$/,
        ],
        [rowOf(['expire', 'k', 'soon']), /row 2 .* bad argument #3 to 'redis_expire' \(number expected, got string\)$/],
        [
          rowOf(['run_script', 'pair']),
          /row 2 .* bad argument #3 to 'redis_run_script' \(table expected, got no value\)$/,
        ],
      ];
      for (const [row, message] of cases) await assert.rejects(pipeline('write', write, row), message);
      await assert.rejects(
        pipeline('read', rowOf(['get', 'untouched']), write),
        /row 2 .* is not for mode 'read': 'set'/,
      );
      await assert.rejects(pipeline('other'), /mode 'read' or 'write' expected/);
      assert.deepEqual(await call('get', 'untouched'), ['x']);
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

    if (store === 'standalone') {
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
    }
  });
}

/** A row of a pipeline; holes stay holes. */
function rowOf(values: readonly LuaValue[]): LuaTable {
  return tableFromEntries(values.map((value, at) => [at + 1, value]));
}

test('a traversal of the module shows the functions of the reference only', async () => {
  const opened = await services();
  const module = await new Script(opened, [redis]).require('nauthilus_redis', 'nauthilus_redis');
  const names = [...entries(module)].map(([name]) => name);
  assert.equal(names.length, 24);
  assert.ok(names.includes('redis_run_script') && !names.includes('redis_pipeline'));
  await opened.close();
});

const foreignKind = new UserdataKind<undefined>('foreign');

function plain(value: LuaValue): unknown {
  if (!(value instanceof LuaTable)) return value;
  return Object.fromEntries([...entries(value)].map(([key, each]) => [String(key), plain(each)]));
}
