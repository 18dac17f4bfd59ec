/** Does the process answer at all? For supervisors that restart it when it does not. */
import * as z from 'zod';
import { textAnswer } from '../answers.ts';
import { text } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';

const ALIVE = textAnswer(200, 'ok');

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/healthz'],
  describe: () => ({
    summary: 'Does the process answer at all?',
    answers: { 200: [{ description: 'It does.', bodies: text(z.literal('ok')) }] },
  }),
  handle: () => ALIVE,
});
