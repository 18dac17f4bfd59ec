/** Connections of this machine: how many lead to or come from a target. */
import {
  defineModule,
  error,
  type LuaValue,
  lax,
  noResults,
  result,
  results2,
  sync,
  textOf,
  toUtf8String,
} from '../host/index.ts';

const target = Object.freeze({ ...lax('target'), type: 'string', optional: false });

/** Strings and numbers as text, everything else as nothing. */
const asText = (value: LuaValue): string =>
  typeof value === 'string' || typeof value === 'number' ? toUtf8String(textOf(value)) : '';

export default defineModule({
  name: 'nauthilus_psnet',
  classes: 'all',
  doc: 'Count established TCP connections, as a function and as the metric generic_connections.',
  functions: {
    register_connection_target: sync(
      {
        doc: 'Count connections of host:port from now on, as `local` or else as `remote` end. Mistakes are logged.',
        args: [target, lax('direction'), lax('description')],
      },
      ({ services }, wanted, direction, description) => {
        const end = asText(direction) === 'local' ? 'local' : 'remote';
        services.connections.register(asText(wanted), end, asText(description));
        return noResults();
      },
    ),
    get_connection_target: sync(
      {
        doc: 'Established connections of a registered target at the last count, 0 before the first.',
        args: [target],
        returns: [result('count', 'integer?'), error],
      },
      ({ services }, wanted) =>
        services.connections.count(asText(wanted)) ?? results2(undefined, 'Target not registered'),
    ),
  },
});
