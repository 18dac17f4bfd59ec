/** A real Redis cluster on free loopback ports: three masters, each with the same number of replicas. */
import { spawnSync } from 'node:child_process';
import type { Certificate } from './certificate.ts';
import { type RedisServer, startRedis, startTlsRedis } from './redis.ts';

export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  /** `replicas[i]` copies `masters[i % 3]`. */
  readonly replicas: readonly RedisServer[];
  /** Sends a command to one node and gives what it printed. */
  command(node: RedisServer, ...words: readonly (string | number)[]): string;
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
  const run = runner(certificate);
  const [masters, replicas] = [nodes.slice(0, MASTERS), nodes.slice(MASTERS)];
  const first = masters[0]!;
  for (const [at, master] of masters.entries()) {
    const bounds = [at, at + 1].map((part) => Math.floor((part * SLOTS) / MASTERS));
    run(master, 'CLUSTER', 'ADDSLOTSRANGE', bounds[0]!, bounds[1]! - 1);
    run(master, 'CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
  }
  for (const node of nodes.slice(1)) run(node, 'CLUSTER', 'MEET', '127.0.0.1', first.port);
  await until(() =>
    nodes.every((node) => run(node, 'CLUSTER', 'INFO').includes(`cluster_known_nodes:${nodes.length}`)),
  );
  for (const [at, replica] of replicas.entries()) {
    const id = run(masters[at % MASTERS]!, 'CLUSTER', 'MYID');
    await until(() => run(replica, 'CLUSTER', 'REPLICATE', id) === 'OK');
  }
  await until(() => nodes.every((node) => run(node, 'CLUSTER', 'INFO').includes('cluster_state:ok')));
  await until(() => replicas.every((node) => run(node, 'INFO', 'replication').includes('master_link_status:up')));
  return {
    masters,
    replicas,
    command: run,
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}

function runner(certificate: Certificate | undefined): RedisCluster['command'] {
  const tls =
    certificate === undefined
      ? []
      : ['--tls', '--cacert', certificate.certFile, '--cert', certificate.certFile, '--key', certificate.keyFile];
  return (node, ...words) => {
    const args = ['-p', String(node.port), ...tls, ...words.map(String)];
    return spawnSync('redis-cli', args, { encoding: 'utf8' }).stdout.trim();
  };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the cluster does not come up');
}
