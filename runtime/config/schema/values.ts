/**
 * Building blocks of the schemas: the kinds of values that occur in several sections. Leniency about spelling (`"10"` for a
 * number, one scalar for a list) is not here: `shape.ts` brings the raw YAML into the form that these schemas demand.
 */
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { Secret } from '../secret.ts';

/** Any text; `null` in the file (a key without a value) means the default. */
export const text = (): z.ZodString => z.string();

/** Text that is never printed. The default is the empty secret, which counts as not configured. */
export const secret = () =>
  z
    .string()
    .default('')
    .transform((value) => new Secret(value))
    .meta({ secret: true });

export const flag = () => z.boolean().default(false);

/** Whole number of at least 0; negative numbers become 0, as the reference treats most sizes. */
export const size = (fallback: number) =>
  z
    .int()
    .default(fallback)
    .transform((value) => Math.max(0, value));

/** Whole number above 0; everything else becomes the default (request limits, TTLs). */
export const positiveOr = (fallback: number) =>
  z
    .int()
    .default(fallback)
    .transform((value) => (value > 0 ? value : fallback));

/** `host:port`, with IPv6 addresses in brackets. */
export const hostPort = () =>
  z.string().refine((value) => parseHostPort(value) !== undefined, { error: 'must be host:port, e.g. 127.0.0.1:6379' });

export const optionalHostPort = () =>
  z
    .string()
    .default('')
    .refine((value) => value === '' || parseHostPort(value) !== undefined, {
      error: 'must be host:port, e.g. 127.0.0.1:6379',
    });

/** IP address or network in CIDR notation, normalised by nobody: consumers parse it once with ipaddr.js. */
export const network = () =>
  z.string().refine(isNetwork, { error: 'must be an IP address or a network, e.g. 192.0.2.0/24' });

/** IP address or host name (RFC 1123), without port. */
export const hostName = () =>
  z
    .string()
    .refine((value) => ipaddr.isValid(value) || /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_.])?$/.test(value), {
      error: 'must be an IP address or a host name',
    });

/** Networks in which single users are exempt from a check, by user name. */
export const softWhitelist = () =>
  z
    .record(z.string().min(1), z.array(network()))
    .default({})
    .describe('Networks in which single users are exempt, by user name; scripts can add more.');

/** One of a closed set of words; `wrong` begins the message for any other (`wrong feature: <x>`). */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T, wrong: string) =>
  z.enum(words, { error: (issue) => `${wrong}: <${String(issue.input)}>` });

/** Splits `host:port` or `[v6]:port`; `undefined` when it is neither. An empty host means all addresses. */
export function parseHostPort(value: string): { host: string; port: number } | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]]*)):(\d{1,5})$/.exec(value);
  if (!match) return undefined;
  const port = Number(match[3]);
  return port <= 65535 ? { host: match[1] ?? match[2] ?? '', port } : undefined;
}

function isNetwork(value: string): boolean {
  return ipaddr.isValid(value) ? !/^\d+$/.test(value) : ipaddr.isValidCIDR(value);
}
