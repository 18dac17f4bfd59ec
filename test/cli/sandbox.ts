/** A throw-away folder with a configuration and scripts, and the command line run in it as a person would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The command line from its sources. */
export const SOURCES = join(ROOT, 'compiler/cli/nauthilus.mjs');
/** The artifact of the demo, which `npm test` builds first. */
export const DEMO_ARTIFACT = join(ROOT, 'dist/nauthilus.mjs');

const START_LIMIT_MS = 60_000;

export interface Sandbox {
  readonly folder: string;
  write(name: string, text: string): void;
  remove(): void;
}

/** `files`: path in the folder → text. */
export function makeSandbox(files: Readonly<Record<string, string>>): Sandbox {
  const folder = mkdtempSync(join(tmpdir(), 'nauthilus-'));
  const sandbox: Sandbox = {
    folder,
    write: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  for (const [name, text] of Object.entries(files)) sandbox.write(name, text);
  return sandbox;
}

/** A configuration with a backend script and, when named, a filter; listens on a free port. */
export function configText({ filter, redis }: { readonly filter?: string; readonly redis?: string } = {}): string {
  return `server:
  address: "127.0.0.1:0"
  log: { level: info }
  backends: [lua]
  features: [lua]
  redis: { pool_size: 2, password_nonce: test${redis === undefined ? '' : `, master: { address: "${redis}" }`} }
lua:
${filter === undefined ? '' : `  filters: [{ name: filter, script_path: ${filter} }]\n`}  config: { backend_script_path: backend.lua, package_path: ./lib/?.lua }
`;
}

/** A backend that lets everybody in whose password is `good`; the answer carries the attribute `mark`. */
export function backendText(mark: string): string {
  return `function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:account_field("account")
  result:attributes({ account = request.username, mark = ${JSON.stringify(mark)} })
  result:authenticated(request.password == "good")
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end
`;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node with `args` in `cwd` and waits for its end. */
export async function runNode(args: readonly string[], cwd: string, env: Environment = {}): Promise<Outcome> {
  const running = startNode(args, cwd, env);
  const code = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
}

/** Variables beside those of the test itself. */
type Environment = Readonly<Record<string, string>>;

function startNode(args: readonly string[], cwd: string, env: Environment = {}): Running {
  const child = spawn(process.execPath, [...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  return { child, ended, stdout: () => texts.stdout, stderr: () => texts.stderr };
}

export interface RunningServer extends Running {
  readonly url: string;
  /** Waits until stdout or stderr matches, and returns the match. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends SIGTERM and gives the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a server (`start` or `watch`) and waits until it says where it listens; rejects when it ends before. */
export async function startServer(args: readonly string[], cwd: string): Promise<RunningServer> {
  const running = startNode(args, cwd);
  const waitFor = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const limit = Date.now() + START_LIMIT_MS;
    for (;;) {
      const match = pattern.exec(running.stdout()) ?? pattern.exec(running.stderr());
      if (match !== null) return match;
      if (running.child.exitCode !== null || Date.now() > limit) {
        running.child.kill('SIGKILL');
        throw new Error(`no ${pattern} in the output:\n${running.stdout()}${running.stderr()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const [, url = ''] = await waitFor(/listening on (http:\/\/\S+)/);
  const stop = async (): Promise<number | null> => {
    running.child.kill('SIGTERM');
    return running.ended;
  };
  return { ...running, url, waitFor, stop };
}

/** One login over the header API. */
export async function login(
  url: string,
  username: string,
  password: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = { 'Auth-User': username, 'Auth-Pass': password, 'Auth-Protocol': 'imap', ...more };
  // Without the memory of recent logins: every request runs all scripts.
  return fetch(`${url}/api/v1/auth/header?in-memory=0`, { headers, signal: AbortSignal.timeout(30_000) });
}
