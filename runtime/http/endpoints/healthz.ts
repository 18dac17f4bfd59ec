/** Does the process answer at all? For supervisors that restart it when it does not. */
import { textAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';

const ALIVE = textAnswer(200, 'ok');

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/healthz'],
  handle: () => ALIVE,
});
