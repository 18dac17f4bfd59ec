// First thing after a clone: plain JavaScript without dependencies, so that Node and npm are all it needs.
// `node compiler/cli/bootstrap.mjs start|build|watch|test [ARGS]` installs the locked dependencies when they are
// missing or when the lock changed, then hands over. It says what it does.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashSources, isFresh, recordBuild } from './freshness.mjs';
import { V8_FLAGS } from './v8-flags.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const LOWEST_NODE = { major: 20, minor: 19 };

/** @param {string} text */
const say = (text) => console.log(`nauthilus: ${text}`);

/** @type {(text: string) => never} */
function fail(text) {
  console.error(`nauthilus: ${text}`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < LOWEST_NODE.major || (major === LOWEST_NODE.major && minor < LOWEST_NODE.minor)) {
    fail(`Node ${LOWEST_NODE.major}.${LOWEST_NODE.minor} or newer is needed, this is ${process.versions.node}`);
  }
}

/** Does node_modules hold what package-lock.json names? npm keeps its own record of what it installed. */
function dependenciesAreCurrent() {
  const record = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages ?? {};
  const locked = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages ?? {};
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    // Optional packages for other platforms are locked but not installed.
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && existsSync(join(ROOT, path));
  });
}

function installDependencies() {
  if (dependenciesAreCurrent()) return;
  say('installing the locked dependencies (npm ci --ignore-scripts)');
  // On Windows npm is a .cmd file, which only a shell can start.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) fail('the dependencies could not be installed; see npm above');
}

/**
 * Runs Node with `args` and ends with its exit code; signals sent to this process reach it too.
 * @param {readonly string[]} args
 */
function handOver(args) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1']))
    process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event !== undefined) endWithParent(child);
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 128)));
}

/**
 * npm starts us through a shell and tells only the shell when it is ended: notice that we have lost it.
 * @param {import('node:child_process').ChildProcess} child
 */
function endWithParent(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
}

/** @type {(name: string, args: readonly string[]) => void} */
function runCommand(name, args) {
  const done = spawnSync(process.execPath, [join(ROOT, 'compiler/cli/nauthilus.mjs'), name, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

const ARTIFACT = 'dist/nauthilus.mjs';

/** @param {readonly string[]} given */
function start(given) {
  const args = given.length > 0 ? given : ['-c', 'nauthilus.yml'];
  if (isFresh(ROOT, args)) {
    say(`${ARTIFACT} is up to date`);
  } else {
    say('building');
    const sources = hashSources(ROOT);
    const list = join(mkdtempSync(join(tmpdir(), 'nauthilus-')), 'inputs.json');
    runCommand('build', [...args, '--inputs', list]);
    recordBuild(ROOT, args, sources, [ARTIFACT, ...JSON.parse(readFileSync(list, 'utf8'))]);
    rmSync(dirname(list), { recursive: true });
  }
  say(`starting ${ARTIFACT}`);
  handOver([...V8_FLAGS, join(ROOT, ARTIFACT), 'start', ...args]);
}

const [task = '', ...args] = process.argv.slice(2);
checkNode();
installDependencies();
if (task === 'start') start(args);
else if (task === 'build') runCommand('build', args);
else if (task === 'watch') handOver([...V8_FLAGS, join(ROOT, 'compiler/cli/nauthilus.mjs'), 'watch', ...args]);
else if (task === 'test') handOver(['--import', 'tsx', join(ROOT, 'test/run.ts'), ...args]);
else fail(`unknown task '${task}': start, build, watch or test`);
