/** Header in, header out: the plain endpoint for scripts and for Dovecot with a current configuration. */

import { type Header, TEXT } from '../answers.ts';
import { BY_STATUS, loginOperation } from '../describe-login.ts';
import { text } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { describeHeaders, readHeaderLogin } from '../read-header-login.ts';
import { attributeHeaders, commonHeaders, statusOf, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/header'],
  resolvesClient: true,
  describe: (config) =>
    loginOperation({
      summary: 'A login in headers, answered in headers.',
      statuses: BY_STATUS,
      input: describeHeaders(config),
      ok: { bodies: text(), headers: ['Auth-User', 'X-Nauthilus-Memory-Cache'] },
      fail: { bodies: text() },
      tempfail: { bodies: text() },
      listsAccounts: true,
    }),
  parse: readHeaderLogin,
  reply: (verdict, login) => {
    const headers: Header[] = commonHeaders(verdict, login, { user: true });
    if (verdict.kind === 'ok') headers.push(...attributeHeaders(login));
    headers.push(['Content-Type', TEXT]);
    return { status: statusOf(verdict), headers, body: textBody(verdict, login) };
  },
});
