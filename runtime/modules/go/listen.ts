/** Listening at an address that a script gives, with the error texts of Go's net package. */
import type { Server } from 'node:http';
import { fromUtf8, type HostCall, toUtf8String } from '../../host/index.ts';
import type { Listener } from '../../services/index.ts';
import { DialError, joinHostPort, listenAddress } from './dial.ts';
import { errorCode, reasonOfCode } from './file-errors.ts';

/** Or why nothing can listen there: `listen tcp 127.0.0.1:80: bind: permission denied`. */
export async function openListener(call: HostCall, server: Server, address: string): Promise<Listener | string> {
  try {
    const { host, port } = await listenAddress(toUtf8String(address));
    return await call.services.listeners.open(server, host, port).catch((thrown: unknown) => {
      throw failureOf(thrown, host, port);
    });
  } catch (thrown) {
    if (thrown instanceof DialError) return fromUtf8(thrown.message);
    throw thrown;
  }
}

function failureOf(thrown: unknown, host: string, port: number): unknown {
  const code = errorCode(thrown);
  if (code === undefined) return thrown;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new DialError(`listen tcp: lookup ${host}: no such host`);
  return new DialError(`listen tcp ${joinHostPort(host, port)}: bind: ${reasonOfCode(code)}`);
}
