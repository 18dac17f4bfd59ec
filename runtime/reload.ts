/** What a reload cannot change: the sockets that listen, which are opened once and outlive generations. */
import type { Config } from './config/index.ts';
import { fingerprint } from './services/index.ts';

/** The sections that were used up when the server started. */
function openedSections({ address, unix_socket, workers }: Config['server']) {
  return { address, unix_socket, workers } satisfies Partial<Config['server']>;
}

/** A new configuration with the sockets as they are. */
export function keepOpened(next: Config, started: Config): Config {
  const { enabled, cert, key } = started.server.tls;
  // One that takes effect at the next start says nothing about the certificate of today.
  const tls = { ...next.server.tls, ...(next.server.tls.enabled === enabled ? {} : { enabled, cert, key }) };
  return { ...next, server: { ...next.server, ...openedSections(started.server), tls } };
}

/**
 * Names of the settings in which the two differ and that only a restart changes. One of several workers (`isWorker`) lets
 * its supervisor see to their number.
 */
export function restartNeeded(started: Config, next: Config, isWorker: boolean): readonly string[] {
  const before = openedSettings(started, isWorker);
  return [...openedSettings(next, isWorker)]
    .filter(([name, value]) => before.get(name) !== value)
    .map(([name]) => name);
}

function openedSettings({ server }: Config, isWorker: boolean): ReadonlyMap<string, string> {
  const { workers, ...sections } = openedSections(server);
  const settings = { ...sections, ...(isWorker ? {} : { workers }), 'tls.enabled': server.tls.enabled };
  return new Map(Object.entries(settings).map(([name, value]) => [`server.${name}`, fingerprint(value)]));
}
