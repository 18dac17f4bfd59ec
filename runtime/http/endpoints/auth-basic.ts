/** The end user's own HTTP basic credentials, for web servers that forward them (`auth_request` of nginx). */
import { Secret } from '../../config/index.ts';
import { emptyAnswer, TEXT, UNAUTHORIZED } from '../answers.ts';
import { isApiClient, readBasicCredentials } from '../basic-credentials.ts';
import { BY_STATUS, loginOperation } from '../describe-login.ts';
import { text } from '../description.ts';
import { defineEndpoint } from '../endpoint.ts';
import { describeHeaders, headerLoginInput } from '../read-header-login.ts';
import { readQuery } from '../read-query.ts';
import { commonHeaders, statusOf, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/basic', '/api/v1/http/basicauth'],
  resolvesClient: true,
  exemptFromBasicAuth: true,
  describe: (config) =>
    loginOperation({
      summary: 'A login with HTTP basic credentials of the user.',
      statuses: BY_STATUS,
      input: {
        ...describeHeaders(config, ['username', 'password', 'password_encoded', 'protocol', 'auth_method']),
        credentials: 'end user',
      },
      ok: { bodies: text(), headers: ['X-Nauthilus-Memory-Cache'] },
      fail: { bodies: text() },
      tempfail: { bodies: text() },
      listsAccounts: true,
    }),
  parse: (request, generation) => {
    const credentials = readBasicCredentials(request.headers.authorization);
    if (!credentials) return UNAUTHORIZED;
    // Without the protection of the API nothing else asks who wants to know of users without knowing their passwords.
    const { config } = generation;
    const isProtected = config.server.basic_auth.enabled && readQuery(request.query).mode !== 'auth';
    if (isProtected && !isApiClient(credentials, config)) return { ...emptyAnswer(403), problem: 'forbidden' };
    const { username, password } = credentials;
    return headerLoginInput(request, generation, {
      username,
      password: new Secret(password),
      protocol: 'http',
      authMethod: '',
    });
  },
  reply: (verdict, login) => {
    const headers = commonHeaders(verdict, login, { user: false });
    headers.push(['Content-Type', TEXT]);
    return { status: statusOf(verdict), headers, body: textBody(verdict, login) };
  },
});
