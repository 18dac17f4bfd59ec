/** Values that outlive a login, in the memory of the process: an addition, in the manner of later versions. */
import {
  any,
  attempt,
  callback,
  callValue,
  chargeMemory,
  currentCall,
  defineModule,
  drive,
  error,
  type Finished,
  finish,
  first,
  fromHost,
  fromUtf8,
  func,
  type HostCall,
  type LuaFunction,
  type LuaResult,
  noResults,
  num,
  optional,
  result,
  results2,
  type Steps,
  str,
  sync,
  tableFromArray,
  toHost,
} from '../host/index.ts';
import { ScriptCacheError } from '../services/index.ts';

const key = str('key');
const value = [result('value', 'any')];

/** Rough size of a key in the list of all, for the memory budget. */
const BYTES_PER_KEY = 32;

/** What the act gives, or nil and why the cache does not take the value. */
function orText<T extends LuaResult>(act: () => T): T | ReturnType<typeof results2> {
  return attempt([ScriptCacheError], ({ message }) => results2(undefined, fromUtf8(message)), act);
}

function* update(name: string, change: LuaFunction, ttl: number | undefined): Steps<Finished> {
  const { cache } = currentCall().services;
  const made = first(yield* finish(callValue(change, [fromHost(cache.get(name))])));
  const copy = toHost(made);
  return orText(() => {
    if (ttl === undefined) cache.replace(name, copy);
    else cache.set(name, copy, ttl);
    return made;
  });
}

function allKeys({ services }: HostCall): LuaResult {
  const keys = services.cache.keys();
  chargeMemory(keys.reduce((sum, each) => sum + each.length + BYTES_PER_KEY, 0));
  return tableFromArray([...keys]);
}

export default defineModule({
  name: 'nauthilus_cache',
  classes: 'all',
  doc: 'A store in the memory of this process for all scripts; values are copied in and out.',
  functions: {
    cache_set: sync(
      {
        doc: 'Keep a copy of a value, for a number of seconds if given; functions become texts, nil deletes.',
        args: [key, any('value'), optional(num('seconds'))],
        returns: [result('ok', 'string?'), error],
      },
      ({ services }, name, given, seconds = 0) =>
        orText(() => {
          services.cache.set(name, toHost(given), seconds);
          return 'OK';
        }),
    ),
    cache_get: sync({ doc: 'A copy of the value, or nil.', args: [key], returns: value }, ({ services }, name) =>
      fromHost(services.cache.get(name)),
    ),
    cache_exists: sync(
      { doc: 'Is there a value?', args: [key], returns: [result('yes', 'boolean')] },
      ({ services }, name) => services.cache.get(name) !== null,
    ),
    cache_delete: sync(
      { doc: 'Forget a value; was there one?', args: [key], returns: [result('removed', 'boolean')] },
      ({ services }, name) => services.cache.delete(name),
    ),
    cache_update: callback(
      {
        doc: 'Replace a value by what a function makes of it; without seconds it ends when it would have ended before.',
        args: [key, func('change'), optional(num('seconds'))],
        returns: [result('value', 'any'), error],
      },
      (name, change, seconds) => drive(update(name, change, seconds)),
    ),
    cache_push: sync(
      {
        doc: 'Append a copy of a value to a list; its new length.',
        args: [key, any('value')],
        returns: [result('length', 'integer?'), error],
      },
      ({ services }, name, given) => orText(() => services.cache.push(name, toHost(given))),
    ),
    cache_pop_all: sync(
      { doc: 'All values of a list, which is empty from then on.', args: [key], returns: [result('values', 'table')] },
      ({ services }, name) => tableFromArray(services.cache.popAll(name).map(fromHost)),
    ),
    cache_keys: sync({ doc: 'All keys.', returns: [result('keys', 'string[]')] }, allKeys),
    cache_size: sync(
      { doc: 'How many values there are.', returns: [result('count', 'integer')] },
      ({ services }) => services.cache.keys().length,
    ),
    cache_flush: sync({ doc: 'Forget everything.' }, ({ services }) => {
      services.cache.clear();
      return noResults();
    }),
  },
});
