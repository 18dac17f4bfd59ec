/** The folders whose files are found by themselves: names, places and routes that do not go together are refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

test('names of modules and places of stages go together', async () => {
  const { describeModules } = await import('../runtime/index.ts');
  assert.ok(describeModules().modules.length > 0);
});

test('no two endpoints answer the same route', async () => {
  const { refuseSharedRoutes } = await import('../runtime/http/endpoint.ts');
  const { default: endpoints, files } = await import('../runtime/http/endpoints/index.gen.ts');
  refuseSharedRoutes(endpoints, files);
});

test('commands are named like their files', async () => {
  const { refuseMisnamed } = await import('../compiler/cli/command.ts');
  const { default: commands, files } = await import('../compiler/cli/commands/index.gen.ts');
  refuseMisnamed(commands, files);
});
