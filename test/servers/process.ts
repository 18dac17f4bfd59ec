/** What the starters of servers share: folders, ports, waiting until somebody listens, ending. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServerProcess {
  /** Ends the process and waits for it; SIGTERM without an argument. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  freeze(): void;
  thaw(): void;
}

/** Reason for `{ skip: … }` when the program of a Debian package is not there, or needs rights we do not have. */
export function missingProgram(program: string, args: readonly string[], options: { root?: boolean } = {}) {
  if (spawnSync(program, args, { stdio: 'ignore' }).error !== undefined) return `${program} is not installed`;
  if (options.root === true && process.getuid?.() !== 0) return `${program} can only be started by root`;
  return false;
}

/** A folder that servers with users of their own can reach; `remove` takes it away. */
export function makeFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `nauthilus-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts a server in the foreground and resolves when it listens on all ports. */
export async function startProcess(
  program: string,
  args: readonly string[],
  ports: readonly number[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly explain?: () => string;
    readonly uid?: number;
    readonly gid?: number;
  } = {},
): Promise<ServerProcess> {
  // In a process group of its own, so that its helpers can be ended with it.
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...options.env },
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid ?? options.uid }),
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error(`${program} did not start: ${complaints}${options.explain?.() ?? ''}`);
  });
  failed.catch(() => undefined);
  await Promise.race([Promise.all(ports.map(accepts)), failed]);
  return {
    stop: (signal = 'SIGTERM') => end(child, signal),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill(signal);
  await exited;
  child.stderr?.destroy();
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // No helper is left.
  }
}

async function accepts(port: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const socket = connect({ host: '127.0.0.1', port });
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
