/**
 * One login: what the client asked for (fixed once the endpoint has read the request) and what the stages have found
 * out so far. Plain data, no I/O. All strings are byte strings (char codes 0-255), as Lua sees them and as HTTP headers
 * carry them; `login/text.ts` converts at the borders that need text.
 */
import type { Secret } from '../config/secret.ts';
import type { Attributes } from './attributes.ts';
import type { ScriptState } from './script-state.ts';

/** `auth` checks a password, `no-auth` looks a user up, `list-accounts` lists all of them. */
export type LoginMode = 'auth' | 'no-auth' | 'list-accounts';

/** Who is behind the request, as `http/client-identity.ts` decided. An empty `ip` means unknown. */
export interface Client {
  readonly ip: string;
  readonly port: string;
  readonly hostname: string;
  readonly id: string;
}

/** Forwarded facts about the client's TLS connection; empty strings where the front end said nothing. */
export interface TlsFacts {
  readonly ssl: string;
  readonly sessionId: string;
  readonly clientVerify: string;
  readonly clientDn: string;
  readonly clientCn: string;
  readonly issuer: string;
  readonly clientNotBefore: string;
  readonly clientNotAfter: string;
  readonly subjectDn: string;
  readonly issuerDn: string;
  readonly clientSubjectDn: string;
  readonly clientIssuerDn: string;
  readonly protocol: string;
  readonly cipher: string;
  readonly serial: string;
  readonly fingerprint: string;
}

/** A client of which no TLS facts are known. */
export const NO_TLS: TlsFacts = Object.freeze({
  ssl: '',
  sessionId: '',
  clientVerify: '',
  clientDn: '',
  clientCn: '',
  issuer: '',
  clientNotBefore: '',
  clientNotAfter: '',
  subjectDn: '',
  issuerDn: '',
  clientSubjectDn: '',
  clientIssuerDn: '',
  protocol: '',
  cipher: '',
  serial: '',
  fingerprint: '',
});

/** What an endpoint reads from a request. */
export interface LoginInput {
  /** Last segment of the path as called: `header`, `dovecot`, …; scripts see it as `request.service`. */
  readonly service: string;
  readonly protocol: string;
  readonly mode: LoginMode;
  readonly username: string;
  readonly password: Secret;
  readonly authMethod: string;
  readonly loginAttempts: number;
  readonly client: Client;
  readonly userAgent: string;
  readonly localIp: string;
  readonly localPort: string;
  readonly tls: TlsFacts;
  /** False: `in-memory=0` was asked for. */
  readonly useMemoryCache: boolean;
  /** False: `cache=0` was asked for. */
  readonly useRedisCache: boolean;
  /** saslauthd cannot name the client, so no feature runs for it. */
  readonly runsFeatures: boolean;
  readonly uriPath: string;
}

/** Which part of the server vouches for the user; `memory` and `cache` remember an earlier answer. */
export type BackendName = 'unknown' | 'cache' | 'ldap' | 'lua' | 'memory';

/** What a password backend says about a user. Field names point into `attributes`; '' where not given. */
export interface BackendAnswer {
  readonly authenticated: boolean;
  readonly userFound: boolean;
  readonly accountField: string;
  readonly totpSecretField: string;
  readonly totpRecoveryField: string;
  readonly uniqueUserIdField: string;
  readonly displayNameField: string;
  readonly attributes: Attributes;
}

/** A hit of the brute-force stage. */
export interface BruteForceHit {
  readonly bucket: string;
  /** Network of the rule that the client belongs to, as CIDR text. */
  readonly network: string;
  readonly counter: number;
  /** True when the network had been blocked by an earlier request. */
  readonly repeating: boolean;
}

/** Counts of wrong passwords that the final log line shows. */
export interface PasswordHistory {
  readonly currentRetries: number;
  readonly accountSeen: number;
  readonly totalSeen: number;
}

/** A login on its way through the pipeline; the fields without `readonly` are what the stages fill in. */
export interface Login extends LoginInput {
  /** Identifier of this request: 27 characters, sortable by time. */
  readonly session: string;
  /** Milliseconds of the monotonic clock when the request was read. */
  readonly startedAt: number;
  /** What the scripts of this login share. */
  readonly script: ScriptState;
  /** Account known from an earlier login, '' when there is none, undefined while nobody has looked. */
  knownAccount: string | undefined;
  /** Backend that answered this request. */
  usedBackend: BackendName;
  /** Backend that the answer comes from originally. */
  sourceBackend: BackendName;
  authenticated: boolean;
  userFound: boolean;
  accountField: string;
  totpSecretField: string;
  totpRecoveryField: string;
  uniqueUserIdField: string;
  displayNameField: string;
  /** Result attributes; a map that the login owns (never shared with a cache). */
  attributes: Attributes;
  /** Name of the feature that triggered, or ''. */
  feature: string;
  bruteForce: BruteForceHit | undefined;
  /** It has passed although its network is blocked: it repeats a mistake of its own. */
  isForgiven: boolean;
  history: PasswordHistory | undefined;
  /** Hashed wrong passwords and their counts, where the configuration wants answers to show them. */
  wrongPasswords: ReadonlyMap<string, number> | undefined;
  memoryCache: 'Hit' | 'Miss';
  /** The cache holds a successful login of this account with another password. */
  hasOtherPasswordCached: boolean;
  /** A stage has come so far that post actions follow the answer. */
  wantsPostActions: boolean;
  /** Filters accepted a login that the backend had rejected. */
  filterOverride: boolean;
}
