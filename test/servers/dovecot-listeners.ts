/** A real Dovecot with listeners for IMAP, POP3 and ManageSieve: plain, with TLS, behind a proxy that introduces itself. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

const LISTENERS = ['imap', 'imaps', 'imapProxied', 'imapsProxied', 'pop3', 'pop3s', 'sieve'] as const;
type Listener = (typeof LISTENERS)[number];

export interface DovecotListeners {
  readonly ports: Readonly<Record<Listener, number>>;
  /** What Dovecot wrote so far. */
  log(): string;
  close(): Promise<void>;
}

const PROGRAMS = ['imap-login', 'pop3-login', 'managesieve-login'].map((name) => `/usr/lib/dovecot/${name}`);

export const dovecotListenersMissing: false | string =
  missingProgram('dovecot', ['--version'], { root: true }) ||
  (PROGRAMS.every((path) => existsSync(path))
    ? false
    : 'the IMAP, POP3 and Sieve servers of Dovecot are not installed');

export async function startDovecotListeners(): Promise<DovecotListeners> {
  const folder = makeFolder('dovecot');
  chmodSync(folder.path, 0o755);
  const file = (name: string) => join(folder.path, name);
  const ports = { imap: 0, imaps: 0, imapProxied: 0, imapsProxied: 0, pop3: 0, pop3s: 0, sieve: 0 };
  for (const name of LISTENERS) ports[name] = await freePort();
  const log = () => (existsSync(file('log')) ? readFileSync(file('log'), 'utf8') : '');
  writeFileSync(file('users'), '');
  writeFileSync(file('dovecot.conf'), configFile(file, ports, makeCertificate(folder.path)));
  const running = await startProcess('dovecot', ['-F', '-c', file('dovecot.conf')], Object.values(ports), {
    explain: log,
  });
  return {
    ports,
    log,
    close: async () => {
      await running.stop();
      folder.remove();
    },
  };
}

function configFile(
  file: (name: string) => string,
  ports: Readonly<Record<Listener, number>>,
  { certFile, keyFile }: { certFile: string; keyFile: string },
): string {
  const listener = (name: string, port: number, more = ''): string =>
    `inet_listener ${name} {\n address = 127.0.0.1\n port = ${port}\n ${more}\n}\n`;
  return `
base_dir = ${file('run')}
state_dir = ${file('state')}
log_path = ${file('log')}
protocols = imap pop3 sieve
ssl = yes
ssl_cert = <${certFile}
ssl_key = <${keyFile}
mail_location = maildir:~/
haproxy_trusted_networks = 127.0.0.0/8
haproxy_timeout = 1s
passdb {
  driver = passwd-file
  args = ${file('users')}
}
service imap-login {
  ${listener('imap', ports.imap)}
  ${listener('imaps', ports.imaps, 'ssl = yes')}
  ${listener('imap_proxied', ports.imapProxied, 'haproxy = yes')}
  ${listener('imaps_proxied', ports.imapsProxied, 'ssl = yes\n haproxy = yes')}
}
service pop3-login {
  ${listener('pop3', ports.pop3)}
  ${listener('pop3s', ports.pop3s, 'ssl = yes')}
}
service managesieve-login {
  ${listener('sieve', ports.sieve)}
}
`;
}
