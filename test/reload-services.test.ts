/** Reloads that replace connections to real servers, while logins are under way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { Redis } from 'ioredis';
import { compileSources, configOf, configText, loginHeaders, startServer, type TestServer } from './login-server.ts';
import { makeCertificate, opensslMissing } from './servers/certificate.ts';
import { makeFolder } from './servers/process.ts';
import { freePort, type RedisServer, redisMissing, startRedis } from './servers/redis.ts';
import { ADMIN, type SlapdServer, SUFFIX, slapdMissing, startSlapd } from './servers/slapd.ts';

const BACKEND = (mark: string) => ({
  'backend.lua': `
    dynamic_loader("nauthilus_redis") dynamic_loader("nauthilus_misc")
    local redis = require("nauthilus_redis")
    function nauthilus_backend_verify_password(request)
      local pause = require("nauthilus_misc").wait_random
      if request.username == "slow" then pause(100, 101) end
      while request.username == "held" and redis.redis_get("default", "go") == nil do pause(10, 11) end
      local count, err = redis.redis_incr("default", "logins")
      if err ~= nil then error(err) end
      local result = nauthilus_backend_result.new()
      if request.username == "mia" then return 0, result end
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, mark = "${mark}" })
      result:authenticated(true)
      return 0, result
    end`,
  'post.lua': `
    dynamic_loader("nauthilus_redis") dynamic_loader("nauthilus_misc")
    function nauthilus_call_action(request)
      if request.username == "held" then require("nauthilus_misc").wait_random(300, 301) end
      local _, err = require("nauthilus_redis").redis_incr("default", "posts")
      if err ~= nil then error(err) end
      return 0
    end`,
});

const LUA = `lua:
  actions: [{ type: post, name: post, script_path: post.lua }]
  config: { backend_script_path: backend.lua }`;

function textFor(redis: string, { backends = '[lua]', prefix = 'nt:', server = '', rest = '' } = {}): string {
  return configText(`backends: ${backends}\n${server}`, `${LUA}\n${rest}`).replace(
    'prefix: "nt:"',
    `prefix: "${prefix}", master: { address: "${redis}" }`,
  );
}

function reload({ server }: TestServer, text: string, mark = 'new'): Promise<void> {
  const config = configOf(text);
  return server.swap({ program: compileSources(config, BACKEND(mark)), config });
}

const login = (server: TestServer, user: string) =>
  server.request({ url: '/api/v1/auth/header?in-memory=0', headers: loginHeaders(user, 'mia') });

async function ask<T>(redis: RedisServer, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(redis.port, '127.0.0.1');
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

/** Connections of a server of ours. */
async function connectionsAt(redis: RedisServer): Promise<number> {
  const list = await ask(redis, async (client) => String(await client.client('LIST')));
  return list.split('\n').filter((line) => line.includes('name=nauthilus')).length;
}

const valueAt = (redis: RedisServer, key: string) => ask(redis, (client) => client.get(key));

/** Own ports of the established connections to a port of this machine. */
function connectionsTo(port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = readFileSync('/proc/self/net/tcp', 'utf8').split('\n');
  const fields = rows.map((row) => row.trim().split(/\s+/));
  return fields.flatMap(([, own = '', other = '', state]) =>
    state === '01' && other.endsWith(`:${hex}`) ? [own] : [],
  );
}

async function until(isTrue: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const limit = Date.now() + 5000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < limit, what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('with two Redis servers', { skip: redisMissing }, () => {
  let one: RedisServer;
  let two: RedisServer;
  before(async () => {
    [one, two] = await Promise.all([startRedis(), startRedis()]);
  });
  after(async () => {
    await Promise.all([one?.close(), two?.close()]);
  });

  test('another address is used from the reload on; what is under way ends where it began, then the old connections close', async () => {
    const server = await startServer(textFor(one.address), BACKEND('old'));
    const held = login(server, 'held');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await reload(server, textFor(two.address));
    assert.equal((await login(server, 'ann')).headers['x-nauthilus-mark'], 'new');
    await server.settled();
    assert.equal(await valueAt(two, 'logins'), '1');
    assert.ok((await connectionsAt(one)) > 0, 'the first login still needs them');
    await ask(one, (client) => client.set('go', '1'));
    const answer = await held;
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['x-nauthilus-mark'], 'old');
    await server.settled();
    assert.equal(await valueAt(one, 'logins'), '1');
    assert.equal(await valueAt(one, 'posts'), '1', 'its post action, too');
    assert.equal(await ask(one, (client) => client.hget('nt:USER', 'held')), 'held');
    await until(async () => (await connectionsAt(one)) === 0, 'the old connections are closed');
    assert.doesNotMatch(server.output(), /level=error/);
  });

  test('an address where nobody answers is refused, and everything stays as it was', async () => {
    const server = await startServer(textFor(one.address), BACKEND('old'));
    const { redis } = server.server.services;
    const nowhere = `127.0.0.1:${await freePort()}`;
    await assert.rejects(reload(server, textFor(nowhere)), /server\.redis cannot be used: .*connection refused/);
    assert.equal(server.server.services.redis, redis);
    assert.equal((await login(server, 'ann')).headers['x-nauthilus-mark'], 'old');
    const { body } = await server.request({ method: 'GET', url: '/statusz' });
    assert.match(JSON.parse(body).last_reload.problems[0], /server\.redis cannot be used/);
    assert.match(server.output(), /Reloading configuration file failed/);
  });

  test('pools and scripts that an init script has registered outlive a change of the server', async () => {
    const server = await startServer(textFor(one.address), BACKEND('old'));
    const { redis } = server.server.services;
    redis.registerPool('mine', 'standalone', { address: one.address });
    await redis.uploadScript(redis.defaultHandle, 'three', 'return 3');
    await reload(server, textFor(two.address));
    const after = server.server.services.redis;
    assert.notEqual(after, redis);
    assert.equal(await after.pool('mine')?.write('PING'), 'PONG');
    const script = { name: 'three', code: '', keys: [], args: [] };
    assert.equal(await after.runScript(after.defaultHandle, script), 3);
  });

  test('logins are forgotten where the instances of the new server say so', async () => {
    const server = await startServer(textFor(one.address), BACKEND('old'));
    await reload(server, textFor(two.address));
    const listeners = async () =>
      server.server.services.redis.defaultHandle.write('PUBSUB', 'NUMSUB', 'nt:nauthilus:forget');
    await until(async () => String(await listeners()) === 'nt:nauthilus:forget,1', 'it listens there');
  });

  test('no login fails while Redis, prefix and name server change ten times', async () => {
    const server = await startServer(textFor(one.address), BACKEND('0'));
    await server.server.listen();
    let isDone = false;
    let count = 0;
    const client = async (user: string): Promise<void> => {
      while (!isDone) {
        const answer = await fetch(`${server.server.url}/api/v1/auth/header?in-memory=0`, {
          headers: loginHeaders(user, 'x'),
        });
        const body = await answer.text();
        assert.equal(answer.status, 200, `${body}\n${server.output()}`);
        count += 1;
      }
    };
    const clients = Promise.all(['ann', 'ben', 'cem', 'slow', 'slow'].map(client));
    for (let round = 1; round <= 10; round++) {
      const address = round % 2 === 0 ? one.address : two.address;
      const changes = { prefix: `nt${round}:`, server: `dns: { timeout: ${1 + (round % 5)} }` };
      await Promise.race([clients, reload(server, textFor(address, changes), String(round))]);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    isDone = true;
    await clients;
    await server.settled();
    assert.ok(count > 50, `only ${count} logins`);
    assert.doesNotMatch(server.output(), /level=error/);
    await until(async () => (await connectionsAt(two)) === 0, 'nothing is left at the server that is not in use');
  });

  describe('and slapd', { skip: slapdMissing || opensslMissing }, () => {
    let slapd: SlapdServer;
    before(async () => {
      slapd = await startSlapd();
    });
    after(() => slapd?.close());

    const directory = (more = '') =>
      [
        'ldap:',
        `  config: { server_uri: ["${slapd.uri}"], bind_dn: "${ADMIN.dn}", bind_pw: ${ADMIN.password}, auth_pool_size: 2${more} }`,
        '  search:',
        '    - protocol: imap',
        `      base_dn: "${SUFFIX}"`,
        '      filter: { user: "(uid=%s)" }',
        '      mapping: { account_field: uid }',
        '      attribute: [uid]',
      ].join('\n');

    test('pools with the same settings keep their connections while others change, and give them up when they change', async () => {
      const backends = '[lua, ldap]';
      const text = (redis: RedisServer, more = '') => textFor(redis.address, { backends, rest: directory(more) });
      const server = await startServer(text(one), BACKEND('old'));
      assert.equal((await login(server, 'mia')).status, 200);
      const connections = connectionsTo(slapd.port);
      assert.ok(connections.length >= 2, String(connections));
      await reload(server, text(two));
      assert.equal((await login(server, 'mia')).status, 200);
      assert.deepEqual(connectionsTo(slapd.port), connections);
      await reload(server, text(two, ', lookup_pool_size: 7'));
      assert.equal((await login(server, 'mia')).status, 200);
      await until(() => connections.every((each) => !connectionsTo(slapd.port).includes(each)), 'the old ones close');
      const sizeIs = async (size: number) => {
        const page = await server.services.metrics.text();
        assert.match(page, new RegExp(`^ldap_pool_size\\{pool="lookup"\\} ${size}$`, 'm'));
        assert.match(
          page,
          new RegExp(`^ldap_pool_open_connections_total\\{pool="lookup"\\} ${Math.min(size, 1)}$`, 'm'),
        );
      };
      await sizeIs(7);
      await assert.rejects(
        reload(
          server,
          text(two, ', lookup_pool_size: 9').replace(`bind_pw: ${ADMIN.password}`, 'bind_pw: CANARYWRONG'),
        ),
        /ldap\.config cannot be used: /,
      );
      assert.equal((await login(server, 'mia')).status, 200);
      assert.doesNotMatch(server.output(), /CANARYWRONG/);
      await sizeIs(7);
      await reload(server, textFor(two.address));
      await until(() => connectionsTo(slapd.port).length === 0, 'without the backend there are none');
      await sizeIs(0);
    });
  });
});

describe('over TLS', { skip: opensslMissing }, () => {
  const folder = makeFolder('renewal');
  after(() => folder.remove());

  test('a renewed certificate is shown after a reload, one without its key is refused, connections stay', async () => {
    const { certFile, keyFile, pem } = makeCertificate(folder.path);
    const text = configText(`backends: [lua]\ntls: { enabled: true, cert: ${certFile}, key: ${keyFile} }`, LUA);
    const server = await startServer(text, BACKEND('old'));
    await server.server.listen();
    const port = Number(server.server.address.split(':')[1]);
    const open = () =>
      new Promise<{ shown: string; socket: ReturnType<typeof connect> }>((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
          resolve({ shown: socket.getPeerX509Certificate()?.toString() ?? '', socket }),
        );
        socket.once('error', reject);
      });
    const old = await open();
    assert.equal(old.shown, pem);
    const renewed = makeCertificate(folder.path).pem;
    await reload(server, text);
    const fresh = await open();
    assert.equal(fresh.shown, renewed);
    assert.notEqual(renewed, pem);
    old.socket.write('GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const answer = await new Promise<string>((resolve) => old.socket.once('data', (data) => resolve(String(data))));
    assert.match(answer, /^HTTP\/1\.1 200 /);
    const other = makeFolder('other');
    const stranger = makeCertificate(other.path);
    await assert.rejects(reload(server, text.replace(keyFile, stranger.keyFile)), /key values mismatch/);
    other.remove();
    const last = await open();
    assert.equal(last.shown, renewed);
    await reload(server, text.replace('enabled: true', 'enabled: false').replace(certFile, "''"));
    assert.match(server.output(), /server\.tls\.enabled has changed: the new value needs a restart/);
    for (const { socket } of [fresh, last]) socket.destroy();
  });
});
