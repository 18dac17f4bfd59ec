/** The load generator's process, as its parent sees it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Load, loadSchema, type Order } from './load.ts';

export interface Generator {
  run(order: Order): Promise<Load>;
  close(): void;
}

export function startGenerator(): Generator {
  const child = fork(fileURLToPath(new URL('load.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] });
  const failed = once(child, 'exit').then(() => {
    throw new Error('the load generator has ended');
  });
  failed.catch(() => undefined);
  return {
    run: async (order) => {
      const answered = once(child, 'message');
      child.send(order);
      const [load] = await Promise.race([answered, failed]);
      return loadSchema.parse(load);
    },
    close: () => void child.kill(),
  };
}
