/** Values that the scripts of one login leave for each other. */
import { any, defineModule, fromHost, noResults, result, str, sync, toHost } from '../host/index.ts';

export default defineModule({
  name: 'nauthilus_context',
  classes: 'all',
  doc: 'A store of the login, shared by its features, backend, filters and actions; values are copied in and out.',
  functions: {
    context_set: sync(
      { doc: 'Store a copy of a value under a key; functions become texts.', args: [str('key'), any('value')] },
      ({ state }, key, value) => {
        state.context?.set(key, toHost(value));
        return noResults();
      },
    ),
    context_get: sync(
      { doc: 'A copy of the value under a key, or nil.', args: [str('key')], returns: [result('value', 'any')] },
      ({ state }, key) => fromHost(state.context?.get(key) ?? null),
    ),
    context_delete: sync({ doc: 'Forget the value under a key.', args: [str('key')] }, ({ state }, key) => {
      state.context?.delete(key);
      return noResults();
    }),
  },
});
