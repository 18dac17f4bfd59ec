/** What a reload cannot change: settings of sockets and services, which are opened once and outlive generations. */
import { type Config, Secret } from './config/index.ts';

type Server = Config['server'];

/** Sections that were used up when the server started. Stages read some of them, too. */
function openedSections(server: Server) {
  const {
    address,
    unix_socket,
    haproxy_v2,
    haproxy_networks,
    tls,
    workers,
    instance_name,
    log,
    redis,
    geoip,
    http_client,
  } = server;
  const { prometheus_timer } = server;
  return {
    address,
    unix_socket,
    haproxy_v2,
    haproxy_networks,
    tls,
    workers,
    instance_name,
    log,
    redis,
    geoip,
    http_client,
    prometheus_timer,
  } satisfies Partial<Server>;
}

/**
 * A new configuration with the sections as they were opened: the stages must not look for keys under a new prefix while
 * instances still tell each other what to forget under the old one.
 */
export function keepOpened(next: Config, started: Config): Config {
  return { ...next, server: { ...next.server, ...openedSections(started.server) } };
}

/** Names of the settings in which the two differ and that only a restart changes; a changed secret is one, too. */
export function restartNeeded(started: Config, next: Config): readonly string[] {
  const before = openedSettings(started);
  return [...openedSettings(next)].filter(([name, value]) => !isSame(before.get(name), value)).map(([name]) => name);
}

function openedSettings({ server, ldap, lua }: Config): ReadonlyMap<string, unknown> {
  const { resolver, timeout } = server.dns;
  return new Map<string, unknown>([
    ...Object.entries(openedSections(server)).map(([section, value]) => [`server.${section}`, value] as const),
    ['server.dns', { resolver, timeout }],
    ['ldap.config', ldap?.config],
    ['lua.cache', lua.cache],
  ]);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(revealed(one)) === JSON.stringify(revealed(other));
}

/** Secrets print as stars, whatever they are. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
