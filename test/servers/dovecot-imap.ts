/** A real Dovecot that speaks IMAP, with a password database of the test's choice. */
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, missingProgram, startProcess } from './process.ts';

export interface DovecotImap {
  /** Path, for `doveadm -c`. */
  readonly configFile: string;
  /** What it wrote so far. */
  log(): string;
  close(): Promise<void>;
}

const LUA_MODULE = '/usr/lib/dovecot/modules/auth/libauthdb_lua.so';

export const dovecotImapMissing: false | string =
  missingProgram('dovecot', ['--version'], { root: true }) ||
  (existsSync('/usr/lib/dovecot/imap-login') ? false : 'the IMAP server of Dovecot is not installed');
export const dovecotLuaMissing: false | string =
  dovecotImapMissing || (existsSync(LUA_MODULE) ? false : 'the Lua authentication of Dovecot is not installed');

/** uid and gid of `nobody`, whom the mail belongs to. */
const OWNER = 65_534;

/** `files` are written beside the configuration; `passdb` has their paths from `file`. `settings` are further lines of it. */
export async function startDovecotImap(
  files: Readonly<Record<string, string>>,
  passdb: (file: (name: string) => string) => string,
  port: number,
  settings = '',
): Promise<DovecotImap> {
  const folder = makeFolder('dovecot');
  chmodSync(folder.path, 0o755);
  const file = (name: string) => join(folder.path, name);
  for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text);
  mkdirSync(file('mail'));
  chownSync(file('mail'), OWNER, OWNER);
  writeFileSync(file('dovecot.conf'), `${configText(file, port, passdb(file))}${settings}\n`);
  const log = () => (existsSync(file('log')) ? readFileSync(file('log'), 'utf8') : '');
  const running = await startProcess('dovecot', ['-F', '-c', file('dovecot.conf')], [port], { explain: log });
  return {
    configFile: file('dovecot.conf'),
    log,
    close: async () => {
      await running.stop();
      folder.remove();
    },
  };
}

function configText(file: (name: string) => string, port: number, passdb: string): string {
  return `
base_dir = ${file('run')}
state_dir = ${file('state')}
log_path = ${file('log')}
protocols = imap
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/
auth_failure_delay = 0
first_valid_uid = 1
first_valid_gid = 1
passdb {
${passdb}
}
userdb {
  driver = static
  args = uid=${OWNER} gid=${OWNER} home=${file('mail')}/%u
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
}
