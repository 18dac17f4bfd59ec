import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PostActionLane } from '../../runtime/pipeline/post-action-lane.ts';
import { openServices } from '../../runtime/services/index.ts';
import { configOf, configText } from '../login-server.ts';

const written: string[] = [];
const services = await openServices(
  configOf(configText('backends: [lua]', 'lua: { config: { backend_script_path: b.lua } }')),
  {
    sink: { write: (line) => void written.push(line), close: async () => {} },
  },
);
after(() => services.close());

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('no more run at the same time than there are workers', async () => {
  const lane = new PostActionLane(services, 3);
  let running = 0;
  let most = 0;
  for (let i = 0; i < 20; i++) {
    lane.add(async () => {
      most = Math.max(most, ++running);
      await pause(1);
      running -= 1;
    });
  }
  await lane.drained();
  assert.equal(most, 3);
});

test('nothing runs before the current turn is over', async () => {
  const lane = new PostActionLane(services, 1);
  let ran = false;
  lane.add(() => {
    ran = true;
    return undefined;
  });
  await Promise.resolve();
  assert.equal(ran, false);
  await lane.drained();
  assert.equal(ran, true);
});

test('a full queue drops what comes next, counts it and says so once', async () => {
  const lane = new PostActionLane(services, 1);
  let ran = 0;
  for (let i = 0; i < 10_005; i++) {
    lane.add(() => {
      ran += 1;
      return undefined;
    });
  }
  await lane.drained();
  assert.equal(ran, 10_000);
  assert.equal(await services.metrics.value('post_actions_dropped_total', {}), 5);
  assert.equal(written.filter((line) => line.includes('Too many post actions')).length, 1);
});

test('a defect in one post action ends neither the process nor the lane', async () => {
  const lane = new PostActionLane(services, 1);
  let ran = false;
  lane.add(() => Promise.reject(new Error('late defect')));
  lane.add(() => {
    throw new Error('early defect');
  });
  lane.add(() => {
    ran = true;
    return undefined;
  });
  await lane.drained();
  assert.equal(ran, true);
  for (const text of ['late defect', 'early defect'])
    assert.ok(
      written.some((line) => line.includes(text)),
      text,
    );
});
