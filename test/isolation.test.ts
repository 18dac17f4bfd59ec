/** Logins that interleave at every wait never see anything of each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configText, loginHeaders, startServer } from './login-server.ts';

const CONFIG = configText(
  `
backends: [lua]
features: [lua]
`,
  `
lua:
  features: [ { name: one, script_path: feature.lua } ]
  filters: [ { name: one, script_path: filter.lua } ]
  config: { backend_script_path: backend.lua, package_path: "?.lua" }
`,
);

/** Every script changes all that a script can reach, waits, and then looks whether it is still what it has left. */
const DIRTY = `
  dynamic_loader("nauthilus_redis")
  local redis = require("nauthilus_redis")
  dynamic_loader("nauthilus_context")
  local context = require("nauthilus_context")
  local kept = require("kept")

  local function foreign(request, stage)
    local name = request.username
    if owner ~= nil and owner ~= name then return "global " .. tostring(owner) end
    if string.owner ~= nil and string.owner ~= name then return "string " .. string.owner end
    if kept.owner ~= nil and kept.owner ~= name then return "module " .. kept.owner end
    if redis.owner ~= nil and redis.owner ~= name then return "host module " .. redis.owner end
    if package.loaded.owner ~= nil and package.loaded.owner ~= name then return "package.loaded" end
    local meta = getmetatable("")
    if meta.owner ~= nil and meta.owner ~= name then return "string metatable" end
    if context.context_get("owner") ~= nil and context.context_get("owner") ~= name then return "context" end
    if request.owner ~= nil and request.owner ~= name then return "request" end
    return nil
  end

  function stain(request, stage)
    local found = foreign(request)
    if found then error("leak: " .. found .. " in " .. stage .. " of " .. request.username) end
    owner = request.username
    string.owner = request.username
    kept.owner = request.username
    redis.owner = request.username
    package.loaded.owner = request.username
    getmetatable("").owner = request.username
    request.owner = request.username
    context.context_set("owner", request.username)
    redis.redis_set("default", "k:" .. request.username, stage)
    local back = redis.redis_get("default", "k:" .. request.username)
    if back ~= stage then error("leak: redis") end
    found = foreign(request)
    if found then error("leak: " .. found .. " after the wait in " .. stage) end
  end`;

const SOURCES = {
  'kept.lua': 'return {}',
  'feature.lua': `${DIRTY}
    function nauthilus_call_feature(request) stain(request, "feature") return 0, 0, 0 end`,
  'backend.lua': `${DIRTY}
    function nauthilus_backend_verify_password(request)
      stain(request, "backend")
      local result = nauthilus_backend_result.new()
      result:user_found(true)
      result:account_field("account")
      result:attributes({ account = request.username, password = request.password })
      result:authenticated(true)
      return 0, result
    end`,
  'filter.lua': `${DIRTY}
    function nauthilus_call_filter(request) stain(request, "filter") return 0, 0 end`,
};

const { request } = await startServer(CONFIG, SOURCES);

test('interleaved logins never see each other', async () => {
  for (let round = 0; round < 20; round++) {
    const users = Array.from({ length: 25 }, (_, at) => `user${round % 2}-${at}`);
    const answers = await Promise.all(
      users.map((user) =>
        request({ url: '/api/v1/auth/header?in-memory=0', headers: loginHeaders(user, `password of ${user}`) }),
      ),
    );
    for (const [at, answer] of answers.entries()) {
      assert.equal(answer.status, 200, answer.body);
      assert.equal(answer.headers['auth-user'], users[at]);
      assert.equal(answer.headers['x-nauthilus-password'], `password of ${users[at]}`);
    }
  }
});
