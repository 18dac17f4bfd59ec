/** Client addresses and networks: one normal form per address, membership in lists, the network a rule counts. */
import ipaddr from 'ipaddr.js';

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * The one spelling of an address: IPv4-mapped IPv6 becomes IPv4, IPv6 is shortened as RFC 5952 says. Text that is no
 * address is returned as it came.
 */
export function normaliseAddress(text: string): string {
  if (!text.includes(':') || !ipaddr.isValid(text)) return text;
  return ipaddr.process(text).toString();
}

/** Loopback or unknown: such clients are not subject to features and brute-force rules. Expects a normalised address. */
export function isLocalAddress(address: string): boolean {
  return address === '' || address === '127.0.0.1' || address === '::1';
}

const PRIVATE_RANGES = new Set<string>(['loopback', 'private', 'linkLocal', 'uniqueLocal']);

/** Is it an address that the internet does not route (RFC 1918, RFC 4193, loopback, link-local)? Text that is none is not. */
export function isPrivateAddress(address: string): boolean {
  return ipaddr.isValid(address) && PRIVATE_RANGES.has(ipaddr.process(address).range());
}

export type Family = 4 | 6;

/** Family of a normalised address; undefined when the text is no address. */
export function familyOf(address: string): Family | undefined {
  if (IPV4.test(address)) return ipaddr.IPv4.isValid(address) ? 4 : undefined;
  return ipaddr.IPv6.isValid(address) ? 6 : undefined;
}

/** The network of `prefix` bits around a normalised address, as CIDR text (`192.0.2.0/24`). */
export function networkOf(address: string, prefix: number): string {
  const octets = IPV4.exec(address);
  if (octets) return `${maskedIpv4(octets, prefix)}/${prefix}`;
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${prefix}`).toString()}/${prefix}`;
}

function maskedIpv4(octets: RegExpExecArray, prefix: number): string {
  const masked = (at: number): number => {
    const bits = Math.min(8, Math.max(0, prefix - 8 * (at - 1)));
    return Number(octets[at]) & (0xff << (8 - bits)) & 0xff;
  };
  return `${masked(1)}.${masked(2)}.${masked(3)}.${masked(4)}`;
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Addresses and networks of a configuration list; entries that are neither are left out. */
export class NetworkList {
  readonly #addresses = new Set<string>();
  readonly #ranges: Range[] = [];

  constructor(entries: readonly string[]) {
    for (const entry of entries) this.#add(entry.trim());
  }

  /** Is the (normalised) address listed, or inside of a listed network? */
  contains(address: string): boolean {
    if (this.#addresses.has(address)) return true;
    if (this.#ranges.length === 0 || !ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.#ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
  }

  #add(entry: string): void {
    if (ipaddr.isValidCIDR(entry)) this.#ranges.push(ipaddr.parseCIDR(entry));
    else if (ipaddr.isValid(entry)) this.#addresses.add(normaliseAddress(entry));
  }
}

const lists = new WeakMap<readonly string[], NetworkList>();

/** The list of a configuration's entries, made once as long as the configuration lives. */
export function networkListOf(entries: readonly string[]): NetworkList {
  let list = lists.get(entries);
  if (list === undefined) {
    list = new NetworkList(entries);
    lists.set(entries, list);
  }
  return list;
}
