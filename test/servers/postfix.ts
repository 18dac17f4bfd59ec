/** A real Postfix: SMTP with STARTTLS and SMTPS on free ports, logins asked from Dovecot, mail in folders that tests read. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { type DovecotServer, readMaildir, USERS } from './dovecot.ts';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface PostfixServer {
  /** STARTTLS is offered; AUTH only inside. */
  readonly smtpPort: number;
  /** TLS from the first byte. */
  readonly smtpsPort: number;
  /** Nothing but plain SMTP. */
  readonly plainPort: number;
  readonly authority: string;
  mailOf(user: string): readonly string[];
  close(): Promise<void>;
}

/** A user whose address needs SMTPUTF8 (RFC 6531); unknown to Dovecot. */
export const BEYOND_ASCII = 'zoë@example.test';

const MASTER = '/usr/lib/postfix/sbin/master';

export const postfixMissing: false | string = missingProgram(MASTER, ['-h'], { root: true });

const OWNER = 65_534;

export async function startPostfix(dovecot: DovecotServer): Promise<PostfixServer> {
  const folder = makeFolder('postfix');
  chmodSync(folder.path, 0o755);
  const file = (name: string) => join(folder.path, name);
  const ports = { smtp: await freePort(), smtps: await freePort(), plain: await freePort() };
  const certificate = makeCertificate(folder.path);
  for (const name of ['config', 'spool', 'data', 'mail']) mkdirSync(file(name));
  chownSync(file('mail'), OWNER, OWNER);
  const [uid, gid] = spawnSync('sh', ['-c', 'id -u postfix; id -g postfix'], { encoding: 'utf8' }).stdout.split('\n');
  chownSync(file('data'), Number(uid), Number(gid));
  writeFileSync(file('config/main.cf'), mainFile(file, certificate, dovecot.authSocket));
  writeFileSync(file('config/master.cf'), masterFile(ports));
  spawnSync('postfix', ['-c', file('config'), 'check'], { stdio: 'ignore' });
  const explain = () => (existsSync(file('log')) ? readFileSync(file('log'), 'utf8') : '');
  const env = { MAIL_CONFIG: file('config') };
  const args = ['-c', file('config'), '-d'];
  const running = await startProcess(MASTER, args, Object.values(ports), { env, explain });
  return {
    smtpPort: ports.smtp,
    smtpsPort: ports.smtps,
    plainPort: ports.plain,
    authority: certificate.pem,
    mailOf: (user) => readMaildir(join(file('mail'), user, 'new')),
    close: async () => {
      await running.stop();
      folder.remove();
    },
  };
}

function mainFile(
  file: (name: string) => string,
  { certFile, keyFile }: { certFile: string; keyFile: string },
  authSocket: string,
): string {
  const boxes = [...Object.keys(USERS), BEYOND_ASCII].map((user) => `{ ${user} = ${user}/ }`);
  return `
compatibility_level = 3.6
queue_directory = ${file('spool')}
data_directory = ${file('data')}
maillog_file = ${file('log')}
maillog_file_prefixes = ${file('')}
myhostname = mx.example.test
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = example.test
virtual_mailbox_base = ${file('mail')}
virtual_mailbox_maps = inline:{ ${boxes.join(', ')} }
virtual_uid_maps = static:${OWNER}
virtual_gid_maps = static:${OWNER}
message_size_limit = 100000
smtpd_tls_cert_file = ${certFile}
smtpd_tls_key_file = ${keyFile}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${authSocket}
smtpd_sasl_auth_enable = yes
smtpd_sender_restrictions = check_sender_access inline:{ { inside@example.test = permit_sasl_authenticated, reject } }
smtpd_relay_restrictions = reject_unauth_destination
smtpd_peername_lookup = no
smtpd_forbid_bare_newline = yes
`;
}

function masterFile({ smtp, smtps, plain }: Readonly<Record<'smtp' | 'smtps' | 'plain', number>>): string {
  return `
127.0.0.1:${smtp} inet n - n - - smtpd
127.0.0.1:${smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:${plain} inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_sasl_auth_enable=no
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}
