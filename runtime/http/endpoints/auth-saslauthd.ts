/** cyrus saslauthd's httpform: only the status code and the text matter. */

import { TEXT } from '../answers.ts';
import { BY_STATUS, loginOperation } from '../describe-login.ts';
import { text } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { describeBody, readBodyLogin } from '../read-body-login.ts';
import { commonHeaders, statusOf, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/saslauthd', '/api/v1/mail/saslauthd', '/api/v1/generic/saslauthd'],
  describe: (_config, method) =>
    loginOperation({
      summary: method === 'POST' ? "A login of saslauthd's httpform." : 'Refused: a login comes in a body.',
      statuses: BY_STATUS,
      input: describeBody(method, 'application/x-www-form-urlencoded'),
      ok: { bodies: text(), headers: ['Auth-User', 'X-Nauthilus-Memory-Cache'] },
      fail: { bodies: text() },
      tempfail: { bodies: text() },
      listsAccounts: false,
    }),
  parse: (request) => readBodyLogin(request, { protocolFallback: '', isSaslauthd: true }),
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    headers.push(['Content-Type', TEXT]);
    return { status: statusOf(verdict), headers, body: textBody(verdict, login) };
  },
});
