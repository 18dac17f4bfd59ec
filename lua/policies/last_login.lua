--- Post action: runs after the client got its answer. Remembers when and from where an account was last used.

dynamic_loader("nauthilus_redis")
dynamic_loader("nauthilus_context")

local redis = require("nauthilus_redis")
local context = require("nauthilus_context")
local util = require("nauthilus_util")

-- Ninety days: accounts that are not used for longer leave no trace.
local KEEP_SECONDS = 90 * 24 * 3600

local function remember(request)
  local key = "demo:last_login:" .. request.account
  local _, err =
    redis.redis_hset("default", key, "at", util.get_current_timestamp(), "from", request.client_ip, "by", request.protocol)

  util.if_error_raise(err)

  _, err = redis.redis_expire("default", key, KEEP_SECONDS)

  util.if_error_raise(err)
end

function nauthilus_call_action(request)
  if request.no_auth then
    return nauthilus_builtin.ACTION_RESULT_OK
  end

  local rejected_by = context.context_get("rejected_by")

  if rejected_by then
    nauthilus_builtin.custom_log_add("rejected_by", rejected_by)
  elseif request.authenticated and request.account ~= "" then
    remember(request)
    nauthilus_builtin.custom_log_add("last_login", "stored")
  end

  return nauthilus_builtin.ACTION_RESULT_OK
end
