/** A real Dovecot: LMTP on a free port, mail in folders that tests read, logins for Postfix. */
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface DovecotServer {
  readonly lmtpPort: number;
  /** Authority of its certificate (PEM). */
  readonly authority: string;
  /** A socket on which Postfix can ask about passwords. */
  readonly authSocket: string;
  /** What was delivered to a user, oldest first. */
  mailOf(user: string): readonly string[];
  close(): Promise<void>;
}

/** Users of all test servers; one of them has no room for a message of more than 2 KB. */
export const USERS = { 'mia@example.test': 'mia secret', 'tom@example.test': 'tom secret', 'full@example.test': 'x' };

export const dovecotMissing: false | string = missingProgram('dovecot', ['--version'], { root: true });

/** uid and gid of `nobody`, whom the mail belongs to. */
const OWNER = 65_534;

export async function startDovecot(): Promise<DovecotServer> {
  const folder = makeFolder('dovecot');
  chmodSync(folder.path, 0o755);
  const file = (name: string) => join(folder.path, name);
  const port = await freePort();
  const certificate = makeCertificate(folder.path);
  mkdirSync(file('mail'));
  chownSync(file('mail'), OWNER, OWNER);
  writeFileSync(file('users'), usersFile(file('mail')));
  const config = file('dovecot.conf');
  writeFileSync(config, configFile(file, port, certificate));
  const explain = () => (existsSync(file('log')) ? readFileSync(file('log'), 'utf8') : '');
  const running = await startProcess('dovecot', ['-F', '-c', config], [port], { explain });
  return {
    lmtpPort: port,
    authority: certificate.pem,
    authSocket: file('auth-client'),
    mailOf: (user) => readMaildir(join(file('mail'), user, 'new')),
    close: async () => {
      await running.stop();
      folder.remove();
    },
  };
}

/** Messages in the order in which they came. */
export function readMaildir(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .sort()
    .map((name) => readFileSync(join(path, name), 'latin1'));
}

function usersFile(mail: string): string {
  const line = ([user, password]: [string, string]) =>
    `${user}:{PLAIN}${password}:${OWNER}:${OWNER}::${join(mail, user)}::${user.startsWith('full') ? 'userdb_quota_rule=*:storage=2k' : ''}\n`;
  return Object.entries(USERS).map(line).join('');
}

function configFile(
  file: (name: string) => string,
  port: number,
  { certFile, keyFile }: { certFile: string; keyFile: string },
): string {
  return `
base_dir = ${file('run')}
state_dir = ${file('state')}
log_path = ${file('log')}
protocols = lmtp
ssl = yes
ssl_cert = <${certFile}
ssl_key = <${keyFile}
mail_location = maildir:~/
mail_plugins = quota
first_valid_uid = 1
first_valid_gid = 1
postmaster_address = postmaster@example.test
plugin {
  quota = maildir:User quota
}
passdb {
  driver = passwd-file
  args = ${file('users')}
}
userdb {
  driver = passwd-file
  args = ${file('users')}
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${port}
  }
}
service auth {
  unix_listener ${file('auth-client')} {
    mode = 0666
  }
}
`;
}
