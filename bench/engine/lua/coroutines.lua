-- Coroutines: generators in loops, a producer and a consumer, many short ones, values in both directions.
local function range(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i) end end) end
local function walk(tree) if tree then walk(tree[1]) coroutine.yield(tree[2]) walk(tree[3]) end end
local function build(lo, hi) if lo > hi then return nil end local m = (lo + hi - (lo + hi) % 2) / 2 return { build(lo, m - 1), m, build(m + 1, hi) } end
local tree = build(1, 200)
return function()
  local n = 0
  for i in range(20000) do n = n + i % 3 end
  for round = 1, 10 do for v in coroutine.wrap(function() walk(tree) end) do n = n + v end end
  local filter = coroutine.create(function(x) while true do x = coroutine.yield(x * 2) end end)
  for i = 1, 10000 do local _, v = coroutine.resume(filter, i) n = n + v end
  for i = 1, 3000 do local co = coroutine.wrap(function(a) local b = coroutine.yield(a + 1) return a + b end) n = n + co(i) + co(2) end
  return n
end
