/** A real OpenLDAP server on free ports: ldap:// (with STARTTLS) and ldaps://, filled with a few people. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { makeFolder, missingProgram, startProcess } from './process.ts';
import { freePort } from './redis.ts';

export interface SlapdServer {
  /** `ldap://127.0.0.1:<port>`. */
  readonly uri: string;
  readonly tlsUri: string;
  readonly port: number;
  /** File with the authority of its certificate. */
  readonly authorityFile: string;
  /** The key of that certificate. */
  readonly keyFile: string;
  /** Ends the process; SIGKILL for a crash. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same ports, with the same data. */
  restart(): Promise<void>;
  /** Nothing is answered until `thaw`. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export const slapdMissing: false | string = missingProgram('slapd', ['-VV']);

export const SUFFIX = 'dc=example,dc=test';
export const ADMIN = { dn: `cn=admin,${SUFFIX}`, password: 'admin' };

/** Bytes that are no text. */
export const PHOTO = Buffer.from([0xff, 0xd8, 0x00, 0x80, 0x0a, 0xfe]);

const SCHEMAS = ['/etc/ldap/schema', '/etc/openldap/schema'];
const MODULES = ['/usr/lib/ldap', '/usr/lib64/openldap', '/usr/lib/openldap'];

export async function startSlapd(): Promise<SlapdServer> {
  const folder = makeFolder('slapd');
  const file = (name: string) => join(folder.path, name);
  const { certFile, keyFile } = makeCertificate(folder.path);
  const [port, tlsPort] = [await freePort(), await freePort()];
  mkdirSync(file('db'));
  writeFileSync(file('slapd.conf'), configFile(file, certFile, keyFile));
  writeFileSync(file('data.ldif'), people());
  const added = spawnSync('slapadd', ['-f', file('slapd.conf'), '-l', file('data.ldif')], { encoding: 'utf8' });
  if (added.status !== 0) throw new Error(`slapadd: ${added.stderr}`);
  const uris = { plain: `ldap://127.0.0.1:${port}`, tls: `ldaps://127.0.0.1:${tlsPort}` };
  const args = ['-h', `${uris.plain} ${uris.tls}`, '-f', file('slapd.conf'), '-d', '0'];
  const start = () => startProcess('slapd', args, [port, tlsPort]);
  let running = await start();
  return {
    uri: uris.plain,
    tlsUri: uris.tls,
    port,
    authorityFile: certFile,
    keyFile,
    stop: (signal) => running.stop(signal),
    restart: async () => {
      running = await start();
    },
    freeze: () => running.freeze(),
    thaw: () => running.thaw(),
    close: async () => {
      await running.stop('SIGKILL');
      folder.remove();
    },
  };
}

function configFile(file: (name: string) => string, certFile: string, keyFile: string): string {
  const schema = SCHEMAS.find(existsSync) ?? SCHEMAS[0];
  const modules = MODULES.find(existsSync) ?? MODULES[0];
  return [
    ...['core', 'cosine', 'inetorgperson'].map((name) => `include ${schema}/${name}.schema`),
    `pidfile ${file('slapd.pid')}`,
    `modulepath ${modules}`,
    'moduleload back_mdb',
    `TLSCertificateFile ${certFile}`,
    `TLSCertificateKeyFile ${keyFile}`,
    // Who has a certificate of this authority, which is the server's own, can be tom without a password.
    `TLSCACertificateFile ${certFile}`,
    'TLSVerifyClient allow',
    `authz-regexp "cn=localhost" "uid=tom,ou=people,${SUFFIX}"`,
    'idletimeout 0',
    'database mdb',
    `suffix "${SUFFIX}"`,
    `rootdn "${ADMIN.dn}"`,
    `rootpw ${ADMIN.password}`,
    `directory ${file('db')}`,
    'maxsize 8388608',
    // Only those who are bound see anything.
    'access to * by dn.exact="uid=tom,ou=people,dc=example,dc=test" read by anonymous auth by * none',
    '',
  ].join('\n');
}

function people(): string {
  const person = (uid: string, ...lines: readonly string[]) => [
    `dn: uid=${uid},ou=people,${SUFFIX}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    ...lines,
    '',
  ];
  return [
    ...[`dn: ${SUFFIX}`, 'objectClass: dcObject', 'objectClass: organization', 'o: Example', 'dc: example', ''],
    ...[`dn: ou=people,${SUFFIX}`, 'objectClass: organizationalUnit', 'ou: people', ''],
    ...person('mia', 'cn: Mia', 'sn: M', 'mail: mia@example.test', 'mail: m@example.test', 'userPassword: mia'),
    ...person(
      'tom',
      'cn: Tom',
      'sn: T',
      'mail: tom@example.test',
      'userPassword: tom',
      `jpegPhoto:: ${PHOTO.toString('base64')}`,
    ),
    ...person(
      'joerg',
      `cn:: ${Buffer.from('Jörg (Chef) *').toString('base64')}`,
      'sn: J',
      'description;lang-de: Leiter',
    ),
  ].join('\n');
}
