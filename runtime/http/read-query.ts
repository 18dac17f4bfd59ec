/** Query parameters of the authentication endpoints, and the rule for user names. */
import type { LoginMode } from '../login/login.ts';

export interface QueryFlags {
  readonly mode: LoginMode;
  readonly useMemoryCache: boolean;
  readonly useRedisCache: boolean;
}

const NOTHING_ASKED: QueryFlags = Object.freeze({ mode: 'auth', useMemoryCache: true, useRedisCache: true });
const NO_MEMORY_CACHE: QueryFlags = Object.freeze({ ...NOTHING_ASKED, useMemoryCache: false });

/** `mode=no-auth`, `mode=list-accounts`, `in-memory=0`, `cache=0`; unknown parameters and values are ignored. */
export function readQuery(query: string): QueryFlags {
  if (query === '') return NOTHING_ASKED;
  if (query === 'in-memory=0') return NO_MEMORY_CACHE;
  const parameters = new Set(query.split('&'));
  return {
    mode: readMode(parameters),
    useMemoryCache: !parameters.has('in-memory=0'),
    useRedisCache: !parameters.has('cache=0'),
  };
}

function readMode(parameters: ReadonlySet<string>): LoginMode {
  if (parameters.has('mode=no-auth')) return 'no-auth';
  return parameters.has('mode=list-accounts') ? 'list-accounts' : 'auth';
}

const FORBIDDEN_IN_USERNAME = /[(){}%"\\]/;

/** Not empty, and none of the characters that LDAP filters and macros give a meaning. */
export function isValidUsername(username: string): boolean {
  return username !== '' && !FORBIDDEN_IN_USERNAME.test(username);
}
