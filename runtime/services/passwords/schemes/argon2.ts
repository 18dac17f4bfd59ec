/** Argon2i and Argon2id in the PHC string format, version 19: `$argon2id$v=19$m=65536,t=2,p=1$salt$hash`. */
import { argon2i, argon2id } from 'hash-wasm';
import { bytes, compareBytes, MISMATCH, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^\$argon2(id|i)\$v=(\d+)\$([a-z0-9=,]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** KiB: a stored hash decides how much memory its check takes, several run at the same time. */
const MOST_MEMORY = 256 * 1024;
/** KiB written altogether (memory times passes): a few seconds. */
const MOST_WORK = 4 * 1024 * 1024;
const MOST_LANES = 16;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
  readonly keyLength: number | undefined;
}

export const argon2: Scheme = {
  accepts: (stored) => /^\$argon2(id|i)\$/.test(stored),
  verify: async (stored, plain) => {
    const [, variant, version, settings = '', saltText = '', hashText = ''] = FORMAT.exec(stored) ?? [];
    const parameters = readParameters(settings);
    if (variant === undefined || parameters === undefined) return unusable('malformed Argon2 hash');
    if (version !== '19') return unusable(`unsupported Argon2 version ${version}`);
    const { memory, passes, lanes, keyLength } = parameters;
    if (memory > MOST_MEMORY || memory * passes > MOST_WORK || lanes > MOST_LANES) {
      return unusable('Argon2 parameters are too expensive');
    }
    const salt = Buffer.from(saltText, 'base64');
    const hash = Buffer.from(hashText, 'base64');
    const isBroken =
      salt.length < 8 || hash.length < 4 || memory < 8 * lanes || (keyLength ?? hash.length) !== hash.length;
    if (isBroken) return unusable('malformed Argon2 hash');
    // The library knows no empty password, and nobody stores the hash of one.
    if (plain === '') return MISMATCH;
    const compute = variant === 'id' ? argon2id : argon2i;
    const actual = await compute({
      password: bytes(plain),
      salt,
      memorySize: memory,
      iterations: passes,
      parallelism: lanes,
      hashLength: hash.length,
      outputType: 'binary',
    });
    return compareBytes(hash, actual);
  },
};

function readParameters(text: string): Parameters | undefined {
  const values = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name, value] = /^([mtpk])=(\d{1,9})$/.exec(part) ?? [];
    if (name === undefined || values.has(name)) return undefined;
    values.set(name, Number(value));
  }
  const memory = values.get('m');
  const passes = values.get('t');
  const lanes = values.get('p');
  if (!memory || !passes || !lanes) return undefined;
  return { memory, passes, lanes, keyLength: values.get('k') };
}
