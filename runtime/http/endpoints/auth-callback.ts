/** The callback script of the configuration: whatever it returns, the caller gets an empty 200, unless it says otherwise. */
import { runCallback } from '../../scripts/classes/hook.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { hookAnswer } from '../script-response.ts';

export default definePlainEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/callback', '/api/v1/mail/callback', '/api/v1/generic/callback'],
  handle: async (_request, { scripts }, { snapshot }) => hookAnswer(null, await runCallback(scripts, snapshot())),
});
