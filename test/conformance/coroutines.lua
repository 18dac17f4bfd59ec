-- Coroutines (Lua 5.1 manual 2.11), and yields across pcall, metamethods, iterators and callbacks.
local create, resume, yield, wrap, status = coroutine.create, coroutine.resume, coroutine.yield, coroutine.wrap, coroutine.status

local function check(co, ...) -- resumes and compares all results
  local expected, got = {n = select("#", ...), ...}, {}
  local function store(...) got = {n = select("#", ...), ...} end
  store(resume(co))
  assert(got.n == expected.n, "count " .. got.n)
  for i = 1, got.n do assert(got[i] == expected[i], tostring(got[i])) end
end

-- Values pass both ways
local co = create(function(a, b)
  local c, d = yield(a + b)
  local e = yield(c * d, "two")
  return "end", e
end)
assert(status(co) == "suspended")
local ok, v = resume(co, 3, 4)
assert(ok and v == 7)
local ok2, p, q = resume(co, 5, 6)
assert(ok2 and p == 30 and q == "two")
local ok3, r, s = resume(co, "last")
assert(ok3 and r == "end" and s == "last" and status(co) == "dead")
check(co, false, "cannot resume dead coroutine")
check(create(function() end), true)
check(create(function() yield() end), true)
check(create(function() return nil, nil end), true, nil, nil)
check(create(function() yield(nil, nil, nil) end), true, nil, nil, nil)
check(create(function() return yield(1, 2, 3, 4, 5) end), true, 1, 2, 3, 4, 5)

-- Errors
check(create(function() error("e", 0) end), false, "e")
check(create(function() error() end), false, nil)
local marker = {}
check(create(function() error(marker) end), false, marker)
assert(not pcall(resume, nil) and not pcall(create, 1) and not pcall(wrap, {}) and not pcall(status, 1))
local failed = wrap(function() error("x", 0) end)
assert(select(2, pcall(failed)) == "x")
assert(select(2, pcall(failed)):find("cannot resume dead coroutine", 1, true))

-- Status, running, self and normal
assert(coroutine.running() == nil)
local outer
outer = create(function()
  assert(coroutine.running() == outer and status(outer) == "running")
  local inner = create(function()
    assert(status(outer) == "normal")
    return select(2, resume(outer))
  end)
  assert(select(2, resume(inner)) == "cannot resume normal coroutine")
  assert(coroutine.running() == outer)
  return select(2, resume(outer))
end)
local _, text = resume(outer)
assert(text == "cannot resume running coroutine")
assert(coroutine.running() == nil)

-- Generators and recursion
local function range(n) return wrap(function() for i = 1, n do yield(i) end end) end
local sum = 0
for i in range(100) do sum = sum + i end
assert(sum == 5050)
local function walk(tree) if tree then walk(tree[1]) yield(tree[2]) walk(tree[3]) end end
local seen = {}
for value in wrap(function() walk({{nil, 1, {nil, 2}}, 3, {nil, 4}}) end) do seen[#seen + 1] = value end
assert(table.concat(seen) == "1234")
local function permutations(a, n)
  if n <= 1 then return yield(table.concat(a)) end
  for i = 1, n do
    a[n], a[i] = a[i], a[n]
    permutations(a, n - 1)
    a[n], a[i] = a[i], a[n]
  end
end
local found = {}
for p in wrap(function() permutations({"a", "b", "c"}, 3) end) do found[#found + 1] = p end
assert(#found == 6)

-- A coroutine is a value of its own
assert(type(co) == "thread" and tostring(co):find("^thread: 0x%x+$"))
assert(({[co] = 1})[co] == 1)

-- Yield is a function like any other
local y = yield
local list = {f = yield}
co = create(function() return y(1), list.f(2), (select(1, yield(3))) end)
check(co, true, 1) check(co, true, 2) check(co, true, 3)
co = create(function(...) return yield(...) end)
assert(select("#", resume(co, 1, 2, 3)) == 4)
assert(select("#", resume(co, nil, nil)) == 3)

if not across then return end -- PUC Lua 5.1 refuses what follows

co = create(yield)
assert(select(2, resume(co, "passed")) == "passed" and select(2, resume(co, "back")) == "back")
co = create(function() return pcall(function() yield(1) error("e", 0) end) end)
check(co, true, 1) check(co, true, false, "e")
co = create(function() return pcall(yield, 1, 2) end)
check(co, true, 1, 2) check(co, true, true)
co = create(function() return xpcall(function() yield(1) error("e", 0) end, function(m) yield(m) return m .. "!" end) end)
check(co, true, 1) check(co, true, "e") check(co, true, false, "e!")
co = create(function()
  local t = setmetatable({}, {
    __index = function(_, k) return yield(k) end,
    __add = function() return yield("add") end,
    __eq = function() return yield("eq") end,
    __concat = function() return yield("concat") end,
    __call = function(_, x) return yield(x) end,
    __tostring = function() yield("tostring") return "text" end,
  })
  return t.field, t + 1, t == setmetatable({}, getmetatable(t)), "a" .. t, t("called"), tostring(t)
end)
check(co, true, "field") check(co, true, "add") check(co, true, "eq") check(co, true, "concat")
check(co, true, "called") check(co, true, "tostring")
assert(select(7, resume(co)) == "text")
co = create(function() for x in function() return yield("next") end do yield(x) end end)
check(co, true, "next")
assert(select(2, resume(co, "item")) == "item")
check(co, true, "next") check(co, true)
co = create(function()
  local t = {3, 1, 2}
  table.sort(t, function(a, b) yield("compare") return a < b end)
  return table.concat(t)
end)
local steps = 0
repeat local _, value = resume(co) steps = steps + 1 until value ~= "compare"
assert(status(co) == "dead" and steps > 2)
co = create(function() return (("abc"):gsub("%a", function(c) return yield(c) end)) end)
check(co, true, "a")
assert(select(2, resume(co, "x")) == "b" and select(2, resume(co, "y")) == "c" and select(2, resume(co, "z")) == "xyz")
co = create(function() return load(function() return yield("more") end) end)
check(co, true, "more")
assert(select(2, resume(co, "return 7")) == "more")
assert(select(2, resume(co, nil))() == 7)
package.preload["yielding"] = function() return yield("loading") end
co = create(function() return require("yielding") end)
check(co, true, "loading")
assert(select(2, resume(co, "module")) == "module")

-- A coroutine that computes for long does not wait: its resumer may be code that cannot
local busy = wrap(function() while true do local n = 0 for i = 1, 20000 do n = n + i % 7 end yield(n) end end)
local function drain(f) local last for _ = 1, 400 do last = f() end return last end
assert(drain(busy) > 0)
