/** Is the process alive? Asks nothing else. */
import * as z from 'zod';
import { textAnswer } from '../answers.ts';
import { text } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';

const PONG = textAnswer(200, 'pong');

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/ping'],
  describe: () => ({
    summary: 'Is the process alive?',
    answers: { 200: [{ description: 'It is.', bodies: text(z.literal('pong')) }] },
  }),
  // A line of its own, as in the reference.
  handle: (_request, { services: { log } }, { session }) => {
    log.info({ session, msg: 'Health check' });
    return PONG;
  },
});
