/** Signed headers of a Chef server's API, protocol 1.0 (https://docs.chef.io/server/api_chef_server/#authentication-headers). */
import { constants, createHash, createPrivateKey, type KeyObject, privateEncrypt } from 'node:crypto';
import { posix } from 'node:path';
import { fromUtf8, toBuffer } from '../../host/index.ts';

/** A key that cannot be used; the message is what scripts get. */
export class KeyError extends Error {}

/** An RSA key in any PEM block. Throws `KeyError`. */
export function readPrivateKey(pem: string): KeyObject {
  const [, base64] = /-----BEGIN [^-]+-----([\s\S]*?)-----END [^-]+-----/.exec(pem) ?? [];
  if (base64 === undefined) throw new KeyError('private key block size invalid');
  const key = Buffer.from(base64, 'base64');
  for (const type of ['pkcs1', 'pkcs8'] as const) {
    try {
      const made = createPrivateKey({ key, format: 'der', type });
      if (made.asymmetricKeyType === 'rsa') return made;
    } catch {
      // Then it is the other form, or none.
    }
  }
  throw new KeyError('x509: failed to parse private key');
}

export interface SignedRequest {
  readonly method: string;
  /** As it is sent, without the query. */
  readonly path: string;
  readonly body: string;
  readonly user: string;
  /** UTC, as RFC 3339 without fractions. */
  readonly timestamp: string;
}

/** All headers of the protocol. Byte strings. Throws `KeyError` when the key is too short for what is to be signed. */
export function signedHeaders(request: SignedRequest, key: KeyObject): readonly (readonly [string, string])[] {
  const { method, path, body, user, timestamp } = request;
  const contentHash = hash(body);
  const text = [
    `Method:${method}`,
    `Hashed Path:${hash(cleaned(path))}`,
    `X-Ops-Content-Hash:${contentHash}`,
    `X-Ops-Timestamp:${timestamp}`,
    `X-Ops-UserId:${user}`,
  ].join('\n');
  const pieces = signatureOf(text, key).match(/.{1,60}/g) ?? [];
  return [
    ['Method', method],
    ['Accept', 'application/json'],
    ['X-Chef-Version', '11.12.0'],
    ['X-Ops-Timestamp', timestamp],
    ['X-Ops-Userid', user],
    ['X-Ops-Sign', 'algorithm=sha1;version=1.0'],
    ['X-Ops-Content-Hash', contentHash],
    ...pieces.map((piece, at) => [`X-Ops-Authorization-${at + 1}`, piece] as const),
  ];
}

function signatureOf(text: string, key: KeyObject): string {
  try {
    return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, toBuffer(text)).toString('base64');
  } catch {
    throw new KeyError('crypto/rsa: message too long for RSA key size');
  }
}

function hash(bytes: string): string {
  return fromUtf8(createHash('sha1').update(toBuffer(bytes)).digest('base64'));
}

/** Without dots, double slashes and a slash at the end. */
function cleaned(path: string): string {
  return posix.normalize(path || '/').replace(/(.)\/$/, '$1');
}
