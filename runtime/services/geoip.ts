/**
 * What is known of addresses: databases in the MaxMind DB format (https://maxmind.github.io/MaxMind-DB/), kept in memory and
 * read again when their files change. An addition to the reference.
 */
import { readFile, stat } from 'node:fs/promises';
import { isIP } from 'node:net';
import { type CityResponse, Reader } from 'mmdb-lib';
import { normaliseAddress } from '../login/network.ts';
import type { HostValue } from '../login/script-state.ts';
import { fromUtf8 } from '../login/text.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** No answer; the message is meant for scripts. */
export class GeoIpError extends Error {}

type GeoIpRecord = ReadonlyMap<string, HostValue>;

export interface GeoIp {
  /**
   * What all databases together know of an address, undefined for nothing; strings are byte strings. Where several know the
   * same field the last one counts. Throws GeoIpError without a usable database and for what is no address.
   */
  lookup(address: string): GeoIpRecord | undefined;
  close(): void;
}

interface Database {
  readonly path: string;
  reader: Reader<CityResponse> | undefined;
  /** What the file looked like when it was last read. */
  version: string;
}

export interface GeoIpSettings {
  readonly databases: readonly string[];
  /** Milliseconds between two looks at the files. */
  readonly check_interval: number;
}

/** Opens what can be opened; the log says what cannot. Such files are tried again, as those that change are. */
export async function openGeoIp(
  { databases, check_interval }: GeoIpSettings,
  base: { clock: Clock; log: Log },
): Promise<GeoIp> {
  const log = base.log.named('geoip');
  const opened: Database[] = databases.map((path) => ({ path, reader: undefined, version: '' }));
  const refresh = async (): Promise<void> => {
    await Promise.all(opened.map((each) => refreshDatabase(each, log)));
  };
  await refresh();
  const stop = opened.length === 0 ? () => {} : base.clock.every(check_interval, () => void refresh());
  return { lookup: (address) => lookUp(opened, address), close: stop };
}

/** Never rejects. A file that cannot be read leaves what was read before, and is spoken of once. */
async function refreshDatabase(database: Database, log: Log): Promise<void> {
  const { path } = database;
  const version = await versionOf(path);
  if (version === database.version) return;
  const isFirst = database.version === '';
  database.version = version;
  try {
    database.reader = new Reader<CityResponse>(await readFile(path));
    if (!isFirst) log.info({ msg: 'The GeoIP database was read again', path });
  } catch (thrown) {
    log.error({ msg: 'The GeoIP database cannot be read', path, error: thrown instanceof Error ? thrown.message : '' });
  }
}

async function versionOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'missing';
  }
}

function lookUp(databases: readonly Database[], address: string): GeoIpRecord | undefined {
  const readers = databases.flatMap(({ reader }) => reader ?? []);
  if (databases.length === 0) throw new GeoIpError('no database is configured (server.geoip.databases)');
  if (readers.length === 0) throw new GeoIpError('no database could be read');
  const normal = normaliseAddress(address);
  // Node's check lets zones pass (`fe80::1%eth0`), which no database knows.
  if (isIP(normal) === 0 || normal.includes('%')) throw new GeoIpError(`not an IP address: ${address.slice(0, 64)}`);
  const found = readers.flatMap((reader) => read(reader, normal) ?? []);
  return found.length === 0 ? undefined : new Map(found.flatMap((record) => [...record]));
}

function read(reader: Reader<CityResponse>, address: string): GeoIpRecord | undefined {
  // A tree of IPv4 networks would be asked for the first bits of an IPv6 address.
  if (reader.metadata.ipVersion === 4 && isIP(address) === 6) return undefined;
  try {
    const found = toHostValue(reader.get(address));
    return found instanceof Map ? found : undefined;
  } catch {
    throw new GeoIpError('the database is damaged');
  }
}

/** Integers beyond 2^53 become their digits. */
function toHostValue(value: unknown): HostValue {
  switch (typeof value) {
    case 'string':
      return fromUtf8(value);
    case 'number':
    case 'boolean':
      return value;
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case 'object':
      return value === null ? null : compound(value);
    default:
      return null;
  }
}

function compound(value: object): HostValue {
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return new Map(value.map((each: unknown, at) => [at + 1, toHostValue(each)]));
  return new Map(Object.entries(value).map(([key, each]) => [fromUtf8(key), toHostValue(each)]));
}
