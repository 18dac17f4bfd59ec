/** Servers alone, as the module `http_server` of gopher-lua-libs. */
import { defineModule } from '../host/index.ts';
import { incomingRequests } from './gll-http/incoming.ts';
import { httpAnswers, httpServers, serverFunctions } from './gll-http/server-declarations.ts';

export default defineModule({
  name: 'nauthilus_gll_http',
  requires: ['http_server'],
  classes: 'all',
  doc: 'HTTP servers of scripts; they end with the script.',
  userdata: [httpServers, httpAnswers, incomingRequests],
  globals: () => ({
    http_server_ud: httpServers.metatable(),
    http_server_response_writer_ud: httpAnswers.metatable(),
  }),
  functions: serverFunctions,
});
