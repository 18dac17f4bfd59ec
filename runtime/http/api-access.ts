/** Who may use the API: `server.trusted_clients` and `server.basic_auth`. */
import type { Config } from '../config/index.ts';
import { networkListOf } from '../login/network.ts';
import { emptyAnswer, UNAUTHORIZED } from './answers.ts';
import { isApiClient, readBasicCredentials } from './basic-credentials.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';

/**
 * 403 for peers that are not in `server.trusted_clients`, undefined for everybody who may go on. What a header says about
 * the peer does not count: that is what the list is about.
 */
export function refusePeer({ peerIp }: HttpRequest, { server }: Config): HttpAnswer | undefined {
  if (server.trusted_clients.length === 0 || networkListOf(server.trusted_clients).contains(peerIp)) return undefined;
  return { ...emptyAnswer(403), problem: `${peerIp} is not in server.trusted_clients` };
}

/** 401 without readable credentials, 403 with wrong ones, undefined for everybody who may go on. */
export function refuseStranger(request: HttpRequest, config: Config): HttpAnswer | undefined {
  if (!config.server.basic_auth.enabled) return undefined;
  const credentials = readBasicCredentials(request.headers.authorization);
  if (!credentials) return UNAUTHORIZED;
  return isApiClient(credentials, config) ? undefined : { ...emptyAnswer(403), problem: 'forbidden' };
}
