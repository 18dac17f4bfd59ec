import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLOSE_LIMIT_MS, serveUntilSignal } from '../../compiler/cli/serve.ts';
import type { Server } from '../../runtime/index.ts';

/** A server that something keeps from ending. */
const busy: Pick<Server, 'listen' | 'close' | 'url'> = {
  url: 'http://127.0.0.1:1',
  listen: async () => undefined,
  close: () => new Promise(() => undefined),
};

test('what has not finished in half a minute after a signal is cut off, which is said', async (context) => {
  const said: string[] = [];
  context.mock.timers.enable({ apis: ['setTimeout'] });
  context.mock.method(process, 'exit', (code: number) => {
    throw new Error(`exit ${code}`);
  });
  const commandContext = {
    out: () => undefined,
    err: (text: string) => void said.push(text),
    env: {},
    program: undefined,
  };
  void serveUntilSignal(busy, () => undefined, commandContext);
  await new Promise((resolve) => setImmediate(resolve));
  process.emit('SIGTERM');
  await new Promise((resolve) => setImmediate(resolve));
  context.mock.timers.tick(CLOSE_LIMIT_MS - 1);
  assert.deepEqual(said, []);
  assert.throws(() => context.mock.timers.tick(1), { message: 'exit 1' });
  assert.deepEqual(said, [
    'nauthilus: not finished after 30 s: requests and post actions that still run are cut off\n',
  ]);
});
