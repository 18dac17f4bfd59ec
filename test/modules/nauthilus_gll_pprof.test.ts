import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../servers/redis.ts';
import { runProgram } from './program.ts';
import { services } from './script.ts';

test('profiles of the process are served until the server ends, one at a time', async () => {
  const opened = await services();
  const port = await freePort();
  const { failure } = await runProgram(
    opened,
    `dynamic_loader("nauthilus_gll_pprof")
    local profiler = require("pprof").register("127.0.0.1:${port}")
    profiler:disable() profiler:enable() profiler:enable()`,
  );
  assert.equal(failure, undefined);
  const get = (path: string) => fetch(`http://127.0.0.1:${port}/debug/pprof/${path}`);
  let isOver = false;
  const profiling = get('profile?seconds=0.6').finally(() => {
    isOver = true;
  });
  await sleep(150);
  const second = await get('heap?seconds=0.1');
  while (!isOver) {
    busy(20);
    await sleep(1);
  }
  const profile = JSON.parse(await (await profiling).text());
  assert.ok(
    profile.nodes.some((node: { callFrame: { functionName: string } }) => node.callFrame.functionName === 'busy'),
  );
  assert.equal(second.status, 500);
  assert.ok(JSON.parse(await (await get('heap?seconds=0.1')).text()).head);
  const tracing = get('trace?seconds=0.2');
  setImmediate(() => setTimeout(() => busy(20), 50));
  const { traceEvents } = JSON.parse(await (await tracing).text());
  assert.ok(traceEvents.some(({ name }: { name: string }) => name === 'RunTimers'));
  assert.match(await (await get('heap?debug=1')).text(), /^total_heap_size \d+$/m);
  assert.match(await (await get('goroutine')).text(), /^active resources: total \d+\n/);
  assert.equal((await get('cmdline')).status, 200);
  assert.match(await (await get('')).text(), /goroutine/);
  assert.equal((await get('nosuch')).status, 404);
  assert.equal((await fetch(`http://127.0.0.1:${port}//`)).status, 404);
  await opened.close();
  await assert.rejects(get(''));
});

function busy(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; ) Math.hypot(end);
}
