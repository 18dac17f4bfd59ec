/** TLS to servers whose certificate is of an authority of their own: one server, a sentinel set, a cluster. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parseConfig } from '../../../runtime/config/index.ts';
import {
  openRedis,
  type PoolOptions,
  type RedisHandle,
  type RedisService,
} from '../../../runtime/services/redis/index.ts';
import { type Certificate, makeCertificate, opensslMissing } from '../../servers/certificate.ts';
import { type RedisServer, redisMissing, startSentinel, startTlsRedis, tlsLines } from '../../servers/redis.ts';
import { type RedisCluster, startCluster } from '../../servers/redis-cluster.ts';
import { testBase, testConfig } from '../base.ts';
import { eventually } from './eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'nauthilus-redis-tls-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Where a server is, in the words of the configuration and of `register_redis_pool`. */
interface Place {
  readonly section: string;
  readonly mode: string;
  readonly options: PoolOptions;
}

/** Everything that a configuration and pools can say about TLS, at one place. */
function tlsTests(place: () => Place, certificate: () => Certificate): void {
  const open = (tls: string): RedisService => {
    const lines = [`redis: { pool_size: 1, password_nonce: x, ${place().section}, tls: { enabled: true, ${tls} } }`];
    return openRedis(testConfig({ server: lines }).server.redis, testBase());
  };

  const useDefault = async (tls: string, use: (redis: RedisHandle) => Promise<void>): Promise<void> => {
    const service = open(tls);
    try {
      await use(service.defaultHandle);
    } finally {
      await service.close();
    }
  };
  const usePool = async (tls: PoolOptions['tls'] | undefined, use: (redis: RedisHandle) => Promise<void>) => {
    const service = openRedis(testConfig().server.redis, testBase());
    const { mode, options } = place();
    service.registerPool('pool', mode, tls === undefined ? options : { ...options, tls });
    try {
      await use(service.pool('pool')!);
    } finally {
      await service.close();
    }
  };
  const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
  const works = async (redis: RedisHandle) => {
    // Sets and clusters take a moment to agree.
    await eventually(() => redis.write('SET', 'first', '1'), 5000);
    await Promise.all(keys.map((key) => redis.write('SET', key, key)));
    assert.deepEqual(await redis.read('MGET', ...keys), keys);
  };
  const fails = (redis: RedisHandle) => assert.rejects(redis.write('SET', 'a', 'b'), { name: 'RedisError' });

  it('works with the authority and a client certificate, by configuration and for pools', async () => {
    const { certFile, keyFile } = certificate();
    await useDefault(`ca: ${certFile}, cert: ${certFile}, key: ${keyFile}`, works);
    await usePool({ caFile: certFile, certFile, keyFile }, works);
  });

  it('is refused without the authority, without a client certificate, and without TLS', async () => {
    const { certFile, keyFile } = certificate();
    await useDefault(`cert: ${certFile}, key: ${keyFile}`, fails);
    await useDefault(`ca: ${certFile}`, fails);
    await usePool({ certFile, keyFile }, fails);
    await usePool({ caFile: certFile }, fails);
    await usePool(undefined, fails);
  });
}

describe('a server', { skip: redisMissing || opensslMissing }, () => {
  let server: RedisServer;
  let certificate: Certificate;
  before(async () => {
    certificate = makeCertificate(folder);
    server = await startTlsRedis(certificate);
  });
  after(() => server.close());

  tlsTests(
    () => ({
      section: `master: { address: "${server.address}" }`,
      mode: 'standalone',
      options: { address: server.address },
    }),
    () => certificate,
  );
});

describe('a sentinel set', { skip: redisMissing || opensslMissing }, () => {
  let certificate: Certificate;
  let servers: RedisServer[] = [];
  before(async () => {
    certificate = makeCertificate(folder);
    const master = await startTlsRedis(certificate);
    servers = [master, await startSentinel('veiled', master.port, tlsLines(certificate))];
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  tlsTests(
    () => ({
      section: `sentinels: { master: veiled, addresses: ["${servers[1]!.address}"] }`,
      mode: 'sentinel',
      options: { addresses: [servers[1]!.address], masterName: 'veiled' },
    }),
    () => certificate,
  );
});

describe('a cluster', { skip: redisMissing || opensslMissing }, () => {
  let certificate: Certificate;
  let cluster: RedisCluster;
  before(async () => {
    certificate = makeCertificate(folder);
    cluster = await startCluster(0, certificate);
  });
  after(() => cluster.close());

  tlsTests(
    () => {
      const { address } = cluster.masters[0]!;
      return { section: `cluster: { addresses: ["${address}"] }`, mode: 'cluster', options: { addresses: [address] } };
    },
    () => certificate,
  );

  it('has keys on each of its nodes', () => {
    for (const master of cluster.masters) assert.ok(Number(master.command('DBSIZE')) > 0);
  });
});

it('an authority that cannot be read is a mistake in the configuration', () => {
  const text = (enabled: boolean) => `
server:
  backends: [cache]
  redis: { pool_size: 1, password_nonce: x, master: { address: "127.0.0.1:1" }, tls: { enabled: ${enabled}, ca: ${folder}/none.pem } }
`;
  const problems = (enabled: boolean) =>
    parseConfig({ text: text(enabled), file: 'test.yml', env: {} })
      .diagnostics.filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  assert.match(problems(true).join('\n'), /authority file .*none\.pem is not readable: ENOENT/);
  assert.deepEqual(problems(false), []);
});
