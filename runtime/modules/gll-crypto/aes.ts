/** AES with a tag (GCM), in blocks (CBC) and as a stream (CTR), as newer versions of gopher-lua-libs have it. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { fromBuffer, toBuffer } from '../../host/index.ts';

export const MODES = ['GCM', 'CBC', 'CTR'] as const;
export type Mode = (typeof MODES)[number];

/** Wrong key, initial value or data; `message` is what the script gets. */
export class AesError extends Error {}

const BLOCK = 16;
const NONCE = 12;
const TAG = 16;

/** In any case; undefined for what is no mode. */
export function modeOf(name: string): Mode | undefined {
  return MODES.find((mode) => mode === name.toUpperCase());
}

/** Throws `AesError`. CBC is padded as in PKCS #7, GCM ends in its tag. */
export function encryptAes(mode: Mode, key: string, iv: string, data: string): string {
  const { size } = checked(mode, key, iv, 'encrypt');
  if (mode === 'GCM') {
    const cipher = createCipheriv(`aes-${size}-gcm`, toBuffer(key), toBuffer(iv));
    const sealed = Buffer.concat([cipher.update(toBuffer(data)), cipher.final()]);
    return fromBuffer(Buffer.concat([sealed, cipher.getAuthTag()]));
  }
  const cipher = createCipheriv(`aes-${size}-${mode.toLowerCase()}`, toBuffer(key), toBuffer(iv));
  return fromBuffer(Buffer.concat([cipher.update(toBuffer(data)), cipher.final()]));
}

/** Throws `AesError`. The padding of CBC stays. */
export function decryptAes(mode: Mode, key: string, iv: string, data: string): string {
  const { size } = checked(mode, key, iv, 'decrypt');
  if (mode === 'GCM') return openSealed(size, key, iv, data);
  if (mode === 'CBC' && data.length % BLOCK !== 0) {
    throw new AesError('failed to decrypt: ciphertext is not a multiple of block size');
  }
  const decipher = createDecipheriv(`aes-${size}-${mode.toLowerCase()}`, toBuffer(key), toBuffer(iv));
  decipher.setAutoPadding(false);
  return fromBuffer(Buffer.concat([decipher.update(toBuffer(data)), decipher.final()]));
}

type Size = 128 | 192 | 256;
const SIZES: Readonly<Record<number, Size>> = { 16: 128, 24: 192, 32: 256 };

function checked(mode: Mode, key: string, iv: string, what: string): { readonly size: Size } {
  const size = SIZES[key.length];
  if (size === undefined) throw new AesError(`failed to ${what}: crypto/aes: invalid key size ${key.length}`);
  if (mode === 'GCM' && iv.length !== NONCE) {
    throw new AesError(`failed to ${what}: incorrect GCM nonce size: ${iv.length}, expected: ${NONCE}`);
  }
  if (mode !== 'GCM' && iv.length !== BLOCK) {
    throw new AesError(`failed to ${what}: invalid IV size: ${iv.length}, expected: ${BLOCK}`);
  }
  return { size };
}

function openSealed(size: Size, key: string, iv: string, data: string): string {
  const failed = 'failed to decrypt: cipher: message authentication failed';
  if (data.length < TAG) throw new AesError(failed);
  const decipher = createDecipheriv(`aes-${size}-gcm`, toBuffer(key), toBuffer(iv));
  decipher.setAuthTag(toBuffer(data.slice(-TAG)));
  const opened = decipher.update(toBuffer(data.slice(0, -TAG)));
  try {
    return fromBuffer(Buffer.concat([opened, decipher.final()]));
  } catch {
    throw new AesError(failed);
  }
}
