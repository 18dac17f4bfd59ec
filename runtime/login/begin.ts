/** From what an endpoint has read to a login that can enter the pipeline. */
import { NO_ATTRIBUTES } from './attributes.ts';
import type { Explanation } from './explanation.ts';
import type { Login, LoginInput } from './login.ts';
import { type RequestSnapshot, ScriptState } from './script-state.ts';

export interface Beginning {
  readonly session: string;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly request: RequestSnapshot;
  /** Given for logins that somebody asks about. */
  readonly explanation?: Explanation | undefined;
}

/** A fresh login; nothing of an earlier request is in it. Every login has the same shape. */
export function beginLogin(input: LoginInput, { session, startedAt, request, explanation }: Beginning): Login {
  return {
    service: input.service,
    protocol: input.protocol,
    mode: input.mode,
    username: input.username,
    password: input.password,
    authMethod: input.authMethod,
    loginAttempts: input.loginAttempts,
    client: input.client,
    userAgent: input.userAgent,
    localIp: input.localIp,
    localPort: input.localPort,
    tls: input.tls,
    useMemoryCache: input.useMemoryCache,
    useRedisCache: input.useRedisCache,
    runsFeatures: input.runsFeatures,
    uriPath: input.uriPath,
    session,
    startedAt,
    script: new ScriptState(new Map(), request, explanation),
    knownAccount: undefined,
    usedBackend: 'unknown',
    sourceBackend: 'unknown',
    authenticated: false,
    userFound: false,
    accountField: '',
    totpSecretField: '',
    totpRecoveryField: '',
    uniqueUserIdField: '',
    displayNameField: '',
    attributes: NO_ATTRIBUTES,
    feature: '',
    bruteForce: undefined,
    isForgiven: false,
    history: undefined,
    wrongPasswords: undefined,
    memoryCache: 'Miss',
    hasOtherPasswordCached: false,
    wantsPostActions: false,
    filterOverride: false,
  };
}
