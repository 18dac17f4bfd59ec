/** The processes that are measured: ours from the built artifact, and the bare handler bundled likewise. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { V8_FLAGS } from '../../compiler/cli/v8-flags.mjs';
import { makeSandbox, type Sandbox, SOURCES } from '../../test/cli/sandbox.ts';
import { freePort } from '../../test/servers/redis.ts';
import { Connection } from './connection.ts';
import { projectFiles, type Scenario } from './scenarios.ts';

export interface Measured {
  readonly port: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

const ANSWER_LIMIT_MS = 60_000;
const POLL_MS = 2;
const TICKS_PER_SECOND = 100;

/** A project of ours, built; `launch` starts its artifact. */
export interface Project {
  readonly port: number;
  readonly sandbox: Sandbox;
}

export async function buildProject(stages: Scenario['stages'], redis: string): Promise<Project> {
  const port = await freePort();
  const sandbox = makeSandbox(projectFiles(stages, port, redis));
  execFileSync(process.execPath, [SOURCES, 'build', '-c', 'bench.yml'], { cwd: sandbox.folder, stdio: 'ignore' });
  return { port, sandbox };
}

/** Starts an artifact; `flags` as a container gives them, so that it need not restart itself. */
export async function startOurs({ port, sandbox }: Project, flags: readonly string[] = V8_FLAGS): Promise<Measured> {
  return launch([...flags, 'dist/nauthilus.mjs', 'start', '-c', 'bench.yml'], port, sandbox.folder);
}

/** Bundles the bare handler into the folder and starts it, with the same flags of V8. */
export async function startBare(scenario: Scenario, redisPort: number, folder: string): Promise<Measured> {
  const outfile = join(folder, 'bare.cjs');
  const entryPoint = fileURLToPath(new URL('bare.ts', import.meta.url));
  await build({ entryPoints: [entryPoint], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  const port = await freePort();
  const options = [`--port=${port}`, `--redis=${redisPort}`, `--steps=${scenario.steps.join(',')}`];
  return launch([...V8_FLAGS, outfile, ...options, `--cache=${scenario.isOneUser ? 'Hit' : 'Miss'}`], port, folder);
}

/** Logs go to a file: reading them must not cost the load generator anything. */
async function launch(args: readonly string[], port: number, cwd: string): Promise<Measured> {
  const log = openSync(join(cwd, 'log'), 'a');
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await exited;
  };
  const limit = Date.now() + ANSWER_LIMIT_MS;
  while (!(await accepts(port))) {
    if (child.exitCode !== null || Date.now() > limit) {
      child.kill('SIGKILL');
      throw new Error(`no server:\n${readFileSync(join(cwd, 'log'), 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return { port, child, stop };
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Connection.open(port)).close();
    return true;
  } catch {
    return false;
  }
}

/** Processor time of a process and of its children, in seconds; from /proc. */
export function processorSeconds(pid: number): number {
  return sumOf(pid, (process) => {
    const [, rest = ''] = readFileSync(`/proc/${process}/stat`, 'utf8').split(') ');
    const fields = rest.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  });
}

/** Resident memory of a process and of its children, in MB (2^20 bytes); from /proc. */
export function residentMegabytes(pid: number): number {
  return sumOf(pid, (process) => {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  });
}

function sumOf(pid: number, value: (pid: number) => number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.map(Number)].reduce((sum, each) => sum + value(each), 0);
}

/** Waits until a process has nothing left to do, post actions for one: under 5 % of a core, for 20 s at most. */
export async function settle(pid: number): Promise<void> {
  let before = processorSeconds(pid);
  for (let attempt = 0; attempt < 50; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    const now = processorSeconds(pid);
    if (now - before <= 0.02) return;
    before = now;
  }
}
