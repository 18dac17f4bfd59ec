local counter = require("counter")

function helper(request)
  return request.username
end

function nauthilus_call_filter(request)
  local name = helpr(request)
  if jit then jit.on() end
  limit = limit or 5
  print(name, counter.next(), limitt, nauthilus_builtin.FILTER_ACCEPT)
  if unknown_table.field then return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK end
  return nauthilus_builtin.FILTER_REJECT, nauthilus_builtin.FILTER_RESULT_OK
end
