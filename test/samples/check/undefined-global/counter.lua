local M = {}
function M.next()
  total = (total or 0) + 1
  return total, helper
end
return M
