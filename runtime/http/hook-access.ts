/** Who may call a hook: its networks, and its own token, a JSON Web Token, or else the credentials of the API. */
import type { Config } from '../config/index.ts';
import { networkListOf } from '../login/network.ts';
import { emptyAnswer } from './answers.ts';
import { refusePeer, refuseStranger } from './api-access.ts';
import { sameText } from './basic-credentials.ts';
import { peerAddress } from './client-identity.ts';
import type { HttpAnswer, HttpRequest } from './endpoint.ts';
import { type TokenHolder, verifyToken } from './jwt.ts';

type Hook = Config['lua']['hooks'][number];

/** One of them: who is not refused may go on, and may have shown a token. */
interface HookAccess {
  readonly refused?: HttpAnswer;
  readonly holder?: TokenHolder;
}

const MAY: HookAccess = {};

/** Who comes from elsewhere is not even asked for a token. Rejects when tokens cannot be checked. */
export async function hookAccess(hook: Hook, request: HttpRequest, config: Config): Promise<HookAccess> {
  if (hook.networks.length > 0 && !networkListOf(hook.networks).contains(peerAddress(request, config))) {
    return { refused: { ...emptyAnswer(403), problem: 'forbidden' } };
  }
  if (hook.public) return MAY;
  if (!asksForToken(hook)) {
    const elsewhere = hook.networks.length > 0 ? undefined : refusePeer(request, config);
    const refused = elsewhere ?? refuseStranger(request, config);
    return refused === undefined ? MAY : { refused };
  }
  const token = /^bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return { refused: unauthorized(REALM) };
  if (asksForJwt(hook)) return holderAccess(hook, await verifyToken(token, config.server.jwt_auth));
  return sameText(token, hook.bearer_token.reveal()) ? MAY : { refused: unauthorized(INVALID) };
}

/** Do callers send a token, and not the credentials of the API? */
export function asksForToken(hook: Hook): boolean {
  return !hook.public && (!hook.bearer_token.isEmpty || asksForJwt(hook));
}

function asksForJwt({ roles, scopes }: Hook): boolean {
  return roles.length + scopes.length > 0;
}

function holderAccess({ roles, scopes }: Hook, holder: TokenHolder | undefined): HookAccess {
  if (holder === undefined) return { refused: unauthorized(INVALID) };
  const hasRole = roles.length === 0 || roles.some((role) => holder.roles.includes(role));
  const hasScopes = scopes.every((scope) => holder.scopes.includes(scope));
  if (hasRole && hasScopes) return { holder };
  const challenge = `${REALM}, error="insufficient_scope"`;
  return { refused: { ...emptyAnswer(403, [['WWW-Authenticate', challenge]]), problem: 'forbidden' } };
}

const REALM = 'Bearer realm="hooks"';
const INVALID = `${REALM}, error="invalid_token"`;

/** RFC 6750 section 3. */
function unauthorized(challenge: string): HttpAnswer {
  return { ...emptyAnswer(401, [['WWW-Authenticate', challenge]]), problem: 'unauthorized' };
}
