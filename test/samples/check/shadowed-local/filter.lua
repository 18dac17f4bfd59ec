local settings = { limit = 1 }
local function check(settings, limit)
  local count = limit
  if count then
    local count = count
    local limit = 2
    print(count, limit)
  end
  for count = 1, 2 do print(count) end
  local err = "x"
  do local err = "y" print(err) end
  local count = 3
  return settings, count, err
end
do local unrelated = 1 print(unrelated) end
local unrelated = 2

function nauthilus_call_filter()
  print(check, unrelated, settings)
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
