/** Header in, header out: the plain endpoint for scripts and for Dovecot with a current configuration. */

import { TEXT } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { readHeaderLogin } from '../read-header-login.ts';
import { attributeHeaders, commonHeaders, statusOf, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/header'],
  resolvesClient: true,
  parse: readHeaderLogin,
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    if (verdict.kind === 'ok') headers.push(...attributeHeaders(login));
    headers.push(['Content-Type', TEXT]);
    return { status: statusOf(verdict), headers, body: textBody(verdict, login) };
  },
});
