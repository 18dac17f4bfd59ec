/** Is the process alive? Asks nothing else. */
import { textAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';

const PONG = textAnswer(200, 'pong');

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/ping'],
  handle: () => PONG,
});
