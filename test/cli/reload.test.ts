/** A reload as an operator sees it: signal, messages, secrets that were exchanged, workers that come and go. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, redisMissing, startRedis } from '../servers/redis.ts';
import {
  backendText,
  login,
  makeSandbox,
  type RunningServer,
  runNode,
  type Sandbox,
  SOURCES,
  startServer,
} from './sandbox.ts';

const configuration = ({ address = '127.0.0.1:0', server = '', redis = '' }) => `server:
  address: "${address}"
  log: { level: info }
  backends: [lua]
  basic_auth: { enabled: true, username: api, password_file: api.secret }
  redis: { pool_size: 2, password_nonce: test${redis === '' ? '' : `, master: { address: "${redis}" }`} }
  ${server}
lua: { config: { backend_script_path: backend.lua } }
`;

const withPassword = (password: string) => ({
  Authorization: `Basic ${Buffer.from(`api:${password}`).toString('base64')}`,
});

let sandbox: Sandbox;
before(async () => {
  sandbox = makeSandbox({
    'nauthilus.yml': configuration({}),
    'backend.lua': backendText('built'),
    'api.secret': 'first\n',
  });
  const { code, stderr } = await runNode([SOURCES, 'build'], sandbox.folder);
  assert.equal(code, 0, stderr);
});
after(() => sandbox.remove());

const start = () =>
  startServer([join(sandbox.folder, 'dist/nauthilus.mjs'), 'start', '-c', 'nauthilus.yml'], sandbox.folder);

async function statusOf({ url }: Pick<RunningServer, 'url'>) {
  const answer = await fetch(`${url}/statusz`, {
    headers: { Connection: 'close' },
    signal: AbortSignal.timeout(30_000),
  });
  return JSON.parse(await answer.text());
}

async function until(isTrue: () => Promise<boolean> | boolean, what: () => string): Promise<void> {
  const limit = Date.now() + 20_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < limit, what());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a secret whose file has changed counts from the next reload on; a file that is gone changes nothing', async () => {
  const server = await start();
  try {
    const statusWith = async (password: string) =>
      (await login(server.url, 'ann', 'good', withPassword(password))).status;
    assert.equal(await statusWith('first'), 200);
    sandbox.write('api.secret', 'second\n');
    server.child.kill('SIGHUP');
    await server.waitFor(/Reloading configuration file finished/);
    assert.equal(await statusWith('first'), 403);
    assert.equal(await statusWith('second'), 200);
    sandbox.write('nauthilus.yml', configuration({}).replace('api.secret', 'gone.secret'));
    server.child.kill('SIGHUP');
    await server.waitFor(/Reloading configuration file failed.*gone\.secret/);
    await server.waitFor(/nauthilus\.yml:5.*password_file: the file gone\.secret has no secret: no such file/s);
    assert.equal(await statusWith('second'), 200);
    const { generation, last_reload: last } = await statusOf(server);
    assert.equal(generation, 2);
    assert.equal(last.result, 'failure');
    assert.match(last.problems.join(), /^nauthilus\.yml:5: server\.basic_auth\.password_file: the file gone\.secret/);
  } finally {
    assert.equal(await server.stop(), 0);
    sandbox.write('nauthilus.yml', configuration({}));
  }
});

test('in watch, a script that does not compile is a failed reload, and its repair a good one', async () => {
  const server = await startServer([SOURCES, 'watch'], sandbox.folder);
  const resultOf = async () => (await statusOf(server)).last_reload?.result;
  try {
    sandbox.write('backend.lua', 'function broken(');
    await until(async () => (await resultOf()) === 'failure', server.stderr);
    assert.match((await statusOf(server)).last_reload.problems.join(), /^backend\.lua:1: /);
    sandbox.write('backend.lua', backendText('mended'));
    await until(async () => (await resultOf()) === 'success', server.stderr);
    server.child.kill('SIGHUP');
    await server.waitFor(/Reloading configuration file finished/);
  } finally {
    assert.equal(await server.stop(), 0);
    sandbox.write('backend.lua', backendText('built'));
  }
});

describe('with workers', { skip: redisMissing }, () => {
  let redis: RedisServer;
  let server: RunningServer;
  const write = (workers: number, more: { address?: string; server?: string } = {}) =>
    sandbox.write(
      'nauthilus.yml',
      configuration({ redis: redis.address, ...more, server: `workers: ${workers}\n  ${more.server ?? ''}` }),
    );
  const workers = () => {
    const childrenOf = (pid: string) =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const found = childrenOf(String(server.child.pid));
    // Older versions of Node keep a parent that restarts the process with its flags.
    return found.length === 1 ? childrenOf(found[0] ?? '') : found;
  };
  const reload = async (expected: RegExp) => {
    server.child.kill('SIGHUP');
    await server.waitFor(expected);
  };

  before(async () => {
    redis = await startRedis();
    write(2);
    server = await start();
  });
  after(async () => {
    await server?.stop();
    await redis?.close();
  });

  test('their number follows, without a login that fails', async () => {
    let isDone = false;
    const client = async (): Promise<void> => {
      while (!isDone) {
        const headers = { ...withPassword('second'), Connection: 'close' };
        const answer = await login(server.url, 'ann', 'good', headers).catch(() => undefined);
        // A worker that ends may refuse a connection over which nothing was asked yet.
        if (answer !== undefined) assert.equal(answer.status, 200, server.stderr());
      }
    };
    const clients = Promise.all([client(), client()]);
    write(3);
    await reload(/reloaded by 2 workers/);
    const serving = new Set<number>();
    await until(
      async () => serving.add((await statusOf(server)).process).size === 3,
      () => `${serving.size} workers\n${server.stderr()}`,
    );
    write(2);
    await Promise.race([clients, reload(/reloaded by 3 workers/)]);
    await until(
      () => workers().length === 2,
      () => `${workers().length} workers`,
    );
    isDone = true;
    await clients;
  });

  test('a mistake is told once, and each worker keeps what it has', async () => {
    write(2, { server: 'unknown: 1' });
    await reload(/not reloaded by 2 of 2 workers: nauthilus\.yml:\d+: server\.unknown: unknown key/);
    assert.equal(
      server.stderr().match(/server\.unknown: unknown key/g)?.length,
      2,
      'with its place, and with its effect',
    );
    const page = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(page, /^nauthilus_config_last_reload_successful 0$/m);
    assert.match(page, /^nauthilus_config_reloads_total\{result="failure"\} 2$/m);
  });

  test('a worker that comes later listens where the others do, although the file says otherwise by now', async () => {
    write(2, { address: '127.0.0.1:1' });
    await reload(/server\.address has changed: the new value needs a restart/);
    const [victim] = workers();
    process.kill(Number(victim), 'SIGKILL');
    await until(
      () => workers().length === 2 && !workers().includes(victim ?? ''),
      () => server.stderr(),
    );
    const seen = new Map<number, string>();
    await until(
      async () => {
        const { process: pid, needs_restart: waiting } = await statusOf(server);
        seen.set(pid, String(waiting));
        return seen.size === 2;
      },
      () => `${JSON.stringify([...seen])}\n${server.stderr()}`,
    );
    assert.deepEqual([...seen.values()], ['server.address', 'server.address']);
  });
});
