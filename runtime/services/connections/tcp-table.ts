/**
 * The kernel's tables of TCP connections (Linux, proc(5): `/proc/net/tcp` and `tcp6`). Addresses stay the hexadecimal
 * text of the kernel, so that a table of many lines is compared without being converted.
 */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import ipaddr from 'ipaddr.js';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** ` 0: LOCAL:PORT REMOTE:PORT STATE`; state 01 is ESTABLISHED. */
const ESTABLISHED = /^ *\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) 01 /gm;

/** Reads the tables; undefined where the system has none. */
export async function readTables(): Promise<string | undefined> {
  const tables = await Promise.allSettled(TABLES.map((path) => readFile(path, 'latin1')));
  const found = tables.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  return found.length === 0 ? undefined : found.join('');
}

/** Calls `visit` with address and port of both ends of each established connection, as the kernel writes them. */
export function visitEstablished(
  tables: string,
  visit: (local: string, localPort: string, remote: string, remotePort: string) => void,
): void {
  for (const [, local, localPort, remote, remotePort] of tables.matchAll(ESTABLISHED)) {
    visit(local!, localPort!, remote!, remotePort!);
  }
}

/** The texts under which an IP address can stand in the tables: IPv4 also as IPv6 (RFC 4291 section 2.5.5.2). */
export function kernelTexts(address: string): readonly string[] {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  if (parsed.kind() === 'ipv6') return [wordsOf(bytes)];
  return [wordsOf(bytes), wordsOf([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...bytes])];
}

export function kernelPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** Each group of four bytes as the number it is in the memory of this machine. */
function wordsOf(bytes: readonly number[]): string {
  const buffer = Buffer.from(bytes);
  if (endianness() === 'LE') buffer.swap32();
  return buffer.toString('hex').toUpperCase();
}
