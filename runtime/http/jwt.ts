/** JSON Web Tokens (RFC 7519) that callers of hooks bring along: signed by somebody else, only looked at here. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Config } from '../config/index.ts';

type JwtAuth = Config['server']['jwt_auth'];

/** What a token says about its bearer. */
export interface TokenHolder {
  /** Claim `sub`; empty without it. */
  readonly subject: string;
  /** Claim `roles` (RFC 9068 section 2.2.3.1). */
  readonly roles: readonly string[];
  /** Words of the claim `scope` (RFC 8693 section 4.2). */
  readonly scopes: readonly string[];
}

const SYMMETRIC = ['HS256', 'HS384', 'HS512'];
const ASYMMETRIC = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Seconds by which the clocks of two machines may differ. */
const LEEWAY_S = 5;

/**
 * The holder of a token with a valid signature, whose time has come and is not over, of the issuer and for the audience of the
 * configuration; undefined for any other. Tokens without an end are refused. Rejects when the configured key cannot be used.
 */
export async function verifyToken(token: string, settings: JwtAuth): Promise<TokenHolder | undefined> {
  const { errors, jwtVerify } = await import('jose');
  const key = await keyOf(settings);
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [
        ...(settings.secret_key.isEmpty ? [] : SYMMETRIC),
        ...(settings.public_key === '' ? [] : ASYMMETRIC),
      ],
      requiredClaims: ['exp'],
      clockTolerance: LEEWAY_S,
      ...(settings.issuer === '' ? {} : { issuer: settings.issuer }),
      ...(settings.audience === '' ? {} : { audience: settings.audience }),
    });
    return holderOf(payload);
  } catch (thrown) {
    // Where a key does not fit the algorithm that the token names, the library says TypeError.
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return undefined;
    throw thrown;
  }
}

function holderOf({ sub, roles, scope }: JWTPayload): TokenHolder {
  return {
    subject: typeof sub === 'string' ? sub : '',
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    scopes: typeof scope === 'string' ? scope.split(' ').filter((word) => word !== '') : [],
  };
}

const keys = new WeakMap<JwtAuth, Promise<JWTVerifyGetKey>>();

/** Read once for each generation of the configuration; what failed is tried again. */
function keyOf(settings: JwtAuth): Promise<JWTVerifyGetKey> {
  const known = keys.get(settings);
  if (known !== undefined) return known;
  const reading = readKeys(settings);
  keys.set(settings, reading);
  reading.catch(() => keys.delete(settings));
  return reading;
}

/** A secret is never taken for a public key or the other way round: the algorithm of the token decides which is asked. */
async function readKeys({ secret_key: secret, public_key: path }: JwtAuth): Promise<JWTVerifyGetKey> {
  const symmetric = Buffer.from(secret.reveal());
  const asymmetric = path === '' ? undefined : await readPublicKey(path);
  return (header, token) => {
    if (SYMMETRIC.includes(header.alg)) return symmetric;
    if (asymmetric === undefined) throw new TypeError('no key for this algorithm');
    return typeof asymmetric === 'function' ? asymmetric(header, token) : asymmetric;
  };
}

async function readPublicKey(path: string): Promise<KeyObject | JWTVerifyGetKey> {
  const text = await readFile(path, 'utf8');
  if (!path.endsWith('.json')) return createPublicKey(text);
  const { createLocalJWKSet } = await import('jose');
  return createLocalJWKSet(JSON.parse(text));
}
