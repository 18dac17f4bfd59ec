/** A real Redis server on a free loopback port, for one test file. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as openSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';

export interface RedisServer {
  readonly port: number;
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** Stops the process and keeps port and arguments; `signal` SIGKILL for a crash. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Freezes the process: connections stay, nothing is answered. */
  freeze(): void;
  thaw(): void;
  /** Sends a command with `redis-cli` and gives what it printed. */
  command(...words: readonly (string | number)[]): string;
  /** Ends the process and removes its folder. */
  close(): Promise<void>;
}

/** Reason for `{ skip: … }` when no server can be started here; `false` otherwise. */
export const redisMissing: false | string =
  spawnSync('redis-server', ['--version']).status === 0 ? false : 'redis-server is not installed';

/** Starts a server that keeps nothing on disk; `args` are further arguments (`--requirepass x`). */
export async function startRedis(...args: readonly string[]): Promise<RedisServer> {
  return control((port, folder) => [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    // Replicas get their copy at once.
    ...['--repl-diskless-sync-delay', '0', ...args],
  ]);
}

/** Starts a server that only speaks TLS, with this certificate, and wants clients that have one of the same authority. */
export async function startTlsRedis(certificate: Certificate, ...args: readonly string[]): Promise<RedisServer> {
  const { certFile, keyFile } = certificate;
  return control(
    (port, folder) => [
      ...['--port', '0', '--tls-port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--tls-cert-file', certFile, '--tls-key-file', keyFile, '--tls-ca-cert-file', certFile, ...args],
    ],
    ['--tls', '--cacert', certFile, '--cert', certFile, '--key', keyFile],
  );
}

/** Starts a sentinel that watches one master; a quorum of one. `more` are further lines of its configuration. */
export async function startSentinel(
  name: string,
  masterPort: number,
  more: readonly string[] = [],
): Promise<RedisServer> {
  return control((port, folder) => {
    const file = join(folder, 'sentinel.conf');
    const lines = [
      ...(more.includes(TLS_ONLY) ? ['port 0', `tls-port ${port}`] : [`port ${port}`]),
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} 1`,
      ...more,
    ];
    writeFileSync(file, lines.join('\n'));
    return [file, '--sentinel'];
  });
}

/** Line of a sentinel's configuration that makes its port one for TLS. */
const TLS_ONLY = 'tls-replication yes';

/** Lines of a configuration for TLS with this certificate, also towards other servers. */
export function tlsLines({ certFile, keyFile }: Certificate): readonly string[] {
  return [`tls-cert-file ${certFile}`, `tls-key-file ${keyFile}`, `tls-ca-cert-file ${certFile}`, TLS_ONLY];
}

async function control(
  argsFor: (port: number, folder: string) => readonly string[],
  clientArgs: readonly string[] = [],
): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-redis-'));
  const start = () => launch(argsFor(port, folder), port);
  let child = await start();
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    port,
    address: `127.0.0.1:${port}`,
    stop: (signal = 'SIGTERM') => end(signal),
    restart: async () => {
      child = await start();
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    command: (...words) => {
      const args = ['-p', String(port), ...clientArgs, ...words.map(String)];
      return spawnSync('redis-cli', args, { encoding: 'utf8' }).stdout.trim();
    },
    close: async () => {
      child.kill('SIGCONT');
      await end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function launch(args: readonly string[], port: number): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  const failed = once(child, 'exit').then(() => {
    throw new Error('redis-server did not start');
  });
  failed.catch(() => undefined);
  await Promise.race([accepts(port), failed]);
  return child;
}

async function accepts(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = openSocket({ host: '127.0.0.1', port });
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** A port that was free a moment ago; low enough for a cluster node, whose second port lies 10,000 above. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address !== null && typeof address !== 'string' && address.port < 55_536) return address.port;
  }
}

/** Waits for what servers agree on among themselves, at most a minute: a vote that is split is held again only after a while. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the servers do not agree');
}
