/** The callback script of the configuration: whatever it returns, the caller gets an empty 200, unless it says otherwise. */
import { runCallback } from '../../scripts/classes/hook.ts';
import { WRITTEN_BY_SCRIPT } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';
import { hookAnswer } from '../script-response.ts';

export default definePlainEndpoint({
  methods: ['GET', 'POST'],
  paths: ['/api/v1/auth/callback', '/api/v1/mail/callback', '/api/v1/generic/callback'],
  describe: () => ({
    summary: 'Runs the callback script of the configuration.',
    answers: { 200: [WRITTEN_BY_SCRIPT], default: [WRITTEN_BY_SCRIPT] },
  }),
  handle: async (_request, { scripts }, { snapshot }) => hookAnswer(null, await runCallback(scripts, snapshot())),
});
