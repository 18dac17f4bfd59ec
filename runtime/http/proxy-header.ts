/**
 * The PROXY protocol, versions 1 and 2 (HAProxy, "The PROXY protocol", sections 2.1 and 2.2): what a load balancer says in
 * front of a connection about who it comes from.
 */
import { isIPv4, isIPv6 } from 'node:net';

export interface ProxiedPeer {
  readonly ip: string;
  readonly port: string;
}

export type ProxyHeader =
  /** Not complete yet. */
  | { readonly kind: 'more' }
  /** Something else, or broken. */
  | { readonly kind: 'invalid' }
  /** `peer` is undefined where the header names none: a check of the balancer itself, or a family that has no address. */
  | { readonly kind: 'header'; readonly length: number; readonly peer: ProxiedPeer | undefined };

const MORE: ProxyHeader = { kind: 'more' };
const INVALID: ProxyHeader = { kind: 'invalid' };

const SIGNATURE_2 = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const FIXED_2 = 16;
/** Addresses take at most 216 bytes; further fields (TLS facts) are skipped, up to this size. */
const LONGEST_2 = 4096;
const SIGNATURE_1 = Buffer.from('PROXY ', 'latin1');
const LONGEST_1 = 107;

/** Reads the header at the start of what a connection has sent so far. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader {
  if (startsLike(bytes, SIGNATURE_2)) return bytes.length < FIXED_2 ? MORE : parseBinary(bytes);
  return startsLike(bytes, SIGNATURE_1) ? parseText(bytes) : INVALID;
}

/** Is one the beginning of the other? */
function startsLike(bytes: Buffer, signature: Buffer): boolean {
  const length = Math.min(bytes.length, signature.length);
  return bytes.subarray(0, length).equals(signature.subarray(0, length));
}

function parseText(bytes: Buffer): ProxyHeader {
  const end = bytes.indexOf('\r\n');
  if (end < 0) return bytes.length < LONGEST_1 ? MORE : INVALID;
  if (end + 2 > LONGEST_1) return INVALID;
  const length = end + 2;
  const words = bytes.toString('latin1', 0, end).split(' ');
  const [, family, source = '', target = '', port = '', targetPort = ''] = words;
  if (family === 'UNKNOWN') return { kind: 'header', length, peer: undefined };
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined;
  if (words.length !== 6 || !isAddress?.(source) || !isAddress(target)) return INVALID;
  if (!isPort(port) || !isPort(targetPort)) return INVALID;
  return { kind: 'header', length, peer: { ip: source, port } };
}

function isPort(text: string): boolean {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535;
}

function parseBinary(bytes: Buffer): ProxyHeader {
  const version = bytes[12]! >> 4;
  const command = bytes[12]! & 0xf;
  const size = bytes.readUInt16BE(14);
  if (version !== 2 || command > 1 || size > LONGEST_2) return INVALID;
  const length = FIXED_2 + size;
  if (bytes.length < length) return MORE;
  if (command === 0) return { kind: 'header', length, peer: undefined };
  const family = bytes[13]! >> 4;
  if (family === 1) return size < 12 ? INVALID : { kind: 'header', length, peer: ipv4Peer(bytes) };
  if (family === 2) return size < 36 ? INVALID : { kind: 'header', length, peer: ipv6Peer(bytes) };
  return { kind: 'header', length, peer: undefined };
}

function ipv4Peer(bytes: Buffer): ProxiedPeer {
  return { ip: [...bytes.subarray(16, 20)].join('.'), port: String(bytes.readUInt16BE(24)) };
}

function ipv6Peer(bytes: Buffer): ProxiedPeer {
  const groups = Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(16 + 2 * at).toString(16));
  return { ip: groups.join(':'), port: String(bytes.readUInt16BE(48)) };
}
