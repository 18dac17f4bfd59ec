/** `lua`: which script plays which role (server.md 3.4). */
import * as z from 'zod';
import { ACTION_TYPES } from '../../contract/scripts.ts';
import { oneOf, positiveOr, text } from './values.ts';

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
  callback_script_path: text().default('').describe('Script that answers /api/v1/custom requests.'),
  init_script_path: text().default('').describe('Script that runs once at start.'),
  package_path: text()
    .default('')
    .describe('Where require() also searches modules: patterns with ?, separated by semicolons.'),
});

const search = z.strictObject({
  protocol: z.array(text()).default([]).describe('Protocols the entry is for; default is for all others.'),
  cache_name: text().default('').describe('Name space of cached logins.'),
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
  config: luaConfig.prefault({}).describe('Single scripts and the module path.'),
  cache: cache.prefault({}).describe('The store nauthilus_cache in the memory of each process.'),
  search: z.array(search).default([]).describe('Cache names per protocol.'),
});
