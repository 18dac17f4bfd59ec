/**
 * Runs all tests, or the given files: provides the programs that suites need, builds the artifact, then hands over to
 * Node's test runner. Started by `npm test`, which has installed the dependencies before.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { V8_FLAGS } from '../compiler/cli/v8-flags.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Programs that are not npm packages: the Debian package of each, and what is skipped without it. */
const PROGRAMS = [
  { program: 'redis-server', debianPackage: 'redis-server', suites: 'services and HTTP tests against a real Redis' },
  { program: 'openssl', debianPackage: 'openssl', suites: 'password hashes made by others' },
  { program: 'argon2', debianPackage: 'argon2', suites: 'password hashes made by others' },
  { program: 'htpasswd', debianPackage: 'apache2-utils', suites: 'password hashes made by others' },
  { program: 'mkpasswd', debianPackage: 'whois', suites: 'password hashes made by others' },
  { program: 'postfix', debianPackage: 'postfix', suites: 'mail over SMTP to a real server' },
  { program: 'dovecot', debianPackage: 'dovecot-lmtpd', suites: 'mail over LMTP to a real server, and logins at SMTP' },
  { program: '/usr/lib/dovecot/imap-login', debianPackage: 'dovecot-imapd', suites: 'checks of mail servers' },
  { program: '/usr/lib/dovecot/pop3-login', debianPackage: 'dovecot-pop3d', suites: 'checks of mail servers' },
  {
    program: '/usr/lib/dovecot/managesieve-login',
    debianPackage: 'dovecot-managesieved',
    suites: 'checks of mail servers',
  },
  {
    program: '/usr/lib/dovecot/modules/auth/libauthdb_lua.so',
    debianPackage: 'dovecot-auth-lua',
    suites: 'logins that Dovecot asks about',
  },
  {
    program: '/usr/lib/nginx/modules/ngx_mail_module.so',
    debianPackage: 'libnginx-mod-mail',
    suites: 'logins through nginx as a mail proxy',
  },
  { program: 'slapd', debianPackage: 'slapd', suites: 'LDAP searches and logins at a real server' },
  { program: 'mariadbd', debianPackage: 'mariadb-server', suites: 'SQL at a real MariaDB' },
  { program: 'pg_createcluster', debianPackage: 'postgresql', suites: 'SQL at a real PostgreSQL' },
  { program: 'tinyproxy', debianPackage: 'tinyproxy', suites: 'HTTP requests through a real proxy' },
  { program: 'dnsmasq', debianPackage: 'dnsmasq-base', suites: 'DNS queries to a real server' },
  { program: 'gcc', debianPackage: 'gcc', suites: 'logins through saslauthd, which is built of its source' },
  { program: '/usr/include/stdio.h', debianPackage: 'libc6-dev', suites: 'logins through saslauthd' },
  { program: 'make', debianPackage: 'make', suites: 'logins through saslauthd' },
  { program: 'xz', debianPackage: 'xz-utils', suites: 'logins through saslauthd' },
  { program: 'lua5.1', debianPackage: 'lua5.1', suites: 'comparisons with the reference Lua interpreter' },
] as const;

const say = (text: string): void => console.log(`npm test: ${text}`);

function isInstalled(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  // A path may be that of a loadable module, which nobody executes.
  if (isAbsolute(program)) return existsSync(program);
  const paths = folders.map((folder) => join(folder, program));
  return paths.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function providePrograms(): void {
  const missing = PROGRAMS.filter(({ program }) => !isInstalled(program));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && isInstalled('apt-get')) installWithApt(missing.map((entry) => entry.debianPackage));
  for (const { program, debianPackage, suites } of missing.filter((entry) => !isInstalled(entry.program))) {
    say(`${program} is missing (Debian package ${debianPackage}); skipped without it: ${suites}`);
  }
}

function installWithApt(packages: readonly string[]): void {
  say(`installing what tests need: apt-get install ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  if (install().status === 0) return;
  // The package lists of a fresh machine may be missing or old.
  spawnSync('apt-get', ['update', '-q'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  install();
}

/** Ends this process with the exit code of a step that fails; signals end the step too. */
async function runOrExit(label: string, args: readonly string[]): Promise<void> {
  say(label);
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
  process.off('SIGINT', pass).off('SIGTERM', pass);
  if (code !== 0) process.exit(code);
}

function testFiles(): readonly string[] {
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .sort();
}

const given = process.argv.slice(2);
const files = given.length > 0 ? given : testFiles();
providePrograms();
await runOrExit('building dist/nauthilus.mjs, which the end-to-end tests run', ['compiler/cli/nauthilus.mjs', 'build']);
await runOrExit(`running ${files.length} test files`, [
  ...V8_FLAGS,
  '--import',
  'tsx',
  '--test',
  '--test-concurrency=2',
  '--test-timeout=240000',
  ...files,
]);
