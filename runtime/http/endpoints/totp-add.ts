/**
 * Stores the secret of a user's second factor in the backend that knows the user: an addition, for programs that register
 * second factors. Only for callers with the credentials of the API, which therefore have to be configured.
 */
import * as z from 'zod';
import { fromUtf8 } from '../../login/text.ts';
import { addTotp } from '../../pipeline/add-totp.ts';
import { Secret } from '../../services/index.ts';
import { emptyAnswer, jsonAnswer } from '../answers.ts';
import { type AnswerKind, empty, json, REFUSED } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { readFields, requiredText } from '../read-json.ts';

const STATUS = { stored: 200, 'unknown user': 404, 'not stored': 500 } as const;

const ASKED = z.looseObject({
  username: requiredText(),
  protocol: z.string().nullish().describe('`default` without it.'),
  totp_secret: requiredText(),
});

const ANSWER = z.object({
  session: z.string(),
  object: z.literal('totp'),
  operation: z.literal('add'),
  result: z.object({ username: z.string(), status: z.enum(['stored', 'unknown user', 'not stored']) }),
});

const kind = (description: string): readonly AnswerKind[] => [{ description, bodies: json(ANSWER) }];

export default definePlainEndpoint({
  methods: ['POST'],
  paths: ['/api/v1/totp/add'],
  describe: () => ({
    summary: "Stores the secret of a user's second factor.",
    body: { required: true, bodies: json(ASKED) },
    answers: {
      [STATUS.stored]: kind('The backend has stored it.'),
      400: [REFUSED],
      403: [empty('`server.basic_auth` is not on.')],
      [STATUS['unknown user']]: kind('No backend knows the user.'),
      [STATUS['not stored']]: kind('The backend has not stored it; the log says why.'),
    },
  }),
  handle: async ({ body }, generation, { session, snapshot }) => {
    if (!generation.config.server.basic_auth.enabled) {
      return { ...emptyAnswer(403), problem: 'needs server.basic_auth' };
    }
    const read = readFields(ASKED, body);
    if ('refused' in read) return read.refused;
    const { username, protocol, totp_secret: secret } = read.fields;
    const registration = {
      session,
      username: fromUtf8(username),
      protocol: fromUtf8(protocol || 'default'),
      secret: new Secret(fromUtf8(secret)),
      request: snapshot(),
    };
    const status = await addTotp(registration, generation);
    generation.services.log.info({ session, totp: 'add', username, status });
    const answer: z.output<typeof ANSWER> = {
      session,
      object: 'totp',
      operation: 'add',
      result: { username, status },
    };
    return jsonAnswer(STATUS[status], answer);
  },
});
