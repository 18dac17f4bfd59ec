/** JSON in and out. */
import { jsonTextAnswer } from '../answers.ts';
import { defineEndpoint } from '../endpoint.ts';
import { jsonBody } from '../json-body.ts';
import { readBodyLogin } from '../read-body-login.ts';
import { commonHeaders, statusOf } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/json'],
  parse: (request) => readBodyLogin(request, { protocolFallback: '', isSaslauthd: false }),
  reply: (verdict, login) =>
    jsonTextAnswer(statusOf(verdict), jsonBody(verdict, login), commonHeaders(verdict, login, { user: true })),
});
