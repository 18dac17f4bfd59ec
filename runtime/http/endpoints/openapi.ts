/** What all endpoints take and answer, under the configuration that is in force: an addition. */
import * as z from 'zod';
import { jsonAnswer } from '../answers.ts';
import { json } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/api/v1/openapi.json'],
  describe: () => ({
    summary: 'This document.',
    answers: { 200: [{ description: 'OpenAPI.', bodies: json(z.looseObject({ openapi: z.literal('3.1.0') })) }] },
  }),
  handle: (_request, _generation, { document }) => jsonAnswer(200, document()),
});
