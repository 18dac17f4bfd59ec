/** Block ciphers with PKCS #7 padding, which is not verified when it is removed (RFC 5652 section 6.3). */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { fromBuffer, raise, toBuffer } from '../../host/index.ts';

/** Wrong method, key or data; `message` is what the script gets. */
export class CipherError extends Error {}

interface Method {
  readonly family: 'aes' | 'des';
  readonly usesIv: boolean;
  readonly blockSize: number;
}

const METHODS: ReadonlyMap<string, Method> = new Map([
  ['des-ecb', { family: 'des', usesIv: false, blockSize: 8 }],
  ['des-cbc', { family: 'des', usesIv: true, blockSize: 8 }],
  ['aes-cbc', { family: 'aes', usesIv: true, blockSize: 16 }],
]);

/** A cipher as OpenSSL names it, with its key. */
interface Cipher extends Method {
  readonly name: string;
  readonly key: Buffer;
}

export function encrypt(plain: string, method: string, key: string, iv: string): string {
  const cipher = cipherOf(method, key);
  const padding = cipher.blockSize - (plain.length % cipher.blockSize);
  const padded = plain + String.fromCharCode(padding).repeat(padding);
  const engine = createCipheriv(cipher.name, cipher.key, ivOf(cipher, iv, 'Encrypter')).setAutoPadding(false);
  return fromBuffer(Buffer.concat([engine.update(toBuffer(padded)), engine.final()]));
}

export function decrypt(data: string, method: string, key: string, iv: string): string {
  const cipher = cipherOf(method, key);
  if (data.length % cipher.blockSize !== 0) {
    const text = cipher.usesIv
      ? 'ciphertext is not a multiple of the block size'
      : 'crypto/cipher: input not full blocks';
    throw new CipherError(text);
  }
  const engine = createDecipheriv(cipher.name, cipher.key, ivOf(cipher, iv, 'Decrypter')).setAutoPadding(false);
  return withoutPadding(fromBuffer(Buffer.concat([engine.update(toBuffer(data)), engine.final()])));
}

function withoutPadding(padded: string): string {
  if (padded === '') return raise('runtime error: index out of range [-1]', 0);
  const end = padded.length - padded.charCodeAt(padded.length - 1);
  return end < 0 ? raise(`runtime error: slice bounds out of range [:${end}]`, 0) : padded.slice(0, end);
}

function cipherOf(name: string, key: string): Cipher {
  const method = METHODS.get(name);
  if (method === undefined) throw new CipherError('unsupported encrypt method');
  const isRightSize = method.family === 'des' ? key.length === 8 : [16, 24, 32].includes(key.length);
  if (!isRightSize) throw new CipherError(`crypto/${method.family}: invalid key size ${key.length}`);
  if (method.family === 'aes') return { ...method, name: `aes-${key.length * 8}-cbc`, key: toBuffer(key) };
  // OpenSSL 3 has no single DES; triple DES with one key three times is the same.
  return { ...method, name: method.usesIv ? 'des-ede3-cbc' : 'des-ede3', key: toBuffer(key.repeat(3)) };
}

/** A wrong length raises, as it does in the reference. */
function ivOf({ usesIv, blockSize }: Cipher, iv: string, side: 'Encrypter' | 'Decrypter'): Buffer | null {
  if (!usesIv) return null;
  return iv.length === blockSize ? toBuffer(iv) : raise(`cipher.NewCBC${side}: IV length must equal block size`, 0);
}
