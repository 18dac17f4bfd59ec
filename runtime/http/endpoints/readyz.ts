/** Shall logins be sent here? 503 while a service is away without which they would all be temporary failures. */
import * as z from 'zod';
import { askReadiness } from '../../pipeline/readiness.ts';
import { jsonAnswer } from '../answers.ts';
import { json } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';

const ANSWER = z.object({
  status: z.enum(['ready', 'not ready']),
  services: z.record(z.string(), z.enum(['ok', 'away'])).describe('What logins need.'),
});

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/readyz'],
  describe: () => ({
    summary: 'Shall logins be sent here?',
    answers: {
      200: [{ description: 'They shall.', bodies: json(ANSWER) }],
      503: [{ description: 'A service is away without which they would be temporary failures.', bodies: json(ANSWER) }],
    },
  }),
  handle: async (_request, generation) => {
    const { isReady, services } = await askReadiness(generation);
    const shown = [...services].map(([name, answered]) => [name, answered ? ('ok' as const) : ('away' as const)]);
    const body: z.output<typeof ANSWER> = {
      status: isReady ? 'ready' : 'not ready',
      services: Object.fromEntries(shown),
    };
    return jsonAnswer(isReady ? 200 : 503, body);
  },
});
