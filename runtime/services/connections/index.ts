/**
 * How many TCP connections of this machine lead to or come from a target (lua-api.md 5.11): counted every few seconds
 * and shown as `generic_connections`. The server counts those of its own address.
 */
import { parseHostPort } from '../../config/index.ts';
import type { Clock } from '../clock.ts';
import { DnsError, type DnsService } from '../dns/index.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { kernelPort, kernelTexts, readTables, visitEstablished } from './tcp-table.ts';

/** Which end of a connection is the target. */
export type Direction = 'local' | 'remote';

export interface ConnectionCounts {
  /**
   * Counts connections of `host:port` from now on; its name is looked up in the background. What is no target, or has
   * no address, is logged. Registering again with another direction replaces, otherwise it changes nothing.
   */
  register(target: string, direction: Direction, description: string): void;
  /** Established connections at the last count, 0 before the first; undefined for what is not registered. */
  count(target: string): number | undefined;
  close(): void;
}

export interface ConnectionCountsBase {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly dns: Pick<DnsService, 'addresses'>;
}

const COUNT_MS = 5000;
const RESOLVE_MS = 60_000;
/** Targets come from scripts: a name for each client must not fill the memory. */
const MOST_TARGETS = 1000;

interface Target {
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly direction: Direction;
  readonly description: string;
  /** As the kernel writes them; 'any' for all addresses. */
  addresses: ReadonlySet<string> | 'any';
  count: number;
}

/** Nothing runs before the first target is registered. */
export function createConnectionCounts(base: ConnectionCountsBase): ConnectionCounts {
  const log = base.log.named('psnet');
  const targets = new Map<string, Target>();
  const cancels: (() => void)[] = [];
  const labels = ({ name, direction, description }: Target) => ({ target: name, direction, description });

  const resolve = async (target: Target): Promise<void> => {
    try {
      const addresses = await base.dns.addresses(target.host);
      target.addresses = new Set(addresses.flatMap(kernelTexts));
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
      log.error({ msg: `Unable to resolve DNS name '${target.host}': ${error.message}` });
    }
  };
  const resolveAll = async (): Promise<void> => {
    await Promise.all([...targets.values()].filter(({ addresses }) => addresses !== 'any').map(resolve));
  };
  const countAll = async (): Promise<void> => {
    const tables = await readTables();
    if (tables === undefined) return;
    countInto([...targets.values()], tables);
    for (const target of targets.values()) base.metrics.set('generic_connections', labels(target), target.count);
  };
  const begin = (): void => {
    cancels.push(base.clock.every(COUNT_MS, background(countAll, log)));
    cancels.push(base.clock.every(RESOLVE_MS, background(resolveAll, log)));
  };
  return {
    register: (name, direction, description) => {
      const known = targets.get(name);
      if (known?.direction === direction) return;
      const address = parseHostPort(name);
      if (address === undefined || (known === undefined && targets.size >= MOST_TARGETS)) {
        const reason = address === undefined ? `'${name}' is not host:port` : `there are ${MOST_TARGETS} already`;
        log.error({ msg: `Error while proccessing the target: ${reason}` });
        return;
      }
      if (known !== undefined) base.metrics.remove('generic_connections', labels(known));
      const target = makeTarget(name, address, direction, description);
      if (targets.size === 0) begin();
      targets.set(name, target);
      if (target.addresses !== 'any') background(() => resolve(target), log)();
    },
    count: (name) => targets.get(name)?.count,
    close: () => {
      for (const cancel of cancels) cancel();
    },
  };
}

function makeTarget(
  name: string,
  { host, port }: { readonly host: string; readonly port: number },
  direction: Direction,
  description: string,
): Target {
  const isAny = host === '' || host === '0.0.0.0' || host === '::';
  const addresses = isAny ? 'any' : new Set<string>();
  return { name, host, port: kernelPort(port), direction, description, addresses, count: 0 };
}

function countInto(targets: readonly Target[], tables: string): void {
  const ends = { local: new Map<string, Target[]>(), remote: new Map<string, Target[]>() };
  for (const target of targets) {
    target.count = 0;
    const sharing = ends[target.direction].get(target.port);
    if (sharing === undefined) ends[target.direction].set(target.port, [target]);
    else sharing.push(target);
  }
  const count = (candidates: readonly Target[] | undefined, address: string): void => {
    for (const target of candidates ?? []) {
      if (target.addresses === 'any' || target.addresses.has(address)) target.count += 1;
    }
  };
  visitEstablished(tables, (local, localPort, remote, remotePort) => {
    count(ends.local.get(localPort), local);
    count(ends.remote.get(remotePort), remote);
  });
}

/** A timer's action; one that is still under way is not started again. */
function background(work: () => Promise<void>, log: Log): () => void {
  let isRunning = false;
  return () => {
    if (isRunning) return;
    isRunning = true;
    work()
      .catch((error: unknown) => log.error({ msg: `counting connections failed: ${String(error)}` }))
      .finally(() => {
        isRunning = false;
      });
  };
}
