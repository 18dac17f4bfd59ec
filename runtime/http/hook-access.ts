/** Who may call a hook: its networks, and its own token or else the credentials of the API. */
import type { Config } from '../config/index.ts';
import { networkListOf } from '../login/network.ts';
import { emptyAnswer } from './answers.ts';
import { refusePeer, refuseStranger } from './api-access.ts';
import { sameText } from './basic-credentials.ts';
import { peerAddress } from './client-identity.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';

type Hook = Config['lua']['hooks'][number];

/** Undefined for those who may; who comes from elsewhere is not even asked for a token. */
export function refuseHookCaller(hook: Hook, request: HttpRequest, config: Config): HttpAnswer | undefined {
  if (hook.networks.length > 0 && !networkListOf(hook.networks).contains(peerAddress(request, config))) {
    return { ...emptyAnswer(403), problem: 'forbidden' };
  }
  if (hook.public) return undefined;
  if (hook.bearer_token.isEmpty) {
    const refused = hook.networks.length > 0 ? undefined : refusePeer(request, config);
    return refused ?? refuseStranger(request, config);
  }
  const token = /^bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return unauthorized('Bearer realm="hooks"');
  return sameText(token, hook.bearer_token.reveal())
    ? undefined
    : unauthorized('Bearer realm="hooks", error="invalid_token"');
}

/** RFC 6750 section 3. */
function unauthorized(challenge: string): HttpAnswer {
  return { ...emptyAnswer(401, [['WWW-Authenticate', challenge]]), problem: 'unauthorized' };
}
