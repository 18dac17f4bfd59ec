-- Mail store of the user: one Redis command (HGETALL), attribute added to the result.
dynamic_loader("nauthilus_redis")
local redis = require("nauthilus_redis")
dynamic_loader("nauthilus_context")
local context = require("nauthilus_context")
dynamic_loader("nauthilus_backend")
local backend = require("nauthilus_backend")

function nauthilus_call_filter(request)
  if not request.authenticated then
    return nauthilus_builtin.FILTER_REJECT, nauthilus_builtin.FILTER_RESULT_OK
  end

  local route, err = redis.redis_hgetall("default", "bench:route")
  if err then
    return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_FAIL
  end

  local count = 0
  for _ in pairs(route) do
    count = count + 1
  end

  local result = nauthilus_backend_result.new()
  result:attributes({ store = route.store or "none", routes = tostring(count) })
  backend.apply_backend_result(result)

  local shared = context.context_get("bench") or {}
  shared.filter = true
  context.context_set("bench", shared)

  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
