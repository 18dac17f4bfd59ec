/**
 * The path of older Dovecot glue: as `auth/header`, but the status code is always 200, because that glue takes any other
 * for an internal failure and reads the result from `Auth-Status`.
 */

import { type Header, TEXT } from '../answers.ts';
import { ALWAYS_200, loginOperation } from '../describe-login.ts';
import { text } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { describeHeaders, readHeaderLogin } from '../read-header-login.ts';
import { attributeHeaders, commonHeaders, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/mail/dovecot', '/api/v1/generic/dovecot'],
  resolvesClient: true,
  describe: (config) =>
    loginOperation({
      summary: 'A login for older Dovecot glue, in headers, answered in headers.',
      statuses: ALWAYS_200,
      input: describeHeaders(config),
      ok: { bodies: text(), headers: ['Auth-User', 'X-Nauthilus-Memory-Cache', 'X-Auth-Cache'] },
      fail: { bodies: text() },
      tempfail: { bodies: text() },
      listsAccounts: true,
    }),
  parse: readHeaderLogin,
  reply: (verdict, login) => {
    const headers: Header[] = commonHeaders(verdict, login, { user: true });
    if (verdict.kind === 'ok') headers.push(['X-Auth-Cache', login.memoryCache], ...attributeHeaders(login));
    headers.push(['Content-Type', TEXT]);
    return { status: 200, headers, body: textBody(verdict, login) };
  },
});
