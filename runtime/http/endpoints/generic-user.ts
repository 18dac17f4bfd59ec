/** Header in, JSON out: user lookups of other services. */
import { jsonTextAnswer } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { jsonBody } from '../json-body.ts';
import { readHeaderLogin } from '../read-header-login.ts';
import { commonHeaders, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/generic/user', '/api/v1/mail/user'],
  resolvesClient: true,
  parse: readHeaderLogin,
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    headers.push(['X-User-Found', String(login.userFound)]);
    if (verdict.kind === 'ok') headers.push(['X-Auth-Cache', login.memoryCache]);
    return jsonTextAnswer(statusOf(verdict), jsonBody(verdict, login), headers);
  },
});
