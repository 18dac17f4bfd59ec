/** Hashes, HMAC, base64 and ciphers, as the module `crypto` of gluacrypto. Arguments that are no text count as empty. */
import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  type Argument,
  attempt,
  charge,
  type Declaration,
  defineModule,
  error,
  field,
  fromBuffer,
  isTruthy,
  type LuaResult,
  type LuaValue,
  lax,
  nilAndMessage,
  numberOf,
  pure,
  result,
  results2,
  textOf,
  toBuffer,
} from '../host/index.ts';
import { type Base64Encoding, CorruptBase64, STANDARD_ENCODINGS } from './gll-base64/encoding.ts';
import { CipherError, decrypt, encrypt } from './gluacrypto/ciphers.ts';
import { CorruptHex, decodeHex } from './go/hex.ts';

/** Bytes hashed or enciphered per unit of the step budget. */
const BYTES_PER_STEP = 64;
const RAW_DATA = 1;
const HMAC_ALGORITHMS = new Set(['md5', 'sha1', 'sha256', 'sha512']);

/** Strings and numbers as text, everything else as nothing. */
const anyText = (name: string): Argument<string> =>
  Object.freeze({
    ...lax(name),
    take: (value: LuaValue) => (typeof value === 'string' || typeof value === 'number' ? textOf(value) : ''),
  });

const raw = lax('raw');
const digest = [result('digest', 'string')];
const text = [result('text', 'string?'), error];

/** The bytes themselves, or as hexadecimal digits. */
function rendered(bytes: Buffer, wanted: LuaValue): string {
  return isTruthy(wanted) ? fromBuffer(bytes) : bytes.toString('hex');
}

function hash(name: string, compute: (bytes: Buffer) => Buffer): Declaration {
  return pure(
    { doc: `${name} of the data in hexadecimal, or as bytes.`, args: [anyText('data'), raw], returns: digest },
    (data, wanted) => {
      charge(data.length / BYTES_PER_STEP);
      return rendered(compute(toBuffer(data)), wanted);
    },
  );
}

const digestWith =
  (algorithm: string) =>
  (bytes: Buffer): Buffer =>
    createHash(algorithm).update(bytes).digest();

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

function encoder(doc: string, encoding: Base64Encoding | undefined): Declaration {
  return pure({ doc, args: [anyText('data')], returns: [result('text', 'string')] }, (data) => encoding?.encode(data));
}

function decoder(doc: string, encoding: Base64Encoding | undefined): Declaration {
  return pure({ doc, args: [anyText('text')], returns: text }, (encoded) =>
    orMessage(() => encoding?.decode(encoded) ?? ''),
  );
}

/** The value, or nil and the text of an error that a script may expect. */
function orMessage(compute: () => string): LuaResult {
  return attempt([CipherError, CorruptHex, CorruptBase64], nilAndMessage, compute);
}

/** Are input and output bytes, not hexadecimal? */
function wantsRaw(options: LuaValue): boolean {
  return (Math.abs(Math.trunc(numberOf(options) ?? 0)) & RAW_DATA) !== 0;
}

const cipherArguments = [anyText('data'), anyText('method'), anyText('key'), lax('options'), anyText('iv')] as const;

export default defineModule({
  name: 'nauthilus_gluacrypto',
  requires: ['crypto'],
  classes: 'all',
  doc: 'Hashes, HMAC, base64 and the ciphers aes-cbc, des-cbc and des-ecb.',
  values: () => ({ RAW_DATA, ZERO_PADDING: 2, _VERSION: '0.0.0', _DEBUG: false }),
  fields: [
    field('RAW_DATA', 'integer', 'Option of ciphers: bytes instead of hexadecimal text.'),
    field('ZERO_PADDING', 'integer', 'For compatibility; the ciphers do not look at it.'),
    field('_VERSION', 'string', 'Version of the library that the module is compatible with.'),
    field('_DEBUG', 'boolean', 'Is it a debug build? Never.'),
  ],
  functions: {
    md5: hash('MD5', digestWith('md5')),
    sha1: hash('SHA-1', digestWith('sha1')),
    sha256: hash('SHA-256', digestWith('sha256')),
    sha512: hash('SHA-512', digestWith('sha512')),
    crc32: hash('CRC-32', checksum),
    hmac: pure(
      {
        doc: 'HMAC of the data with md5, sha1, sha256 or sha512, in hexadecimal or as bytes.',
        args: [anyText('algorithm'), anyText('data'), anyText('key'), raw],
        returns: text,
      },
      (algorithm, data, key, wanted) => {
        if (!HMAC_ALGORITHMS.has(algorithm)) return results2(undefined, 'unsupported algorithm');
        charge(data.length / BYTES_PER_STEP);
        return rendered(createHmac(algorithm, toBuffer(key)).update(toBuffer(data)).digest(), wanted);
      },
    ),
    base64_encode: encoder('The data in base64.', STANDARD_ENCODINGS.StdEncoding),
    base64_url_encode: encoder('The data in URL-safe base64.', STANDARD_ENCODINGS.URLEncoding),
    base64_decode: decoder('The data of a base64 text.', STANDARD_ENCODINGS.StdEncoding),
    base64_url_decode: decoder('The data of a URL-safe base64 text.', STANDARD_ENCODINGS.URLEncoding),
    encrypt: pure(
      {
        doc: 'Encipher data; the result is hexadecimal unless options has RAW_DATA.',
        args: cipherArguments,
        returns: text,
      },
      (data, method, key, options, iv) =>
        orMessage(() => {
          charge(data.length / BYTES_PER_STEP);
          return rendered(toBuffer(encrypt(data, method, key, iv)), wantsRaw(options));
        }),
    ),
    decrypt: pure(
      { doc: 'Decipher data, which is hexadecimal unless options has RAW_DATA.', args: cipherArguments, returns: text },
      (data, method, key, options, iv) =>
        orMessage(() => {
          charge(data.length / BYTES_PER_STEP);
          return decrypt(wantsRaw(options) ? data : decodeHex(data), method, key, iv);
        }),
    ),
  },
});
