/** Two hashes, as the module `crypto` of gopher-lua-libs; nauthilus_gluacrypto has more under the same name. */
import { createHash } from 'node:crypto';
import { type Declaration, defineModule, pure, result, str, toBuffer } from '../host/index.ts';

function hash(name: string, algorithm: string): Declaration {
  return pure(
    { doc: `${name} of the data in hexadecimal.`, args: [str('data')], returns: [result('digest', 'string')] },
    (data) => createHash(algorithm).update(toBuffer(data)).digest('hex'),
  );
}

export default defineModule({
  name: 'nauthilus_gll_crypto',
  requires: ['crypto'],
  classes: 'all',
  doc: 'MD5 and SHA-256 in hexadecimal.',
  functions: { md5: hash('MD5', 'md5'), sha256: hash('SHA-256', 'sha256') },
});
