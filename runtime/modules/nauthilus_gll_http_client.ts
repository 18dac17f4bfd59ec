/** Requests alone, as the module `http_client` of gopher-lua-libs. */
import { defineModule } from '../host/index.ts';
import { clientFunctions, httpClients, httpRequests } from './gll-http/client-declarations.ts';

export default defineModule({
  name: 'nauthilus_gll_http',
  requires: ['http_client'],
  classes: 'all',
  doc: 'HTTP requests with cookies, proxies, TLS and uploads.',
  userdata: [httpClients, httpRequests],
  globals: () => ({ http_client_ud: httpClients.metatable(), http_request_ud: httpRequests.metatable() }),
  functions: clientFunctions,
});
