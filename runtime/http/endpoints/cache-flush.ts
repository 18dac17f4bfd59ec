/** Forgets a user, or everybody (`*`), on all instances. */
import { toUtf8String } from '../../login/text.ts';
import { flushEverybody, flushUser } from '../../pipeline/flush.ts';
import { jsonAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { invalidFields, MALFORMED, readJsonObject, textField } from '../read-json.ts';

export default definePlainEndpoint({
  methods: ['DELETE'],
  paths: ['/api/v1/cache/flush'],
  handle: async ({ body }, generation, { session }) => {
    const { log } = generation.services;
    const answer = { session, object: 'cache', operation: 'flush' };
    const fields = readJsonObject(body);
    const user = fields === undefined ? undefined : textField(fields, 'user');
    if (user === undefined) return MALFORMED;
    if (user === '') return invalidFields([{ field: 'User', message: 'This field is required' }]);
    if (!generation.config.server.backends.includes('cache')) {
      log.warn({ session, msg: 'Cache backend not enabled' });
      return jsonAnswer(500, { ...answer, result: 'Cache backend not enabled' });
    }
    const removed = user === '*' ? await flushEverybody(generation) : await flushUser(user, generation);
    const status = removed === undefined ? 'not flushed' : 'flushed';
    log.info({ session, cache: 'flush', user: toUtf8String(user), keys: removed?.length ?? 0, msg: status });
    const keys = removed?.map(toUtf8String) ?? null;
    return jsonAnswer(200, { ...answer, result: { user: toUtf8String(user), removed_keys: keys, status } });
  },
});
