/** `server.jwt_auth`: tokens of somebody else that hooks may ask for. An addition. */
import * as z from 'zod';
import { secret, text } from './values.ts';

export const jwtAuthSchema = z.strictObject({
  secret_key: secret().describe('Key of tokens that are signed with HS256, HS384 or HS512; at least 32 bytes.'),
  public_key: text()
    .default('')
    .describe(
      'Key of tokens with other signatures: a public key or certificate (PEM file), or a JWK set (.json file).',
    ),
  issuer: text().default('').describe('What the claim iss of tokens has to be; anything without it.'),
  audience: text().default('').describe('What the claim aud of tokens has to name; anything without it.'),
});
