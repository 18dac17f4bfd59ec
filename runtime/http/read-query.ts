/** Query parameters of the authentication endpoints, and the rule for user names. */
import * as z from 'zod';
import type { LoginMode } from '../login/login.ts';
import type { Parameter } from './description.ts';

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

const CACHES: readonly Parameter[] = [
  { name: 'in-memory', in: 'query', description: '`0`: not from the memory of the process.', schema: z.literal('0') },
  { name: 'cache', in: 'query', description: '`0`: not from the backend `cache`.', schema: z.literal('0') },
];

/** The same for the document. */
export const QUERY_PARAMETERS: readonly Parameter[] = [
  {
    name: 'mode',
    in: 'query',
    description: 'Looks a user up without a password, or lists all accounts (`Accept` says in which form).',
    schema: z.enum(['no-auth', 'list-accounts']),
  },
  ...CACHES,
];

/** The same where accounts cannot be listed. */
export const LOOKUP_PARAMETERS: readonly Parameter[] = [
  { name: 'mode', in: 'query', description: 'Looks a user up without a password.', schema: z.literal('no-auth') },
  ...CACHES,
];

const USERNAME = /^[^(){}%"\\]+$/;

/** What names of users are, for the document. */
export const USERNAME_SCHEMA = z.string().regex(USERNAME);

/** Not empty, and none of the characters that LDAP filters and macros give a meaning. */
export function isValidUsername(username: string): boolean {
  return USERNAME.test(username);
}
