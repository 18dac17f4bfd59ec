local a = 1 -- check: ignore
local b = 2 -- check: ignore unused-local
local c = 3 -- check: ignore undefined-global
local d = missing.x -- check: ignore unused-local, undefined-global

function nauthilus_call_filter()
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
