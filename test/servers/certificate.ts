/** A certificate for `localhost` and `127.0.0.1`, made by openssl for one test file; it is its own authority. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** The certificate as text (PEM), for those who are to trust it. */
  readonly pem: string;
}

export const opensslMissing: false | string =
  spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed';

export function makeCertificate(folder: string): Certificate {
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', keyFile, '-out', certFile, '-subj', '/CN=localhost'],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  chmodSync(keyFile, 0o644);
  return { certFile, keyFile, pem: readFileSync(certFile, 'utf8') };
}
