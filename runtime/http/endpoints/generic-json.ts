/** The older path of `auth/json`; the protocol may also come from the header, and success says that the user exists. */
import { jsonTextAnswer } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { headerFieldsOf } from '../header-fields.ts';
import { jsonBody } from '../json-body.ts';
import { readBodyLogin } from '../read-body-login.ts';
import { commonHeaders, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/generic/json', '/api/v1/mail/json'],
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
