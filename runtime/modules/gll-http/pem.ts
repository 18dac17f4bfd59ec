/** Certificates and keys in files that options name: read once, small. */
import { createSecureContext } from 'node:tls';
import { raise, toUtf8String } from '../../host/index.ts';
import { readSmallFile } from '../../services/index.ts';
import { fileFailure } from '../go/file-errors.ts';

/** A certificate and its key, as PEM. */
export interface KeyPair {
  readonly certificate: Buffer;
  readonly key: Buffer;
}

/** Raises `complaint: open x: no such file or directory`. */
export function readPem(path: string, complaint: string): Buffer {
  try {
    return readSmallFile(toUtf8String(path));
  } catch (thrown) {
    return raise(`${complaint}: ${fileFailure(thrown, 'open', path)}`);
  }
}

/** Raises errors for files that are missing or do not hold a certificate and its key. */
export function readKeyPair(certificatePath: string, keyPath: string, complaint: string): KeyPair {
  const pair = { certificate: readPem(certificatePath, complaint), key: readPem(keyPath, complaint) };
  if (!pair.certificate.includes('-----BEGIN ')) return refuse(complaint, 'certificate input');
  if (!pair.key.includes('-----BEGIN ')) return refuse(complaint, 'key input');
  try {
    createSecureContext({ cert: pair.certificate, key: pair.key });
  } catch {
    // What OpenSSL says names its own functions.
    return raise(`${complaint}: tls: private key does not match public key or cannot be read`);
  }
  return pair;
}

function refuse(complaint: string, input: string): never {
  return raise(`${complaint}: tls: failed to find any PEM data in ${input}`);
}

/** Raises an error for a file without certificates. */
export function readAuthorities(path: string, complaint: string): Buffer {
  const pem = readPem(path, complaint);
  return pem.includes('-----BEGIN CERTIFICATE-----') ? pem : raise(`no certs loaded from ${path}`);
}
