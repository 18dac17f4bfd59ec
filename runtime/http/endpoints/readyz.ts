/** Shall logins be sent here? 503 while a service is away without which they would all be temporary failures. */
import { askReadiness } from '../../pipeline/readiness.ts';
import { jsonAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/readyz'],
  handle: async (_request, generation) => {
    const { isReady, services } = await askReadiness(generation);
    const shown = [...services].map(([name, answered]) => [name, answered ? 'ok' : 'away']);
    const body = { status: isReady ? 'ready' : 'not ready', services: Object.fromEntries(shown) };
    return jsonAnswer(isReady ? 200 : 503, body);
  },
});
