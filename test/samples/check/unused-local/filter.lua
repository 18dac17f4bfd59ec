local unused = 1
local function never() return 1 end
local function used() return 2 end
local _ignored = used()
local written
written = 3

function nauthilus_call_filter(request)
  local ok, value = pcall(used)
  local first, second, third = used(), used(), used()
  local record, err = request.lookup()
  for index, _ in ipairs { 1 } do print(index) end
  print(value, second, record)
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
