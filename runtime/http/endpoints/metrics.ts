/** Prometheus metrics of this process. */
import { text } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/metrics'],
  describe: () => ({
    summary: 'Metrics of the instance.',
    answers: { 200: [{ description: 'In the text format of Prometheus.', bodies: text() }] },
  }),
  handle: async (_request, { services: { metrics } }) => ({
    status: 200,
    headers: [['Content-Type', metrics.contentType]],
    body: await metrics.text(),
  }),
});
