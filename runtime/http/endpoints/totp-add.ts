/**
 * Stores the secret of a user's second factor in the backend that knows the user: an addition, for programs that register
 * second factors. Only for callers with the credentials of the API, which therefore have to be configured.
 */
import { toUtf8String } from '../../login/text.ts';
import { addTotp } from '../../pipeline/add-totp.ts';
import { Secret } from '../../services/index.ts';
import { emptyAnswer, jsonAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { MALFORMED, readJsonObject, textField } from '../read-json.ts';

const STATUS = { stored: 200, 'unknown user': 404, 'not stored': 500 } as const;

export default definePlainEndpoint({
  methods: ['POST'],
  paths: ['/api/v1/totp/add'],
  handle: async ({ body }, generation, { session, snapshot }) => {
    if (!generation.config.server.basic_auth.enabled) {
      return { ...emptyAnswer(403), problem: 'needs server.basic_auth' };
    }
    const fields = readJsonObject(body);
    const username = fields && textField(fields, 'username');
    const protocol = fields && textField(fields, 'protocol');
    const secret = fields && textField(fields, 'totp_secret');
    if (!username || !secret || protocol === undefined) return MALFORMED;
    const registration = {
      session,
      username,
      protocol: protocol || 'default',
      secret: new Secret(secret),
      request: snapshot(),
    };
    const status = await addTotp(registration, generation);
    const user = toUtf8String(username);
    generation.services.log.info({ session, totp: 'add', username: user, status });
    return jsonAnswer(STATUS[status], {
      session,
      object: 'totp',
      operation: 'add',
      result: { username: user, status },
    });
  },
});
