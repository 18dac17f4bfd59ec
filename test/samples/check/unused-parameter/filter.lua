local M = {}
function M.visit(callback, context, extra) return callback(context) end
function M:method(a) return self, 1 end
function M.empty(a, b) end
function M.placed(a, b) return b end
function M.meant(a, _b) return a end
print(M)

function nauthilus_call_filter(request)
  return nauthilus_builtin.FILTER_ACCEPT, nauthilus_builtin.FILTER_RESULT_OK
end
