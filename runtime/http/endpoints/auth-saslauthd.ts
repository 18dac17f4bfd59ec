/** cyrus saslauthd's httpform: only the status code and the text matter. */

import { TEXT } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { readBodyLogin } from '../read-body-login.ts';
import { commonHeaders, statusOf, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/saslauthd', '/api/v1/mail/saslauthd', '/api/v1/generic/saslauthd'],
  parse: (request) => readBodyLogin(request, { protocolFallback: '', isSaslauthd: true }),
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    headers.push(['Content-Type', TEXT]);
    return { status: statusOf(verdict), headers, body: textBody(verdict, login) };
  },
});
