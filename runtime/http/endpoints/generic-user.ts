/** Header in, JSON out: user lookups of other services. */
import { jsonAnswer } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { readHeaderLogin } from '../read-header-login.ts';
import { commonHeaders, jsonBody, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/generic/user', '/api/v1/mail/user'],
  parse: readHeaderLogin,
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    headers.push(['X-User-Found', String(login.userFound)]);
    if (verdict.kind === 'ok') headers.push(['X-Auth-Cache', login.memoryCache]);
    return jsonAnswer(statusOf(verdict), jsonBody(verdict, login), headers);
  },
});
