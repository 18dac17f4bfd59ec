/** The hook script of the configuration: whatever it does, the caller gets an empty 200. */
import { runCallback } from '../../scripts/classes/hook.ts';
import { emptyAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';

export default definePlainEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/callback', '/api/v1/mail/callback', '/api/v1/generic/callback'],
  handle: async (_request, { scripts }, snapshot) => {
    await runCallback(scripts, snapshot());
    return emptyAnswer(200);
  },
});
