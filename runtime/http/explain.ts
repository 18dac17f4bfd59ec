/**
 * Who may ask why a login was decided so. The header counts only from the configured networks, and only when nobody else
 * stands behind the peer: a proxy hands on what strangers send.
 */
import * as z from 'zod';
import type { Config } from '../config/index.ts';
import { Explanation } from '../login/explanation.ts';
import { networkListOf, normaliseAddress } from '../login/network.ts';
import type { Generation } from '../pipeline/generation.ts';
import type { Parameter } from './description.ts';
import type { HttpRequest } from './endpoint.ts';

const WISH = 'x-nauthilus-explain';

/** The wish, for the document. */
export const EXPLAIN_PARAMETER: Parameter = {
  name: 'X-Nauthilus-Explain',
  in: 'header',
  description: '`1`: why was it decided so? Counts from the peers of `server.explain.networks`.',
  schema: z.enum(['0', '1']),
};

/** Name of the header of the answer that says what each stage came to. */
export const EXPLANATION_HEADER = 'X-Nauthilus-Explanation';

/** Is the login to be explained to whoever sent the request? */
export function asksForExplanation({ headers, peerIp }: HttpRequest, { server }: Config): boolean {
  const wish = headers[WISH];
  if (wish === undefined || wish === '' || wish === '0') return false;
  const trusted = networkListOf(server.explain.networks);
  const behind = [headers['x-forwarded-for'], headers['x-real-ip'], headers.forwarded].flatMap(addressesIn);
  return [peerIp, ...behind].every((address) => trusted.contains(address));
}

/** What the login is to write to: undefined unless somebody has asked, or the log shows all explanations. */
export function explanationFor(isAsked: boolean, { services: { log } }: Generation): Explanation | undefined {
  return isAsked || log.isEnabled('debug', 'explain') ? new Explanation() : undefined;
}

/** Text that names no address is nobody who is trusted. */
function addressesIn(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return String(value)
    .split(',')
    .map((hop) => normaliseAddress(hop.trim()));
}
