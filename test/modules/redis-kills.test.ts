/** What scripts see of a Redis server that is killed in the middle of a command, in each mode of a pool. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type RedisServer, redisMissing, startRedis, startSentinel, until } from '../servers/redis.ts';
import { type RedisCluster, startCluster } from '../servers/redis-cluster.ts';
import { redisPrograms } from './redis-programs.ts';

const { run } = redisPrograms();

/** Servers that a pool can use, and what becomes of them when one dies. */
interface Topology {
  readonly options: string;
  /** All servers that could carry out a command. */
  readonly servers: readonly RedisServer[];
  /** Ends when the others have put somebody in the place of the one that died. */
  replace(died: RedisServer): Promise<void>;
}

const WITHIN_MS = 2000;

/**
 * Kills the server that the pool is using while it carries out a command: the command fails with a text at once, the script
 * goes on, and soon after there is a server again the pool is as good as before.
 */
async function killInMidCommand(mode: string, topology: Topology): Promise<void> {
  const pool = `local pool = redis.get_redis_connection("${mode}")`;
  await run(`
    assert(redis.register_redis_pool("${mode}", "${mode}", ${topology.options}) == "OK")
    ${pool}
    local uploaded
    for _ = 1, 200 do
      uploaded = uploaded or redis.redis_upload_script(pool, "return redis.call('GET', KEYS[1])", "${mode}")
      if uploaded and redis.redis_get(pool, "kept") == "value" then return end
      if "${mode}" ~= "sentinel_replica" then redis.redis_set(pool, "kept", "value") end
      misc.wait_random(20, 21)
    end
    error("never ready")
  `);
  const [info = ''] = await run(`${pool} print(redis.redis_run_script(pool, [[
    redis.call('GET', KEYS[1])
    return string.match(redis.call('INFO', 'server'), 'tcp_port:(%d+)')
  ]], "", { "kept" }, {}))`);
  const victim = topology.servers.find(({ port }) => info.startsWith(`${port}\t`));
  assert.ok(victim !== undefined, info);
  const running = run(`
    ${pool}
    print(redis.redis_run_script(pool, "while true do end", "", { "kept" }, {}))
    print(pcall(redis.redis_get, pool, "kept"))
    print(#redis.redis_pipeline(pool, "read", { { "get", "kept" }, { "get", "kept" } }))
  `);
  await pause(250);
  await victim.stop('SIGKILL');
  const killed = performance.now();
  const [failed = '', ...wentOn] = await running;
  assert.match(failed, /^nil\t\S.*(EOF|read: connection reset by peer)$/);
  assert.match(wentOn[0] ?? '', /^true\t/);
  assert.equal(wentOn[1], '2');
  assert.ok(performance.now() - killed < 1000, 'the script did not have to wait');
  await topology.replace(victim);
  const replaced = performance.now();
  const recovered = await run(`
    ${pool}
    local function works()
      local _, err
      if "${mode}" ~= "sentinel_replica" then _, err = redis.redis_incr(pool, "{kept}n") end
      if err then return false end
      local value
      value, err = redis.redis_run_script(pool, "", "${mode}", { "kept" }, {})
      if err and err ~= "redis: nil" then return false end
      print(value, err)
      return true
    end
    while not works() do misc.wait_random(10, 11) end
  `);
  assert.ok(performance.now() - replaced < WITHIN_MS, `${performance.now() - replaced} ms`);
  // A single server that keeps nothing on disk has come back empty, the others have copies.
  assert.deepEqual(recovered, [mode === 'standalone' ? 'nil\tredis: nil' : 'value\tnil']);
}

test('a server, and its pool when it is back', { skip: redisMissing }, async () => {
  const server = await startRedis();
  const options = `{ address = "${server.address}" }`;
  try {
    await killInMidCommand('standalone', { options, servers: [server], replace: (died) => died.restart() });
  } finally {
    await server.close();
  }
});

describe('of a sentinel set', { skip: redisMissing }, () => {
  let servers: RedisServer[];
  let sentinels: RedisServer[];
  let options = '';
  before(async () => {
    const master = await startRedis();
    const replicas = [1, 2].map(() => startRedis('--replicaof', '127.0.0.1', String(master.port)));
    servers = [master, ...(await Promise.all(replicas))];
    const quick = ['sentinel down-after-milliseconds watched 300', 'sentinel failover-timeout watched 2000'];
    sentinels = await Promise.all([1, 2, 3].map(() => startSentinel('watched', master.port, quick)));
    const addresses = sentinels.map(({ address }) => `"${address}"`).join(', ');
    options = `{ addresses = { ${addresses} }, master_name = "watched" }`;
    master.command('SET', 'kept', 'value');
    await until(() => servers.every((each) => each.command('GET', 'kept') === 'value'));
    // Until the sentinels know the replicas there is nothing that could take over.
    await until(() =>
      sentinels.every((each) => each.command('SENTINEL', 'master', 'watched').includes('num-slaves\n2')),
    );
  });
  after(() => Promise.all([...servers, ...sentinels].map((server) => server.close())));

  test('a replica that reads go to: the other one is there', async () => {
    const replicas = servers.slice(1);
    let died: RedisServer | undefined;
    const replace = async (each: RedisServer) => {
      died = each;
    };
    await killInMidCommand('sentinel_replica', { options, servers: replicas, replace });
    await died?.restart();
    await until(() => replicas.every((each) => each.command('GET', 'kept') === 'value'));
  });

  test('the master: the sentinels make another one', async () => {
    const replace = (died: RedisServer) =>
      until(() => {
        const [, port = ''] = sentinels[0]!.command('SENTINEL', 'get-master-addr-by-name', 'watched').split('\n');
        const master = servers.find((each) => String(each.port) === port);
        return master !== undefined && master !== died && master.command('ROLE').startsWith('master');
      });
    await killInMidCommand('sentinel', { options, servers, replace });
  });
});

describe('of a cluster of six', { skip: redisMissing }, () => {
  let cluster: RedisCluster;
  before(async () => {
    cluster = await startCluster(1);
  });
  after(() => cluster.close());

  test('a master: its replica takes its place', async () => {
    const { masters, replicas } = cluster;
    const replace = (died: RedisServer) => {
      const replica = replicas[masters.indexOf(died)]!;
      return until(() => replica.command('ROLE').startsWith('master'));
    };
    const options = `{ addresses = { "${masters[0]?.address}", "${masters[1]?.address}" } }`;
    await killInMidCommand('cluster', { options, servers: masters, replace });
  });
});
