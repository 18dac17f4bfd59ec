/**
 * Which mail servers are alive (server.md 5.4): all monitored ones are tried every ten seconds, at the same time, for scripts
 * and nginx to choose from. One failed check takes a server out, one good check brings it back.
 */
import type { MonitoringConfig } from '../config/index.ts';
import type { Clock } from './clock.ts';
import { checkBackendServer } from './connections/backend-check.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

export type BackendServer = MonitoringConfig['backend_servers'][number];

export interface BackendServers {
  /** Servers that answered the last check, in the order of the configuration; all of them before the first check. */
  alive(): readonly BackendServer[];
  /** Monitors these servers from now on instead of the ones before. Resolves after the first check of all. Never rejects. */
  watch(servers: readonly BackendServer[]): Promise<void>;
  close(): void;
}

interface Base {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

const INTERVAL_MS = 10_000;

/** Monitors nothing until `watch`. */
export function monitorBackendServers(base: Base): BackendServers {
  return new Monitor(base);
}

class Monitor implements BackendServers {
  readonly #base: Base;
  #wanted: readonly BackendServer[] = [];
  #alive: readonly BackendServer[] = [];
  #cancel: (() => void) | undefined;

  constructor(base: Base) {
    this.#base = base;
  }

  alive(): readonly BackendServer[] {
    return this.#alive;
  }

  watch(servers: readonly BackendServer[]): Promise<void> {
    this.close();
    this.#wanted = servers;
    this.#alive = servers;
    this.#show();
    return servers.length === 0 ? Promise.resolve() : this.#round(servers);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#wanted = [];
  }

  /** The next round begins when the slowest server of this one has been judged, but not sooner than the interval says. */
  async #round(servers: readonly BackendServer[]): Promise<void> {
    const { clock } = this.#base;
    const start = clock.monotonic();
    const found = await Promise.all(servers.map((server) => this.#isAlive(server)));
    if (this.#wanted !== servers) return;
    this.#alive = servers.filter((_, at) => found[at]);
    this.#show();
    const rest = Math.max(0, INTERVAL_MS - (clock.monotonic() - start));
    this.#cancel = clock.after(rest, () => void this.#round(servers));
  }

  async #isAlive(server: BackendServer): Promise<boolean> {
    const { protocol, ip: host, port, haproxy_v2: haproxyV2, tls } = server;
    const deepCheck = server.deep_check ? { deepCheck: protocol } : {};
    const error = await checkBackendServer({ host, port, haproxyV2, tls, ...deepCheck });
    const fields = { protocol, backend_server_ip: host, backend_server_port: port };
    if (error === undefined) this.#base.log.debug('feature', { msg: 'Server alive', ...fields });
    else this.#base.log.error({ error, msg: 'Server down', ...fields });
    return error === undefined;
  }

  #show(): void {
    this.#base.metrics.set('backend_servers_status', { server_status: 'wanted' }, this.#wanted.length);
    this.#base.metrics.set('backend_servers_status', { server_status: 'alive' }, this.#alive.length);
  }
}
