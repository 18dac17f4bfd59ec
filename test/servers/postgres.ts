/** A real PostgreSQL on a free loopback port, with a database and a user. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { makeCertificate } from './certificate.ts';
import type { SqlServer } from './mariadb.ts';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

/** Debian keeps versions side by side, outside of the search path. */
const VERSIONS = '/usr/lib/postgresql';
const FOLDERS = existsSync(VERSIONS) ? readdirSync(VERSIONS).map((version) => join(VERSIONS, version, 'bin/')) : [''];
const BIN = FOLDERS.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? '';

export const postgresMissing: false | string = missingProgram(`${BIN}initdb`, ['--version']);

/** The server refuses to run as root; `nobody` there. */
const OWNER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;

export async function startPostgres(): Promise<SqlServer> {
  const folder = makeFolder('postgres');
  const file = (name: string) => join(folder.path, name);
  const certificate = makeCertificate(folder.path);
  // The server refuses a key that others can read.
  chmodSync(certificate.keyFile, 0o600);
  if (OWNER) chownSync(certificate.keyFile, OWNER.uid, OWNER.gid);
  mkdirSync(file('data'), { mode: 0o700 });
  writeFileSync(file('password'), 'secret\n', { mode: 0o644 });
  if (OWNER) for (const path of [folder.path, file('data')]) chownSync(path, OWNER.uid, OWNER.gid);
  const made = spawnSync(
    `${BIN}initdb`,
    ['-D', file('data'), '-U', 'golden', '-A', 'scram-sha-256', `--pwfile=${file('password')}`, '-E', 'UTF8', '-N'],
    { ...OWNER, cwd: folder.path, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stdout}${made.stderr}`);
  const port = await freePort();
  const args = ['-D', file('data'), '-p', String(port), '-k', folder.path, '-h', '127.0.0.1,127.0.0.2', '-F'];
  for (const setting of ['ssl=on', `ssl_cert_file=${certificate.certFile}`, `ssl_key_file=${certificate.keyFile}`]) {
    args.push('-c', setting);
  }
  const start = async () => {
    const started = await startProcess(`${BIN}postgres`, args, [port], { ...OWNER, env: { LC_ALL: 'C' } });
    // It listens before it has recovered from a crash.
    for (let attempt = 0; attempt < 200 && !isReady(port); attempt++) await setTimeout(25);
    return started;
  };
  let running = await start();
  return {
    port,
    certificate,
    source: `host=127.0.0.1 port=${port} user=golden password=secret dbname=postgres sslmode=disable`,
    kill: () => running.stop('SIGKILL'),
    restart: async () => {
      running = await start();
    },
    close: async () => {
      await running.stop('SIGKILL');
      folder.remove();
    },
  };
}

function isReady(port: number): boolean {
  return spawnSync(`${BIN}pg_isready`, ['-q', '-h', '127.0.0.1', '-p', String(port)]).status === 0;
}
