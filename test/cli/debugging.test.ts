/** Breakpoints in Lua files, set over the inspector protocol as editors set them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Debugger } from './inspector.ts';
import {
  configText,
  login,
  makeSandbox,
  type RunningServer,
  runNode,
  type Sandbox,
  SOURCES,
  startServer,
} from './sandbox.ts';

const script = (mark: string): string => `local users = { ann = "good" }

local function password_of(name)
  local known = users[name]
  return known
end

function nauthilus_backend_verify_password(request)
  local result = nauthilus_backend_result.new()
  local expected = password_of(request.username)
  result:user_found(expected ~= nil)
  result:account_field("account")
  result:attributes({ account = request.username, mark = "${mark}" })
  result:authenticated(request.password == expected)
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end
`;

/** Starts with a debugger's port; gives a server and a debugger that is attached to it. */
async function debugged(args: readonly string[], folder: string): Promise<{ server: RunningServer; client: Debugger }> {
  const server = await startServer(['--inspect=127.0.0.1:0', ...args], folder);
  const [url = ''] = await server.waitFor(/ws:\/\/\S+/);
  return { server, client: await Debugger.connect(url) };
}

/** Stops a login at a line of the script, looks around, steps on, and lets it go. */
async function stopAndStep(server: RunningServer, client: Debugger, file: string): Promise<Response> {
  await client.breakAt(file, 4);
  const stopped = client.stopped();
  const answer = login(server.url, 'ann', 'good');
  const { place, frames } = await stopped;
  assert.equal(place, `${file}:4`);
  const names = frames.slice(0, 2).map(({ functionName }) => functionName.replace(/\$.*/, ''));
  assert.deepEqual(names, ['password_of', 'nauthilus_backend_verify_password']);
  const variables = await client.variables(frames[0]!);
  assert.equal([...variables].find(([name]) => name.startsWith('name'))?.[1], 'ann');
  const stepped = client.stopped();
  await client.send('Debugger.stepOver');
  assert.equal((await stepped).place, `${file}:5`);
  await client.send('Debugger.disable');
  return answer;
}

let sandbox: Sandbox;
let file = '';
before(() => {
  sandbox = makeSandbox({ 'nauthilus.yml': configText(), 'backend.lua': script('first') });
  file = pathToFileURL(join(sandbox.folder, 'backend.lua')).href;
});
after(() => sandbox.remove());

describe('a breakpoint in a Lua file stops there, shows the variables, and steps go from Lua line to Lua line', () => {
  test('in watch, also in the next version of a script', async () => {
    const { server, client } = await debugged([SOURCES, 'watch'], sandbox.folder);
    try {
      assert.equal((await stopAndStep(server, client, file)).headers.get('x-nauthilus-mark'), 'first');
      await client.send('Debugger.enable');
      sandbox.write('backend.lua', script('second'));
      await server.waitFor(/took over backend\.lua/);
      assert.equal((await stopAndStep(server, client, file)).headers.get('x-nauthilus-mark'), 'second');
    } finally {
      client.close();
      await server.stop();
    }
  });

  test('in the bundle, with the map beside it', async () => {
    const built = await runNode([SOURCES, 'build', '-c', 'nauthilus.yml', '-o', 'out'], sandbox.folder);
    assert.equal(built.code, 0, built.stderr);
    const { server, client } = await debugged(['out/nauthilus.mjs', 'start', '-c', 'nauthilus.yml'], sandbox.folder);
    try {
      assert.equal((await stopAndStep(server, client, file)).status, 200);
    } finally {
      client.close();
      await server.stop();
    }
  });
});
