/** Forgets a user, or everybody (`*`), on all instances. */
import * as z from 'zod';
import { fromUtf8, toUtf8String } from '../../login/text.ts';
import { flushEverybody, flushUser } from '../../pipeline/flush.ts';
import { jsonAnswer } from '../answers.ts';
import { json, REFUSED } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { readFields, requiredText } from '../read-json.ts';

const ASKED = z.looseObject({
  user: requiredText().meta({ description: 'Name of a login; `*`: everybody.', examples: ['mia'] }),
});

const answerShape = <Result extends z.ZodType>(result: Result) =>
  z.object({ session: z.string(), object: z.literal('cache'), operation: z.literal('flush'), result });

const FLUSHED = answerShape(
  z.object({
    user: z.string(),
    removed_keys: z.array(z.string()).nullable().describe('Keys in Redis.'),
    status: z.enum(['flushed', 'not flushed']).describe('`not flushed`: nobody of that name has logged in.'),
  }),
);
const NOT_ENABLED = answerShape(z.literal('Cache backend not enabled'));

export default definePlainEndpoint({
  methods: ['DELETE'],
  paths: ['/api/v1/cache/flush'],
  describe: () => ({
    summary: 'Forgets a user, on all instances.',
    body: { required: true, bodies: json(ASKED) },
    answers: {
      200: [{ description: 'Nothing is remembered of the user.', bodies: json(FLUSHED) }],
      400: [REFUSED],
      500: [{ description: 'There is no cache.', bodies: json(NOT_ENABLED) }],
    },
  }),
  handle: async ({ body }, generation, { session }) => {
    const { log } = generation.services;
    const read = readFields(ASKED, body);
    if ('refused' in read) return read.refused;
    const { user } = read.fields;
    const answer = { session, object: 'cache', operation: 'flush' } as const;
    if (!generation.config.server.backends.includes('cache')) {
      log.warn({ session, msg: 'Cache backend not enabled' });
      const refused: z.output<typeof NOT_ENABLED> = { ...answer, result: 'Cache backend not enabled' };
      return jsonAnswer(500, refused);
    }
    const removed = user === '*' ? await flushEverybody(generation) : await flushUser(fromUtf8(user), generation);
    const status = removed === undefined ? 'not flushed' : 'flushed';
    log.info({ session, cache: 'flush', user, keys: removed?.length ?? 0, msg: status });
    const keys = removed?.map(toUtf8String) ?? null;
    const flushed: z.output<typeof FLUSHED> = {
      ...answer,
      result: { user, removed_keys: keys, status },
    };
    return jsonAnswer(200, flushed);
  },
});
