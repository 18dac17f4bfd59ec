/** HTTP, as the module `http` of gopher-lua-libs: client, server and what helps with URLs. */
import { defineModule } from '../host/index.ts';
import { clientFunctions, httpClients, httpRequests } from './gll-http/client-declarations.ts';
import { incomingRequests } from './gll-http/incoming.ts';
import { httpAnswers, httpServers, serverFunctions } from './gll-http/server-declarations.ts';
import { utilities } from './gll-http/util.ts';

export default defineModule({
  name: 'nauthilus_gll_http',
  requires: ['http'],
  classes: 'all',
  doc: 'HTTP requests with cookies, proxies, TLS and uploads; servers, which end with the script; URLs.',
  userdata: [httpClients, httpRequests, httpServers, httpAnswers, incomingRequests],
  globals: () => ({
    http_client_ud: httpClients.metatable(),
    http_request_ud: httpRequests.metatable(),
    http_server_ud: httpServers.metatable(),
    http_server_response_writer_ud: httpAnswers.metatable(),
  }),
  functions: { ...clientFunctions, ...serverFunctions, ...utilities },
});
