/** What a stored text says about itself: `{SCHEME}payload`, `{SCHEME.HEX}payload`, `{SCHEME.B64}payload`, `$id$…`. */
import { decodeBase64, decodeHex } from './schemes/encoding.ts';

export interface Stored {
  /** In capitals; undefined for a text without braces. */
  readonly scheme: string | undefined;
  /** `HEX`, `B64` or what else was written behind a dot, in capitals; undefined without one. */
  readonly encoding: string | undefined;
  readonly payload: string;
}

const PREFIX = /^\{([A-Za-z0-9-]{1,32})(?:\.([A-Za-z0-9]{1,16}))?\}/;

export function readStored(stored: string): Stored {
  if (stored.startsWith('{SSHA') && !PREFIX.test(stored)) return readOddPrefix(stored);
  const [prefix = '', scheme, encoding] = PREFIX.exec(stored) ?? [];
  return { scheme: scheme?.toUpperCase(), encoding: encoding?.toUpperCase(), payload: stored.slice(prefix.length) };
}

/** The reference takes whatever begins like this for a salted digest, up to the first brace. */
function readOddPrefix(stored: string): Stored {
  const [scheme = '', ...rest] = stored.slice(1).split('}');
  return { scheme, encoding: undefined, payload: rest.join('}') };
}

/** The text that a payload stands for, of a scheme whose hashes are text; or why it cannot be decoded. */
export function decodePayload({ encoding, payload }: Stored): { readonly text: string } | { readonly error: string } {
  switch (encoding) {
    case undefined:
      return { text: payload };
    case 'HEX':
    case 'B64':
    case 'BASE64': {
      const decoded = encoding === 'HEX' ? decodeHex(payload) : decodeBase64(payload);
      return 'error' in decoded ? decoded : { text: decoded.bytes.toString('latin1') };
    }
    default:
      return { error: 'unknown encoding of the stored password' };
  }
}
