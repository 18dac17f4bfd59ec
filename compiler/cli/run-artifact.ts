/** Starts an artifact as a process of its own and passes signals and the exit code on. */
import { spawn } from 'node:child_process';
import { EXIT, type ExitCode } from './command.ts';
import { V8_FLAGS } from './v8-flags.mjs';

const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1'] as const;

/** Resolves when the process has ended: with `EXIT.ok` when it ended well. */
export async function runArtifactProcess(artifact: string, args: readonly string[]): Promise<ExitCode> {
  const child = spawn(process.execPath, [...V8_FLAGS, artifact, ...args], { stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of PASSED_ON) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code === 0 ? EXIT.ok : code === EXIT.usage ? EXIT.usage : EXIT.failed));
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, pass);
  }
}
