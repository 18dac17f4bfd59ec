/** The older path of `auth/json`; the protocol may also come from the header, and success says that the user exists. */
import { jsonTextAnswer } from '../answers.ts';
import { BY_STATUS, loginOperation } from '../describe-login.ts';
import { json } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { headerFieldsOf, headerParameters } from '../header-fields.ts';
import { JSON_BODIES, jsonBody } from '../json-body.ts';
import { describeBody, readBodyLogin } from '../read-body-login.ts';
import { commonHeaders, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/generic/json', '/api/v1/mail/json'],
  describe: (config, method) => {
    const { parameters = [], ...body } = describeBody(method, 'application/json');
    return loginOperation({
      summary: 'A login in JSON for older clients.',
      statuses: BY_STATUS,
      input: { ...body, parameters: [...headerParameters(config, ['protocol']), ...parameters] },
      ok: {
        bodies: json(JSON_BODIES.ok),
        headers: ['Auth-User', 'X-Nauthilus-Memory-Cache', 'X-User-Found', 'X-Auth-Cache'],
      },
      fail: { bodies: json(JSON_BODIES.fail) },
      tempfail: { bodies: json(JSON_BODIES.tempfail) },
      listsAccounts: true,
    });
  },
  parse: (request, generation) =>
    readBodyLogin(request, {
      protocolFallback: headerFieldsOf(generation.config).read(request.headers, 'protocol'),
      isSaslauthd: false,
    }),
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: true });
    if (verdict.kind === 'ok') {
      headers.push(['X-User-Found', String(login.userFound)], ['X-Auth-Cache', login.memoryCache]);
    }
    return jsonTextAnswer(statusOf(verdict), jsonBody(verdict, login), headers);
  },
});
