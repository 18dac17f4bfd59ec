/** JSON in and out. */
import { jsonTextAnswer } from '../answers.ts';
import { BY_STATUS, loginOperation } from '../describe-login.ts';
import { json } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { JSON_BODIES, jsonBody } from '../json-body.ts';
import { describeBody, readBodyLogin } from '../read-body-login.ts';
import { commonHeaders, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/json'],
  describe: (_config, method) =>
    loginOperation({
      summary: 'A login in JSON, answered in JSON.',
      statuses: BY_STATUS,
      input: describeBody(method, 'application/json'),
      ok: { bodies: json(JSON_BODIES.ok), headers: ['Auth-User', 'X-Nauthilus-Memory-Cache'] },
      fail: { bodies: json(JSON_BODIES.fail) },
      tempfail: { bodies: json(JSON_BODIES.tempfail) },
      listsAccounts: true,
    }),
  parse: (request) => readBodyLogin(request, { protocolFallback: '', isSaslauthd: false }),
  reply: (verdict, login) =>
    jsonTextAnswer(statusOf(verdict), jsonBody(verdict, login), commonHeaders(verdict, login, { user: true })),
});
