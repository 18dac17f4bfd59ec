/** Two hashes and AES, as the module `crypto` of gopher-lua-libs; nauthilus_gluacrypto has more under the same name. */
import { createHash } from 'node:crypto';
import {
  attempt,
  type Declaration,
  defineModule,
  error,
  nilAndMessage,
  pure,
  raise,
  result,
  results2,
  str,
  toBuffer,
} from '../host/index.ts';
import { AesError, decryptAes, encryptAes, type Mode, modeOf } from './gll-crypto/aes.ts';
import { CorruptHex, decodeHex } from './go/hex.ts';

function hash(name: string, algorithm: string): Declaration {
  return pure(
    { doc: `${name} of the data in hexadecimal.`, args: [str('data')], returns: [result('digest', 'string')] },
    (data) => createHash(algorithm).update(toBuffer(data)).digest('hex'),
  );
}

type Work = (mode: Mode, key: string, iv: string, data: string) => string;

const args = [str('mode'), str('key'), str('iv'), str('data')] as const;
const returns = [result('result', 'string?'), error];

function onBytes(doc: string, work: Work): Declaration {
  return pure({ doc, args, returns }, (name, key, iv, data) => {
    const mode = modeOf(name) ?? raise(`invalid mode: ${name}`);
    return orMessage(() => work(mode, key, iv, data));
  });
}

function onHex(doc: string, work: Work): Declaration {
  return pure({ doc, args, returns }, (name, key, iv, data) => {
    const mode = modeOf(name);
    if (mode === undefined) return results2(undefined, `failed to decode params: invalid mode: ${name}`);
    return orMessage(() => {
      const given = [decoded('key', key), decoded('IV', iv), decoded('data', data)] as const;
      return toBuffer(work(mode, ...given)).toString('hex');
    });
  });
}

function decoded(what: string, text: string): string {
  try {
    return decodeHex(text);
  } catch (thrown) {
    if (!(thrown instanceof CorruptHex)) throw thrown;
    throw new AesError(`failed to decode params: failed to decode ${what}: ${thrown.message}`);
  }
}

function orMessage(work: () => string) {
  return attempt([AesError], nilAndMessage, work);
}

export default defineModule({
  name: 'nauthilus_gll_crypto',
  requires: ['crypto'],
  classes: 'all',
  doc: 'MD5 and SHA-256 in hexadecimal, and AES.',
  functions: { md5: hash('MD5', 'md5'), sha256: hash('SHA-256', 'sha256') },
  hidden: {
    aes_encrypt: onBytes('Bytes encrypted with AES in the mode GCM, CBC or CTR.', encryptAes),
    aes_decrypt: onBytes('What `aes_encrypt` has encrypted; the padding of CBC stays.', decryptAes),
    aes_encrypt_hex: onHex('Like `aes_encrypt`, with key, iv, data and result in hexadecimal.', encryptAes),
    aes_decrypt_hex: onHex('Like `aes_decrypt`, with key, iv, data and result in hexadecimal.', decryptAes),
  },
});
