/** The end user's own HTTP basic credentials, for web servers that forward them (`auth_request` of nginx). */
import { Secret } from '../../config/index.ts';
import { TEXT, UNAUTHORIZED } from '../answers.ts';
import { readBasicCredentials } from '../basic-credentials.ts';
import { defineEndpoint } from '../endpoint.ts';
import { headerLoginInput } from '../read-header-login.ts';
import { commonHeaders, statusOf, textBody } from '../reply-login.ts';

export default defineEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/basic', '/api/v1/http/basicauth'],
  resolvesClient: true,
  exemptFromBasicAuth: true,
  parse: (request, generation) => {
    const credentials = readBasicCredentials(request.headers.authorization);
    if (!credentials) return UNAUTHORIZED;
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
