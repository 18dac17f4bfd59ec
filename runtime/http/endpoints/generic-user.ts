/** Header in, JSON out: user lookups of other services. */
import { jsonTextAnswer } from '../answers.ts';
import { BY_STATUS, loginOperation } from '../describe-login.ts';
import { json } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { JSON_BODIES, jsonBody } from '../json-body.ts';
import { describeHeaders, readHeaderLogin } from '../read-header-login.ts';
import { commonHeaders, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/generic/user', '/api/v1/mail/user'],
  resolvesClient: true,
  describe: (config) =>
    loginOperation({
      summary: 'A login or a lookup in headers, answered in JSON.',
      statuses: BY_STATUS,
      input: describeHeaders(config),
      ok: {
        bodies: json(JSON_BODIES.ok),
        headers: ['Auth-User', 'X-Nauthilus-Memory-Cache', 'X-User-Found', 'X-Auth-Cache'],
      },
      fail: { bodies: json(JSON_BODIES.fail), headers: ['X-User-Found'] },
      tempfail: { bodies: json(JSON_BODIES.tempfail), headers: ['X-User-Found'] },
      listsAccounts: true,
    }),
  parse: readHeaderLogin,
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    headers.push(['X-User-Found', String(login.userFound)]);
    if (verdict.kind === 'ok') headers.push(['X-Auth-Cache', login.memoryCache]);
    return jsonTextAnswer(statusOf(verdict), jsonBody(verdict, login), headers);
  },
});
