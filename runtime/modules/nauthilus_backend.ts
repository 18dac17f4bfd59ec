/** What filters may do to the result of a login: attributes, and the mail server that nginx is sent to. */
import { backendResultOf } from '../host/backend-result.ts';
import {
  any,
  bool,
  defineModule,
  fromUtf8,
  int,
  io,
  noResults,
  raise,
  result,
  str,
  sync,
  table,
  tableFromArray,
  textsOf,
  toUtf8String,
} from '../host/index.ts';
import { checkConnection } from '../services/connection-check.ts';

export default defineModule({
  name: 'nauthilus_backend',
  classes: ['filter'],
  doc: 'Changes that filters make to the result of a login.',
  functions: {
    get_backend_servers: sync(
      {
        doc: 'Mail servers that are alive; empty while no servers are monitored.',
        returns: [result('servers', 'table')],
      },
      () => tableFromArray([]),
    ),
    select_backend_server: sync(
      { doc: 'Name the mail server that nginx is sent to; the last call wins.', args: [str('server'), int('port')] },
      ({ state }, host, port) => {
        state.selectedServer = { host, port };
        return noResults();
      },
    ),
    apply_backend_result: sync(
      {
        doc: 'Add the attributes of a backend result to the login; the last one of a script counts.',
        args: [any('backend_result')],
      },
      ({ state }, value) => {
        const given = backendResultOf(value);
        if (given === undefined) raise("bad argument #1 to 'apply_backend_result' (expected lua backend_result)");
        state.addedAttributes.clear();
        for (const [name, attribute] of given.attributes) {
          if (typeof name === 'string') state.addedAttributes.set(name, attribute);
        }
        return noResults();
      },
    ),
    remove_from_backend_result: sync(
      { doc: 'Remove attributes from the login, before any are added.', args: [table('names')] },
      ({ state }, names) => {
        for (const name of textsOf(names)) state.removedAttributes.add(name);
        return noResults();
      },
    ),
    check_backend_connection: io(
      {
        doc: 'Try to connect to a mail server; nil when it answers.',
        args: [str('server'), int('port'), bool('haproxy_v2'), bool('tls')],
        returns: [result('err', 'string?')],
      },
      async (_call, server, port, haproxyV2, tls) => {
        const problem = await checkConnection({ host: toUtf8String(server), port, haproxyV2, tls });
        return problem === undefined ? undefined : fromUtf8(problem);
      },
    ),
  },
});
