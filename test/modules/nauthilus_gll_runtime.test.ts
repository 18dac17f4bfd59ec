import assert from 'node:assert/strict';
import { test } from 'node:test';
import runtime from '../../runtime/modules/nauthilus_gll_runtime.ts';
import { Script, services } from './script.ts';

test('the platform has the names that Go gives it', async () => {
  const opened = await services();
  const script = new Script(opened, [runtime]);
  const module = await script.require('runtime', 'nauthilus_gll_runtime');
  const [system] = await script.call(module, 'goos');
  const [processor] = await script.call(module, 'goarch');
  const systems = { linux: 'linux', darwin: 'darwin', win32: 'windows', freebsd: 'freebsd' };
  const processors = { x64: 'amd64', arm64: 'arm64', arm: 'arm', ia32: '386' };
  assert.equal(system, Object.entries(systems).find(([name]) => name === process.platform)?.[1]);
  assert.equal(processor, Object.entries(processors).find(([name]) => name === process.arch)?.[1]);
  await opened.close();
});
