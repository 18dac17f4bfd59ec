/** A real MariaDB on a free loopback port, with a database and a user. */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface SqlServer {
  readonly port: number;
  /** For `db.open`. */
  readonly source: string;
  /** TLS is offered; a certificate for `localhost` and `127.0.0.1`. */
  readonly certificate: Certificate;
  /** Ends the process as a crash does. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const mariadbMissing: false | string = missingProgram('mariadbd', ['--version']);

/** Servers refuse to run as root; `nobody` there. */
const OWNER = process.getuid?.() === 0 ? 65_534 : undefined;

const SETUP = `
CREATE DATABASE golden CHARACTER SET utf8mb4;
CREATE USER 'golden'@'127.0.0.1' IDENTIFIED BY 'secret';
GRANT ALL ON golden.* TO 'golden'@'127.0.0.1';
`;

export async function startMariadb(): Promise<SqlServer> {
  const folder = makeFolder('mariadb');
  const file = (name: string) => join(folder.path, name);
  const certificate = makeCertificate(folder.path);
  mkdirSync(file('data'));
  if (OWNER !== undefined) for (const path of [folder.path, file('data')]) chownSync(path, OWNER, OWNER);
  writeFileSync(file('setup.sql'), SETUP, { mode: 0o644 });
  const user = OWNER === undefined ? [] : ['--user=nobody'];
  const common = ['--no-defaults', `--datadir=${file('data')}`, ...user];
  const installed = spawnSync(
    'mariadb-install-db',
    [...common, '--auth-root-authentication-method=normal', '--skip-test-db', '--innodb-log-file-size=4M'],
    { encoding: 'utf8' },
  );
  if (installed.status !== 0) throw new Error(`mariadb-install-db: ${installed.stdout}${installed.stderr}`);
  const port = await freePort();
  const args = [
    ...common,
    ...[`--socket=${file('socket')}`, `--pid-file=${file('pid')}`, '--bind-address=0.0.0.0', `--port=${port}`],
    ...[`--ssl-cert=${certificate.certFile}`, `--ssl-key=${certificate.keyFile}`],
    ...['--skip-log-bin', '--innodb-flush-log-at-trx-commit=0', '--innodb-log-file-size=4M', '--skip-name-resolve'],
  ];
  let running = await startProcess('mariadbd', [...args, `--init-file=${file('setup.sql')}`], [port]);
  return {
    port,
    certificate,
    source: `golden:secret@tcp(127.0.0.1:${port})/golden`,
    kill: () => running.stop('SIGKILL'),
    restart: async () => {
      running = await startProcess('mariadbd', args, [port]);
    },
    close: async () => {
      await running.stop('SIGKILL');
      folder.remove();
    },
  };
}
