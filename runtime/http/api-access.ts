/** `server.basic_auth`: who may use the API. */
import type { Config } from '../config/index.ts';
import { emptyAnswer, UNAUTHORIZED } from './answers.ts';
import { isApiClient, readBasicCredentials } from './basic-credentials.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';

/** 401 without readable credentials, 403 with wrong ones, undefined for everybody who may go on. */
export function refuseStranger(request: HttpRequest, config: Config): HttpAnswer | undefined {
  if (!config.server.basic_auth.enabled) return undefined;
  const credentials = readBasicCredentials(request.headers.authorization);
  if (!credentials) return UNAUTHORIZED;
  return isApiClient(credentials, config) ? undefined : { ...emptyAnswer(403), problem: 'forbidden' };
}
