/** Running commands of the shell for `os.execute` and `io.popen`, in the two ways `SystemAccess` allows. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { chargeMemory } from '../api.ts';
import { fromBuffer, toBuffer, toUtf8String } from '../bytes.ts';

const SHELL = '/bin/sh';
const MOST_OUTPUT = 2 ** 29 - 24;

export interface CommandResult {
  /** As C's `system` returns it on Linux: exit code times 256, or the signal number. */
  readonly status: number;
  /** Standard output as a byte string; empty if it was not captured. */
  readonly output: string;
}

function statusOf(code: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? (code ?? 127) * 256 : constants.signals[signal];
}

/** Runs a command to its end; nothing else happens in the process meanwhile. */
export function runBlocking(command: string, output: 'inherit' | 'capture', input = ''): CommandResult {
  const result = spawnSync(SHELL, ['-c', toUtf8String(command)], {
    stdio: [input === '' ? 'inherit' : 'pipe', output === 'capture' ? 'pipe' : 'inherit', 'inherit'],
    input: input === '' ? undefined : toBuffer(input),
    maxBuffer: MOST_OUTPUT,
  });
  return { status: statusOf(result.status, result.signal), output: result.stdout ? fromBuffer(result.stdout) : '' };
}

/** A command that runs while the event loop goes on. */
export interface Job {
  readonly result: Promise<CommandResult>;
  /** Kills the command and what it started, if it still runs. */
  stop(): void;
}

/** Captured output beyond Lua's longest string ends the command. */
export function startJob(command: string, output: 'inherit' | 'capture'): Job {
  // A process group of its own can be killed as a whole.
  const child = spawn(SHELL, ['-c', toUtf8String(command)], {
    stdio: ['ignore', output === 'capture' ? 'pipe' : 'inherit', 'inherit'],
    detached: true,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_OUTPUT) stopGroup(child);
  });
  const result = new Promise<CommandResult>((resolve) => {
    child.once('error', () => resolve({ status: statusOf(127, null), output: '' }));
    child.once('close', (code, signal) => {
      resolve({ status: statusOf(code, signal), output: fromBuffer(Buffer.concat(chunks).subarray(0, MOST_OUTPUT)) });
    });
  });
  return { result, stop: () => stopGroup(child) };
}

function stopGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}

/** Starts a command that reads what is written to it; its end is not awaited. */
export function startReader(command: string): CommandInput {
  return new CommandInput(spawn(SHELL, ['-c', toUtf8String(command)], { stdio: ['pipe', 'inherit', 'inherit'] }));
}

/** The standard input of a running command. */
export class CommandInput {
  private readonly child: ChildProcess;

  constructor(child: ChildProcess) {
    this.child = child;
    // A command that ended early is no error of the script.
    child.on('error', () => {});
    child.stdin?.on('error', () => {});
  }

  write(bytes: string): void {
    chargeMemory(bytes.length);
    this.child.stdin?.write(toBuffer(bytes));
  }

  end(): void {
    this.child.stdin?.end();
  }
}
