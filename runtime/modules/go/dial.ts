/** TCP connections with the addresses and error texts of Go's net package. */
import { readFile } from 'node:fs/promises';
import { connect, isIP, type Socket } from 'node:net';
import { errorCode, reasonOfCode } from './file-errors.ts';

/** Why there is no connection; `message` is what scripts get. */
export class DialError extends Error {}

export interface HostPort {
  readonly host: string;
  readonly port: string;
}

/** `host:port`, `:port`, `[v6]:port`. Throws `DialError` without a prefix. */
export function splitHostPort(address: string): HostPort {
  const broken = (reason: string): never => {
    throw new DialError(`address ${address}: ${reason}`);
  };
  const colon = address.lastIndexOf(':');
  if (colon < 0) return broken('missing port in address');
  if (address.startsWith('[')) {
    const end = address.indexOf(']');
    if (end < 0) return broken("missing ']' in address");
    if (end + 1 === address.length) return broken('missing port in address');
    if (address[end + 1] !== ':') return broken('missing port in address');
    if (end + 1 !== colon) return broken('too many colons in address');
    return { host: address.slice(1, end), port: address.slice(colon + 1) };
  }
  const host = address.slice(0, colon);
  if (host.includes(':')) return broken('too many colons in address');
  if (/[[\]]/.test(address)) return broken(`unexpected '${address.includes('[') ? '[' : ']'}' in address`);
  return { host, port: address.slice(colon + 1) };
}

/** With brackets where the host is an IPv6 address. */
export function joinHostPort(host: string, port: number | string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Names that work without a services file. */
const SERVICES: Readonly<Record<string, number>> = {
  domain: 53,
  ftp: 21,
  ftps: 990,
  gopher: 70,
  http: 80,
  https: 443,
  imap2: 143,
  imap3: 220,
  imaps: 993,
  pop3: 110,
  pop3s: 995,
  smtp: 25,
  submissions: 465,
  ssh: 22,
  telnet: 23,
};

async function portNumber(port: string): Promise<number> {
  if (/^[+-]?[0-9]+$/.test(port) || port === '') {
    const number = Number(port);
    if (number >= 0 && number <= 65_535) return number;
    throw new DialError(`address ${port}: invalid port`);
  }
  const known = SERVICES[port.toLowerCase()] ?? (await listedService(port.toLowerCase()));
  if (known === undefined) throw new DialError(`lookup tcp/${port}: unknown port`);
  return known;
}

async function listedService(name: string): Promise<number | undefined> {
  const text = await readFile('/etc/services', 'utf8').catch(() => '');
  for (const line of text.split('\n')) {
    const [service, target = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    if ((service === name || aliases.includes(name)) && target.endsWith('/tcp')) return Number.parseInt(target, 10);
  }
  return undefined;
}

/** The host and port to listen at; without a host, every interface. Throws `DialError` with `listen tcp` in front. */
export async function listenAddress(address: string): Promise<{ readonly host: string; readonly port: number }> {
  try {
    const { host, port } = splitHostPort(address);
    return { host, port: await portNumber(port) };
  } catch (thrown) {
    if (!(thrown instanceof DialError)) throw thrown;
    throw new DialError(`listen tcp: ${thrown.message}`);
  }
}

/** Connects within some milliseconds; the socket is paused and does not end by itself. Throws `DialError`. */
export async function dial(address: string, timeoutMs: number): Promise<Socket> {
  try {
    if (address === '') throw new DialError('missing address');
    const { host, port } = splitHostPort(address);
    return await open(host, await portNumber(port), timeoutMs);
  } catch (thrown) {
    if (!(thrown instanceof DialError)) throw thrown;
    throw new DialError(`dial tcp${thrown.message.startsWith(' ') ? '' : ': '}${thrown.message}`);
  }
}

/** A message of this begins with a blank where the address follows `dial tcp` directly. */
function open(host: string, port: number, timeoutMs: number): Promise<Socket> {
  const name = host === '' ? 'localhost' : host;
  return new Promise((resolve, reject) => {
    const socket = connect({ host: name, port, noDelay: true });
    // Longer waits than a timer can hold are no limit at all.
    const limit = Math.min(timeoutMs, 2 ** 31 - 1);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new DialError(` ${joinHostPort(name, port)}: i/o timeout`));
    }, limit);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(new DialError(dialReason(error, name, port)));
    });
  });
}

/** What went wrong, after `dial tcp`: `: lookup x: no such host`, ` 127.0.0.1:1: connect: connection refused`. */
function dialReason(thrown: unknown, host: string, port: number): string {
  const error = thrown instanceof AggregateError ? thrown.errors[0] : thrown;
  const code = errorCode(error) ?? 'EIO';
  if (code === 'ENOTFOUND') return `lookup ${host}: no such host`;
  if (code === 'EAI_AGAIN') return `lookup ${host}: server misbehaving`;
  const tried =
    error instanceof Error && 'address' in error && typeof error.address === 'string' ? error.address : host;
  if (code === 'ETIMEDOUT') return ` ${joinHostPort(tried, port)}: i/o timeout`;
  return ` ${joinHostPort(tried, port)}: connect: ${reasonOfCode(code)}`;
}

/** Server name for TLS: none for addresses, which have none. */
export function serverNameOf(host: string): string {
  return isIP(host) !== 0 || host === '' || host.includes(':') ? '' : host;
}

/** The text after `dial tcp` of an error that a library's own connection ended with; undefined for other errors. */
export function connectFailure(thrown: unknown, host: string, port: number): string | undefined {
  const code = errorCode(thrown instanceof AggregateError ? (thrown.errors[0] ?? thrown) : thrown);
  if (code === undefined || !/^E(?!RR_)[A-Z_]+$/.test(code)) return undefined;
  const reason = dialReason(thrown, host, port);
  return `dial tcp${reason.startsWith(' ') ? '' : ': '}${reason}`;
}
