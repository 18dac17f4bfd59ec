/** Program of a worker thread: takes one comparison after the other. Bundled on its own, see `worker-source.ts`. */
import { parentPort } from 'node:worker_threads';
import type { Reply, Request } from './messages.ts';
import { verifyHeavy } from './schemes/heavy.ts';

parentPort?.on('message', async ({ stored, plain }: Request) => {
  const reply: Reply = { outcome: await verifyHeavy(stored, plain) };
  parentPort?.postMessage(reply);
});
