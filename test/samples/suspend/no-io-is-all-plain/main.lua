local M = {}
M.__index = M
function M.new(x) return setmetatable({x = x}, M) end
function M:get() return self.x end
local function map(t, fn) local r = {} for i, v in ipairs(t) do r[i] = fn(v) end return r end
function nauthilus_call_feature(request)
  local m = M.new(request.username:lower())
  local ok, names = pcall(map, {1, 2}, tostring)
  table.sort(names, function(a, b) return a < b end)
  return (m:get():gsub("%w", function(c) return c:upper() end)), ok
end
