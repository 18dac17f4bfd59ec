/** What filters may do to the result of a login: attributes, and the mail server that nginx is sent to. */
import { backendResultOf } from '../host/backend-result.ts';
import {
  any,
  bool,
  defineModule,
  field,
  fromUtf8,
  int,
  io,
  type LuaValue,
  lax,
  noResults,
  raise,
  rest,
  result,
  type Slot,
  str,
  sync,
  table,
  tableFromArray,
  textsOf,
  toUtf8String,
  UserdataKind,
} from '../host/index.ts';
import { type BackendTarget, checkBackendServer } from '../services/connections/backend-check.ts';
import type { BackendServer } from '../services/index.ts';

const server = str('server');
const port = int('port');
const haproxyV2 = bool('haproxy_v2');
const tls = bool('tls');

const servers = new UserdataKind<BackendServer>('backend_server').withProperties({
  fields: [
    field('protocol', 'string', 'What it speaks, as configured.'),
    field('ip', 'string', 'Its address or name.'),
    field('port', 'integer', 'Its port.'),
    field('haproxy_v2', 'boolean', 'It expects a PROXY protocol header.'),
    field('tls', 'boolean', 'It speaks TLS from the first byte on.'),
  ],
  get: (one, name) => {
    switch (name) {
      case 'protocol':
      case 'ip':
        return fromUtf8(one[name]);
      case 'port':
      case 'haproxy_v2':
      case 'tls':
        return one[name];
      default:
        return undefined;
    }
  },
});

export default defineModule({
  name: 'nauthilus_backend',
  classes: ['filter'],
  userdata: [servers],
  doc: 'Changes that filters make to the result of a login.',
  functions: {
    get_backend_servers: sync(
      {
        doc: 'Mail servers that are alive; empty while no servers are monitored.',
        returns: [result('servers', 'table')],
      },
      ({ services }) => tableFromArray(services.backendServers.alive().map((each) => servers.make(each))),
    ),
    select_backend_server: sync(
      { doc: 'Name the mail server that nginx is sent to; the last call wins.', args: [server, port] },
      ({ state }, host, number) => {
        state.selectedServer = { host, port: number };
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
        state.dropAddedAttributes();
        for (const [name, attribute] of given.attributes) {
          if (typeof name === 'string') state.addAttribute(name, attribute);
        }
        return noResults();
      },
    ),
    remove_from_backend_result: sync(
      { doc: 'Remove attributes from the login, before any are added.', args: [table('names')] },
      ({ state }, names) => {
        for (const name of textsOf(names)) state.removeAttribute(name);
        return noResults();
      },
    ),
    check_backend_connection: io(
      {
        doc: 'Try to connect to a mail server, with a PROXY protocol header and with TLS; nil when it answers.',
        args: [rest(lax('argument'))],
        shown: [server, port, haproxyV2, tls],
        returns: [result('err', 'string?')],
      },
      async (_call, given) => {
        const problem = await checkBackendServer(targetOf(given));
        return problem === undefined ? undefined : fromUtf8(problem);
      },
    ),
  },
});

/** The number of arguments is looked at before their types. */
function targetOf(given: readonly LuaValue[]): BackendTarget {
  const count = given.length;
  if (count !== 4) raise(`Invalid number of arguments. Expected 4, got ${count}`);
  const slot = (index: number): Slot => ({ index, functionName: 'check_backend_connection' });
  return {
    host: toUtf8String(server.take(given[0], slot(1), count)),
    port: port.take(given[1], slot(2), count),
    haproxyV2: haproxyV2.take(given[2], slot(3), count),
    tls: tls.take(given[3], slot(4), count),
  };
}
