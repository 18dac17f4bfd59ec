/**
 * The sockets of an instance with several workers stay what they were when it started. A worker that begins later, after the
 * file has changed, learns them from the process that starts it: over a variable, since the file says something else.
 */
import type { Config } from '../../runtime/config/index.ts';

const VARIABLE = 'NAUTHILUS_WORKER_SOCKETS';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable for a worker. */
export function socketVariables({ server }: Config): Record<string, string> {
  const { address, unix_socket, tls } = server;
  return { [VARIABLE]: JSON.stringify({ address, unix_socket, tls: tls.enabled }) };
}

/** The environment as the configuration may see it. */
export function withoutSockets(env: Environment): Environment {
  const { [VARIABLE]: _sockets, ...others } = env;
  return others;
}

/** A configuration with the sockets of the instance; itself outside of a worker. */
export function withSockets(config: Config, env: Environment): Config {
  const sockets = readSockets(env[VARIABLE]);
  if (sockets === undefined) return config;
  const { server } = config;
  const { address, path, mode, isEncrypted } = sockets;
  return {
    ...config,
    server: { ...server, address, unix_socket: { path, mode }, tls: { ...server.tls, enabled: isEncrypted } },
  };
}

function readSockets(text: string | undefined) {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  const address = memberOf(value, 'address');
  const socket = memberOf(value, 'unix_socket');
  const [path, mode] = [memberOf(socket, 'path'), memberOf(socket, 'mode')];
  if (typeof address !== 'string' || typeof path !== 'string' || typeof mode !== 'string') return undefined;
  return { address, path, mode, isEncrypted: memberOf(value, 'tls') === true };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}
