/** From `node nauthilus.mjs start` to the first answer, and memory then: scripts that use three modules, and all of them. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { V8_FLAGS } from '../../compiler/cli/v8-flags.mjs';
import { describeModules } from '../../runtime/index.ts';

const ROUNDS = Number(process.argv[2] ?? 10);
const COMMAND_LINE = fileURLToPath(new URL('../../compiler/cli/nauthilus.mjs', import.meta.url));
const PORT = 19_480;

const THREE = ['nauthilus_context', 'nauthilus_redis', 'nauthilus_password'];
const ALL = [...new Set(describeModules().modules.map(({ loader }) => loader))];

/** A backend that opens the modules with every request, as policies do. */
function backend(loaders: readonly string[]): string {
  const modules = describeModules().modules.filter(({ loader }) => loaders.includes(loader));
  return [
    ...modules.map(({ loader }) => `dynamic_loader("${loader}")`),
    ...modules.map(({ requires }) => `pcall(require, "${requires[0]}")`),
    'function nauthilus_backend_verify_password() return 0, nauthilus_backend_result.new() end',
    'function nauthilus_backend_list_accounts() return 0, {} end',
    '',
  ].join('\n');
}

interface Run {
  readonly ms: number;
  /** Processor time of all processes. */
  readonly cpuMs: number;
  readonly megabytes: number;
}

async function measure(folder: string, flags: readonly string[]): Promise<Run> {
  const begin = performance.now();
  const child = spawn(process.execPath, [...flags, 'dist/nauthilus.mjs', 'start', '-c', 'bench.yml'], {
    cwd: folder,
    stdio: 'ignore',
  });
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 2));
  const ms = performance.now() - begin;
  const processes = [child.pid!, ...childrenOf(child.pid!)];
  const run = {
    ms,
    cpuMs: processes.reduce((sum, pid) => sum + cpuOf(pid), 0),
    megabytes: processes.reduce((sum, pid) => sum + memoryOf(pid), 0),
  };
  await end(child);
  return run;
}

function answers(): Promise<boolean> {
  const path = '/api/v1/auth/header';
  const headers = { 'Auth-User': 'mia', 'Auth-Pass': 'x', 'Auth-Protocol': 'imap', 'Client-IP': '192.0.2.1' };
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port: PORT, path, headers, agent: false }, (response) => {
      response.resume().once('end', () => resolve(true));
    });
    request.once('error', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  child.kill();
  await once(child, 'exit');
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

function cpuOf(pid: number): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

async function report(name: string, loaders: readonly string[], flags: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  writeFileSync(join(folder, 'backend.lua'), backend(loaders));
  writeFileSync(
    join(folder, 'bench.yml'),
    `server: { address: "127.0.0.1:${PORT}", backends: [lua], redis: { password_nonce: bench } }
lua: { config: { backend_script_path: backend.lua } }
`,
  );
  execFileSync(process.execPath, [COMMAND_LINE, 'build', '-c', 'bench.yml'], { cwd: folder, stdio: 'ignore' });
  const runs: Run[] = [];
  for (let round = 0; round < ROUNDS; round++) runs.push(await measure(folder, flags));
  const least = (value: (run: Run) => number) => Math.round(Math.min(...runs.map(value)));
  console.log(
    `${name}: ${least((run) => run.ms)} ms, processor ${least((run) => run.cpuMs)} ms, ${least((run) => run.megabytes)} MB`,
  );
  rmSync(folder, { recursive: true });
}

await report('three modules', THREE, []);
await report('three modules, flags given', THREE, V8_FLAGS);
await report(`all ${ALL.length} modules, flags given`, ALL, V8_FLAGS);
