/** Commands of the shell, as the module `cmd` of gopher-lua-libs. */
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import {
  chargeMemory,
  defineModule,
  error,
  fromBuffer,
  type HostCall,
  int,
  io,
  type Outcome,
  optional,
  result,
  type Steps,
  str,
  tableFromEntries,
  toUtf8String,
  waitFor,
} from '../host/index.ts';
import { errorCode, reasonOfCode } from './go/file-errors.ts';

const DEFAULT_SECONDS = 10;
/** A command that never stops writing must not take the server down; it is ended and its output cut. */
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

type ShellProcess = ChildProcessByStdio<null, Readable, Readable>;

interface Ended {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** The whole group, so that what the shell started does not outlive it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function startFailure(thrown: unknown): string {
  return `fork/exec /usr/bin/sh: ${reasonOfCode(errorCode(thrown) ?? 'EINVAL')}`;
}

/** The shell, or why it cannot be started: Node throws what it knows at once. */
function startShell(command: string): ShellProcess | string {
  try {
    // The shell gets the bytes as they are only if they are UTF-8, as arguments of Node are text.
    return spawn('sh', ['-c', toUtf8String(command)], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (thrown) {
    return startFailure(thrown);
  }
}

/** Undefined on timeout; a text when the shell cannot be started. Ends with the script that waits for it. */
function execute(call: HostCall, command: string, seconds: number): Promise<Ended | string | undefined> {
  const child = startShell(command);
  if (typeof child === 'string') return Promise.resolve(child);
  const leave = call.closeAtEnd(() => killGroup(child));
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let bytes = 0;
    const keepIn = (list: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_OUTPUT_BYTES) killGroup(child);
      else list.push(chunk);
    };
    child.stdout.on('data', keepIn(stdout));
    child.stderr.on('data', keepIn(stderr));
    const timer = setTimeout(() => {
      killGroup(child);
      child.stdout.destroy();
      child.stderr.destroy();
      // The script goes on when the command is really gone; output that somebody else holds open is not waited for.
      if (child.exitCode !== null || child.signalCode !== null) settle(undefined);
      else child.once('exit', () => settle(undefined));
    }, seconds * 1000);
    const settle = (outcome: Ended | string | undefined): void => {
      clearTimeout(timer);
      leave();
      resolve(outcome);
    };
    child.on('error', (failure) => settle(startFailure(failure)));
    child.on('close', (status) =>
      settle({ status: status ?? -1, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) }),
    );
  });
}

const TIMEOUT: Outcome = [undefined, 'execute timeout'];

function* run(call: HostCall, command: string, seconds: number): Steps<Outcome> {
  if (command.includes('\0')) return [undefined, 'fork/exec /usr/bin/sh: invalid argument'];
  if (seconds <= 0) return TIMEOUT;
  const ended = yield* waitFor(execute(call, command, seconds));
  if (ended === undefined) return TIMEOUT;
  if (typeof ended === 'string') return [undefined, ended];
  chargeMemory(ended.stdout.length + ended.stderr.length);
  return tableFromEntries([
    ['status', ended.status],
    ['stdout', fromBuffer(ended.stdout)],
    ['stderr', fromBuffer(ended.stderr)],
  ]);
}

/** Longer than any timer of Node, which would fire at once. */
const LONGEST_SECONDS = 2_147_483;

export default defineModule({
  name: 'nauthilus_gll_cmd',
  requires: ['cmd'],
  classes: 'all',
  doc: 'Run commands with `sh -c`. Quote what comes from outside with the module shellescape.',
  functions: {
    exec: io(
      {
        doc: 'Run a command for at most some seconds (10); exit status, -1 after a signal, and what it wrote.',
        args: [str('command'), optional(int('timeout'))],
        returns: [result('ended', 'table?'), error],
      },
      (call, command, timeout = DEFAULT_SECONDS) => run(call, command, Math.min(timeout, LONGEST_SECONDS)),
    ),
  },
});
