/** `lua`: which script plays which role (server.md 3.4). */
import * as z from 'zod';
import { ACTION_TYPES } from '../../contract/scripts.ts';
import { flag, network, oneOf, positiveOr, secret, text } from './values.ts';

const attribute = (kind: string, name: string) => {
  const error = `${kind} '${name}' attribute missing`;
  return z.string({ error }).min(1, { error });
};

const scriptPath = (kind: string) =>
  attribute(kind, 'script_path').describe('Lua file, relative to the working directory or to the configuration file.');

const namedScript = (kind: 'feature' | 'filter') =>
  z.strictObject({
    name: attribute(kind, 'name').describe('Name in logs and metrics.'),
    script_path: scriptPath(kind),
  });

const actionTypes = ACTION_TYPES as readonly [(typeof ACTION_TYPES)[number], ...(typeof ACTION_TYPES)[number][]];

const action = z.strictObject({
  type: oneOf(actionTypes, 'wrong action type').describe('What the action answers to.'),
  name: text().default('').describe('Name in metrics.'),
  script_path: scriptPath('action'),
});

const luaConfig = z.strictObject({
  backend_script_path: text()
    .default('')
    .describe('Script of the backend lua; required when that is in server.backends.'),
  callback_script_path: text().default('').describe('Script that /api/v1/auth/callback runs.'),
  init_script_path: text().default('').describe('Script that runs once at start.'),
  package_path: text()
    .default('')
    .describe('Where require() also searches modules: patterns with ?, separated by semicolons.'),
});

const search = z.strictObject({
  protocol: z.array(text()).default([]).describe('Protocols the entry is for; default is for all others.'),
  cache_name: text().default('').describe('Name space of cached logins.'),
});

const HOOK_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const hook = z.strictObject({
  http_location: attribute('hook', 'http_location')
    .transform((value) => value.replace(/^\/+|\/+$/g, ''))
    .refine((value) => value.split('/').every((part) => /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/.test(part)), {
      error: 'must be a path of letters, digits and . _ ~ - between slashes',
    })
    .describe('Path below /api/v1/custom/.'),
  http_method: z
    .string()
    .default('GET')
    .transform((value) => value.toUpperCase())
    .pipe(oneOf(HOOK_METHODS, 'wrong method'))
    .describe(`One of ${HOOK_METHODS.join(', ')}.`),
  script_path: scriptPath('hook'),
  networks: z.array(network()).default([]).describe('Where callers must come from; everywhere without it.'),
  bearer_token: secret().describe('Token that callers send instead of the credentials of server.basic_auth.'),
  roles: z
    .array(text())
    .default([])
    .describe('Callers send a token of server.jwt_auth that gives them one of these roles.'),
  scopes: z.array(text()).default([]).describe('Callers send a token of server.jwt_auth that has all of these scopes.'),
  public: flag().describe('Callers need no credentials.'),
});

const cache = z.strictObject({
  max_entries: positiveOr(10_000).describe(
    'Values that scripts keep in nauthilus_cache; the least recently used go first.',
  ),
  max_bytes: positiveOr(64 * 1024 * 1024).describe('Rough size of all these values.'),
});

export const luaSchema = z.strictObject({
  features: z.array(namedScript('feature')).default([]).describe('Scripts before the backends, in this order.'),
  filters: z.array(namedScript('filter')).default([]).describe('Scripts after the backends, in this order.'),
  actions: z.array(action).default([]).describe('Scripts for side effects.'),
  hooks: z.array(hook).default([]).describe('Scripts behind paths below /api/v1/custom/.'),
  config: luaConfig.prefault({}).describe('Single scripts and the module path.'),
  cache: cache.prefault({}).describe('The store nauthilus_cache in the memory of each process.'),
  search: z.array(search).default([]).describe('Cache names per protocol.'),
});
