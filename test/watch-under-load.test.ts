/** While scripts are swapped, no request fails and each sees one version of all scripts. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { login, makeSandbox, type RunningServer, type Sandbox, SOURCES, startServer } from './cli/sandbox.ts';

const SWAPS = 12;
const CLIENTS = 8;

let sandbox: Sandbox;
let server: RunningServer;
before(async () => {
  sandbox = makeSandbox({
    'nauthilus.yml': `server:
  address: "127.0.0.1:0"
  backends: [lua]
  features: [lua]
  redis: { pool_size: 2, password_nonce: test }
lua:
  filters: [{ name: filter, script_path: filter.lua }]
  config: { backend_script_path: backend.lua, package_path: ./?.lua }
`,
    'version.lua': 'return "0"\n',
    // The backend waits on the store, so that swaps happen while requests are on their way.
    'backend.lua': `dynamic_loader("nauthilus_redis")
dynamic_loader("nauthilus_context")
local redis = require("nauthilus_redis")
local version = require("version")
function nauthilus_backend_verify_password(request)
  require("nauthilus_context").context_set("version", version)
  for i = 1, 5 do redis.redis_set("default", "key", version) end
  local result = nauthilus_backend_result.new()
  result:user_found(true)
  result:authenticated(true)
  result:account_field("account")
  result:attributes({ account = request.username, version = version })
  return nauthilus_builtin.BACKEND_RESULT_OK, result
end
`,
    'filter.lua': `dynamic_loader("nauthilus_context")
local version = require("version")
function nauthilus_call_filter(request)
  if require("nauthilus_context").context_get("version") ~= version then error("two versions in one login") end
  return nauthilus_builtin.FILTER_ACCEPT, 0
end
`,
  });
  server = await startServer([SOURCES, 'watch'], sandbox.folder);
});
after(async () => {
  await server.stop();
  sandbox.remove();
});

test('no request fails or mixes versions while scripts are swapped under load', async () => {
  let done = false;
  let requests = 0;
  const versions = new Set<string>();
  const client = async (): Promise<void> => {
    while (!done) {
      const response = await login(server.url, 'ann', 'x');
      requests++;
      const body = await response.text();
      assert.equal(response.status, 200, `request ${requests}: ${body}\n${server.stdout()}`);
      versions.add(response.headers.get('x-nauthilus-version') ?? '');
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  for (let version = 1; version <= SWAPS; version++) {
    sandbox.write('version.lua', `return "${version}"\n`);
    await Promise.race([clients, untilSeen(versions, String(version))]);
  }
  done = true;
  await clients;
  assert.ok(requests > SWAPS * CLIENTS, `only ${requests} requests`);
  assert.equal(versions.size, SWAPS + 1);
});

async function untilSeen(versions: ReadonlySet<string>, wanted: string): Promise<void> {
  const limit = Date.now() + 20_000;
  while (!versions.has(wanted)) {
    assert.ok(Date.now() < limit, `version ${wanted} never came:\n${server.stdout()}${server.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
