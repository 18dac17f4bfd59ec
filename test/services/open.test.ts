/** All services of one configuration: opened together, closed together, nothing left that keeps the process alive. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { openServices } from '../../runtime/services/index.ts';
import { keepLines, testConfig } from './base.ts';

it('services work together and are closed together', async () => {
  const sink = keepLines();
  const config = testConfig({ server: ['instance_name: one', 'log: { level: info }'] });
  const services = await openServices(config, { sink, version: '1.0' });
  await services.redis.defaultHandle.write('SET', 'a', '1');
  services.log.info({ msg: 'hello' });
  assert.match(sink.lines[0] ?? '', /instance=one msg=hello\n$/);
  assert.match(await services.metrics.text(), /^redis_write_total 1$/m);
  const outcome = await services.passwords.compare('$1$saltsalt$NuzA7WTAelpl95xgBGWN60', 'correct horse');
  assert.deepEqual(outcome, { kind: 'match' });
  await services.close();
  await assert.rejects(services.redis.defaultHandle.read('GET', 'a'), /client is closed/);
});

it('a process whose work is done ends once its services are closed, also with a Redis server that is away', () => {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { parseConfig } from ${url('../../runtime/config/index.ts')};
    import { openServices } from ${url('../../runtime/services/index.ts')};
    const text = 'server: { backends: [cache], redis: { pool_size: 1, password_nonce: n, master: { address: "127.0.0.1:1" } } }';
    const services = await openServices(parseConfig({ text, file: 'x', env: {} }).config);
    console.log(await services.redis.defaultHandle.read('PING').catch(({ message }) => message));
    await services.close();`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  assert.equal(stdout.trim(), 'dial tcp 127.0.0.1:1: connect: connection refused');
  assert.equal(stderr, '');
  assert.equal(status, 0);
});
