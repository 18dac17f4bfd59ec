/** What a server stores for SCRAM (RFC 5802 section 3), as Dovecot writes it: `{SCRAM-SHA-256}rounds,salt,StoredKey,ServerKey`. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { decodeBase64 } from './encoding.ts';
import { bytes, compareBytes, MOST_ROUNDS, type Scheme, unusable } from './scheme.ts';

const FORMAT = /^\{SCRAM-SHA-(1|256|512)\}(\d{1,9}),([^,]+),([^,]+),([^,]+)$/;

const ALGORITHMS: Readonly<Record<string, { readonly name: string; readonly length: number }>> = {
  1: { name: 'sha1', length: 20 },
  256: { name: 'sha256', length: 32 },
  512: { name: 'sha512', length: 64 },
};

export const scram: Scheme = {
  accepts: (stored) => stored.startsWith('{SCRAM-'),
  verify: (stored, plain) => {
    const [, id = '', roundsText, ...texts] = FORMAT.exec(stored) ?? [];
    const algorithm = ALGORITHMS[id];
    const [salt, storedKey, serverKey] = texts
      .map(decodeBase64)
      .map((part) => ('error' in part ? undefined : part.bytes));
    const rounds = Number(roundsText);
    const isWhole = salt !== undefined && storedKey !== undefined && serverKey?.length === algorithm?.length;
    if (algorithm === undefined || !isWhole || storedKey.length !== algorithm.length || rounds < 1) {
      return unusable('malformed SCRAM hash');
    }
    if (rounds > MOST_ROUNDS) return unusable(`SCRAM with more than ${MOST_ROUNDS} rounds is too expensive`);
    const { name, length } = algorithm;
    const saltedPassword = pbkdf2Sync(bytes(plain), salt, rounds, length, name);
    const clientKey = createHmac(name, saltedPassword).update('Client Key').digest();
    return compareBytes(storedKey, createHash(name).update(clientKey).digest());
  },
};
