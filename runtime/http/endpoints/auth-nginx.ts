/** nginx's mail authentication protocol: the status code is always 200, the result stands in headers. */

import { type Header, TEXT } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { isWithoutServers, nginxHeaders } from '../nginx-headers.ts';
import { readHeaderLogin } from '../read-header-login.ts';
import { commonHeaders, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/nginx', '/api/v1/mail/nginx', '/api/v1/generic/nginx'],
  resolvesClient: true,
  parse: readHeaderLogin,
  reply: (verdict, login, generation) => {
    const headers = [...commonHeaders(verdict, login, { user: true }), ...nginxHeaders(verdict, login, generation)];
    if (isWithoutServers(verdict, generation)) return { status: 200, headers: headers.map(asFailure), body: '' };
    if (verdict.kind === 'fail') return { status: 200, headers, body: '' };
    headers.push(['Content-Type', TEXT]);
    return { status: 200, headers, body: textBody(verdict, login) };
  },
});

function asFailure([name, value]: Header): Header {
  return [name, name === 'Auth-Status' ? 'Internal failure' : value];
}
