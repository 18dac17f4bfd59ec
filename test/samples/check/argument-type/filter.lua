local redis = require("nauthilus_redis")
local misc = require("nauthilus_misc")
local context = require("nauthilus_context")

function nauthilus_call_filter(request)
  misc.get_country_name({})
  misc.get_country_name(49)
  misc.get_country_name(nil)
  misc.wait_random("10", 20)
  misc.wait_random("soon", 20)
  misc.wait_random(true, 20)
  misc:get_country_name("DE")
  context.context_set("k", nil)
  context.context_set({}, 1)
  redis.redis_get("default", request)
  nauthilus_builtin.status_message_set(function() end)
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
