/**
 * A real saslauthd that asks a web server (httpform). Debian's own is built without that, so it is made of Debian's source
 * package, with apt-get in folders of its own, once: the programs stay in the user's cache folder.
 */
import { execFile, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makeFolder, missingProgram, startProcess } from './process.ts';

export interface Saslauthd {
  /** What `testsaslauthd` says: `0: OK "Success."` or `0: NO "authentication failed"`. */
  login(user: string, password: string, realm?: string): Promise<string>;
  close(): Promise<void>;
}

const PROGRAMS = ['saslauthd', 'testsaslauthd'] as const;
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nauthilus-js', 'saslauthd-httpform');
/** Milliseconds for one step of the build; all together take a quarter of a minute. */
const STEP_LIMIT = 60_000;

/** Reason for `{ skip: … }`; builds the programs when they are not there yet. */
export function provideSaslauthd(): false | string {
  if (PROGRAMS.every((name) => existsSync(join(CACHE, name)))) return false;
  for (const [program, args] of [
    ['apt-get', ['--version']],
    ['gcc', ['--version']],
    ['make', ['--version']],
    ['xz', ['--version']],
  ] as const) {
    const missing = missingProgram(program, args);
    if (missing !== false) return `saslauthd with httpform cannot be built: ${missing}`;
  }
  const folder = makeFolder('saslauthd-build');
  try {
    const problem = fetchSource(folder.path) ?? build(join(folder.path, 'source'));
    return problem === undefined ? false : `saslauthd with httpform cannot be built: ${problem}`;
  } finally {
    folder.remove();
  }
}

/** The machine's own Debian archives, asked for sources; what apt knows of the machine stays as it is. */
function fetchSource(folder: string): string | undefined {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT)';
  const known = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages', 'Origin: Debian'], folder);
  // The release itself is enough: its updates are not in every mirror as sources.
  const archives = [...new Set(known.stdout.split('\n').filter((line) => / [a-z]+ main$/.test(line)))];
  if (archives.length === 0) return 'no archive of Debian is configured';
  for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'sources.list'), archives.map((archive) => `deb-src ${archive}\n`).join(''));
  const options = [
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::Retries=0',
    'Acquire::http::Timeout=10',
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
  ].flatMap((option) => ['-o', option]);
  if (run('apt-get', [...options, '-q', 'update'], folder).status !== 0)
    return 'the archive of Debian is not reachable';
  const fetched = run('apt-get', [...options, '-q', 'source', '--download-only', 'cyrus-sasl2'], folder);
  const archive = readdirSync(folder).find((name) => /\.orig\.tar\.[a-z0-9]+$/.test(name));
  if (fetched.status !== 0 || archive === undefined) return 'the source of cyrus-sasl2 is not reachable';
  mkdirSync(join(folder, 'source'));
  const unpacked = run('tar', ['-xf', archive, '-C', 'source', '--strip-components=1'], folder);
  return unpacked.status === 0 ? undefined : `tar: ${unpacked.stderr}`;
}

/** Only the parts that saslauthd needs. */
function build(source: string): string | undefined {
  const without = ['gssapi', 'otp', 'digest', 'scram', 'cram', 'plain', 'anon', 'sample', 'shared'];
  const args = [
    ...without.map((name) => `--disable-${name}`),
    ...['openssl', 'pam', 'ldap', 'des'].map((name) => `--without-${name}`),
    '--with-dblib=none',
    '--enable-httpform',
    '--with-saslauthd=/run/saslauthd',
  ];
  for (const [program, steps] of [
    ['./configure', ['-q', ...args]],
    ['make', ['-s', '-C', 'include']],
    ['make', ['-s', '-C', 'common']],
    ['make', ['-s', '-C', 'saslauthd', ...PROGRAMS]],
  ] as const) {
    const done = run(program, steps, source);
    if (done.status !== 0) return `${program} failed: ${done.stderr.slice(-300)}`;
  }
  keep(join(source, 'saslauthd'));
  return undefined;
}

/** Into the cache in one step, for tests may run beside each other. */
function keep(built: string): void {
  mkdirSync(CACHE, { recursive: true });
  for (const name of PROGRAMS) {
    const coming = join(CACHE, `${name}.${process.pid}`);
    cpSync(join(built, name), coming);
    renameSync(coming, join(CACHE, name));
  }
}

function run(program: string, args: readonly string[], cwd: string): SpawnSyncReturns<string> {
  return spawnSync(program, args, { cwd, encoding: 'utf8', timeout: STEP_LIMIT, env: { ...process.env, LC_ALL: 'C' } });
}

/** `settings` are lines of `saslauthd.conf`. It runs in the foreground until `close`. */
export async function startSaslauthd(settings: readonly string[]): Promise<Saslauthd> {
  const folder = makeFolder('saslauthd');
  const file = (name: string) => join(folder.path, name);
  writeFileSync(file('conf'), settings.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  const args = ['-a', 'httpform', '-O', file('conf'), '-m', folder.path, '-n', '1', '-d'];
  const running = await startProcess(join(CACHE, 'saslauthd'), args, []);
  for (let attempt = 0; attempt < 400 && !existsSync(file('mux')); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return {
    login: (user, password, realm = '') => {
      const asked = ['-f', file('mux'), '-u', user, '-p', password, '-s', 'smtp', '-r', realm];
      return new Promise((resolve) => {
        execFile(join(CACHE, 'testsaslauthd'), asked, (_error, stdout, stderr) => resolve((stdout + stderr).trim()));
      });
    },
    close: async () => {
      await running.stop();
      folder.remove();
    },
  };
}
