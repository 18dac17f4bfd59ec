// Imported first by the artifact and by the source command line, before anything heavy is loaded: a process that is
// going to run Lua restarts itself once with the V8 flags that cannot be set later. Node 22.15 and newer replace the
// process; older ones keep a parent that passes on signals and the exit code.
import { spawn } from 'node:child_process';
import { V8_FLAGS } from './v8-flags.mjs';

const COMMANDS_THAT_RUN_LUA = ['start', 'watch', 'run'];
const PASSED_ON = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1']);

function needsRestart() {
  if (!COMMANDS_THAT_RUN_LUA.includes(process.argv[2] ?? '')) return false;
  if (process.argv.includes('--help') || process.argv.includes('-h')) return false;
  // A debugger is attached to this very process.
  if (process.execArgv.some((flag) => flag.startsWith('--inspect'))) return false;
  return V8_FLAGS.some((flag) => !process.execArgv.includes(flag));
}

async function restart() {
  const args = [...process.execArgv.filter((flag) => !V8_FLAGS.includes(flag)), ...V8_FLAGS, ...process.argv.slice(1)];
  if ('execve' in process && process.platform !== 'win32') {
    // Newer than the type declarations of the oldest Node we run on.
    const replaceable = /** @type {{ execve: (file: string, args: string[], env: NodeJS.ProcessEnv) => void }} */ (
      process
    );
    process.removeAllListeners('warning'); // it announces itself as experimental
    replaceable.execve(process.execPath, [process.execPath, ...args], process.env);
  }
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal));
  await new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      process.exitCode = code ?? (signal === null ? 1 : 128);
      resolve(undefined);
    });
    child.once('error', (error) => {
      console.error(`nauthilus: cannot restart ${process.execPath}: ${error.message}`);
      process.exitCode = 1;
      resolve(undefined);
    });
  });
  process.exit();
}

if (needsRestart()) await restart();
