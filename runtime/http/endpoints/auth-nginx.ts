/** nginx's mail authentication protocol: the status code is always 200, the result stands in headers. */

import { type Header, TEXT } from '../answers.ts';
import { ALWAYS_200, loginOperation } from '../describe-login.ts';
import { text } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { isWithoutServers, nginxHeaders } from '../nginx-headers.ts';
import { describeHeaders, readHeaderLogin } from '../read-header-login.ts';
import { commonHeaders, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/nginx', '/api/v1/mail/nginx', '/api/v1/generic/nginx'],
  resolvesClient: true,
  describe: (config) =>
    loginOperation({
      summary: "A login in the protocol of nginx's mail proxy.",
      statuses: ALWAYS_200,
      input: describeHeaders(config),
      ok: { bodies: text(), headers: ['Auth-User', 'X-Nauthilus-Memory-Cache', 'Auth-Server', 'Auth-Port'] },
      fail: { headers: ['Auth-Wait'] },
      tempfail: { bodies: text(), headers: ['Auth-Error-Code'] },
      listsAccounts: true,
    }),
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
