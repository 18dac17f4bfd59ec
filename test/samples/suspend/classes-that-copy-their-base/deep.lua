local M = {}

function M.copy(value)
  if type(value) ~= "table" then return value end
  local result = {}
  for key, inner in pairs(value) do result[key] = M.copy(inner) end
  return result
end

function M.merge(into, from)
  for key, value in pairs(from) do into[key] = value end
  return into
end

return M
