/** A real Redis cluster on free loopback ports: three masters, each with the same number of replicas. */
import type { Certificate } from './certificate.ts';
import { type RedisServer, startRedis, startTlsRedis, until } from './redis.ts';

export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  /** `replicas[i]` copies `masters[i % 3]`. */
  readonly replicas: readonly RedisServer[];
  close(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;

/** A node that is away this long is replaced, in milliseconds; without replicas a busy machine is to have more time. */
const NODE_TIMEOUT_MS = { replaced: 800, lost: 10_000 };

/** With a certificate the nodes speak TLS, with each other too, and want clients that have one of the same authority. */
export async function startCluster(replicasPerMaster = 0, certificate?: Certificate): Promise<RedisCluster> {
  const timeout = replicasPerMaster > 0 ? NODE_TIMEOUT_MS.replaced : NODE_TIMEOUT_MS.lost;
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(timeout)];
  const nodes = await Promise.all(
    Array.from({ length: MASTERS * (1 + replicasPerMaster) }, () =>
      certificate === undefined
        ? startRedis(...options)
        : startTlsRedis(certificate, '--tls-cluster', 'yes', '--tls-replication', 'yes', ...options),
    ),
  );
  const [masters, replicas] = [nodes.slice(0, MASTERS), nodes.slice(MASTERS)];
  const first = masters[0]!;
  for (const [at, master] of masters.entries()) {
    const bounds = [at, at + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
    master.command('CLUSTER', 'ADDSLOTSRANGE', bounds[0]!, bounds[1]! - 1);
    master.command('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
  }
  for (const node of nodes.slice(1)) node.command('CLUSTER', 'MEET', '127.0.0.1', first.port);
  await until(() =>
    nodes.every((node) => node.command('CLUSTER', 'INFO').includes(`cluster_known_nodes:${nodes.length}`)),
  );
  for (const [at, replica] of replicas.entries()) {
    const id = masters[at % MASTERS]!.command('CLUSTER', 'MYID');
    await until(() => replica.command('CLUSTER', 'REPLICATE', id) === 'OK');
  }
  await until(() => nodes.every((node) => node.command('CLUSTER', 'INFO').includes('cluster_state:ok')));
  await until(() => replicas.every((node) => node.command('INFO', 'replication').includes('master_link_status:up')));
  return {
    masters,
    replicas,
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
