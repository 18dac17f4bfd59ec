/** Prometheus metrics of this process. */
import { definePlainEndpoint } from '../endpoint.ts';

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/metrics'],
  handle: async (_request, { services: { metrics } }) => ({
    status: 200,
    headers: [['Content-Type', metrics.contentType]],
    body: await metrics.text(),
  }),
});
