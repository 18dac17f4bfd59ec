/** Calls, results, varargs, operators with metamethods, error texts with names and lines. */
import { sameAsLua } from '../lua.ts';

sameAsLua({
  'closures share the variables they change': `
    local function counter(n) local function add(k) n = n + k return n end local function get() return n end return add, get end
    local add, get = counter(5) print(add(1), add(2), get()) local add2, get2 = counter(1) print(add2(1), get(), get2())
    local list = {} for i = 1, 3 do local v = i list[i] = function(d) v = v + d i = i + 1 return v, i end end
    print(list[1](10), list[1](1), list[2](100)) local i = 0
    while i < 3 do i = i + 1 local j list[i] = function() j = (j or i * 10) + 1 return function() j = j + 1 return j, i end end end
    local inner = list[1]() print(inner(), inner(), list[2]()(), list[3]()())
    local even local function odd(n) if n == 0 then return false end return even(n - 1) end
    function even(n) if n == 0 then return true end return odd(n - 1) end print(even(10), odd(7))
    local function self(n) self = nil return n, self end print(self(1), self) local a, b = 1, 2
    local function swap() a, b = b, a return a, b end print(swap()) print(swap(), a, b)
    local function params(x, ...) local function set(...) x = (x or 0) + select("#", ...) return x, ... end return set(...) end print(params(1, 2, 3))
    repeat local r = 1 local function bump() r = r + 1 return r > 3 end local done = bump() or bump() or bump() until done and r == 4
    local k, f = 0 while k < 4 do local c = k f = function() c = c + 1 return c end k = f() end print(k, f(), f())`,
  'no value is not nil': `
    local function none() end local function one() return nil end
    print(select("#", none()), select("#", one()), select("#", (none())), select("#", none(), none()))
    print(pcall(tostring, none())) print((none())) print(none(), 1) print(1, none()) print({none()}[1] == nil)`.replace(
    'print({none()}[1] == nil)',
    'print(#{none()})',
  ),
  varargs: `
    local function count(...) return select("#", ...) end
    local function pass(...) return ... end
    local function mid(...) return 0, ..., 9 end
    print(count(), count(nil), count(nil, nil), count(pass()), count(pass(nil)), count(mid()), mid(1, 2))
    local function sel(...) local n = 2 return select(n, ...), select(-1, ...), (select(1, ...)) end print(sel("a", "b", "c"))
    local function first(...) return (...) end print(first(1, 2), first())
    local function arg1(...) return arg.n, arg[1], #arg end print(arg1("x", nil)) print(pcall(function(...) return type(arg) end))
    local function shadow(...) local a = ... return a, arg end print(shadow(1))
    local function wrap(f, ...) local t = {f(...)} return #t, unpack(t) end print(wrap(pass, 1, 2, 3))
    print((function(...) return select("#", ...) end)(nil, nil, nil))
    print(pcall(function(...) return select(0, ...) end, 1)) local s = select select = function() return "mine" end
    print((function(...) return (select("#", ...)) end)(1, 2)) select = s
    local big = {} for i = 1, 5000 do big[i] = i end print(count(unpack(big)), (select(5000, unpack(big))))`,
  'results of calls: counted, picked and collected': `
    local function give(...) return ... end local function after(...) return 0, ... end local function keep(...) return {...} end
    for n = 0, 6 do
      local t = {} for i = 1, n do t[i] = i * 10 end
      print(n, select("#", give(unpack(t))), (select("#", after(unpack(t)))), #keep(unpack(t)), #{7, give(unpack(t))}, #{7, 8, after(unpack(t))})
      for i = 1, 5 do print((select(i, give(unpack(t)))), (select(i, after(unpack(t))))) end
      print(after(unpack(t))) print(unpack(keep(unpack(t)))) print(unpack({1, 2, give(unpack(t))})) print(unpack(t, 2), unpack(t, 1, 2))
    end
    print(pcall(function() return (select(0, give(1))) end)) print(pcall(function() return (select("x", give(1))) end)) print((select("2", give(1, 5))), (select(-1, give(1, 5))))
    local k = 1 local function bump() k = k + 1 return 5, 6, 7 end print((select(k, bump())), k)
    local s = select select = function(...) return "mine", ... end print((select("#", give(1, 2)))) print((select(1, give(1, 2)))) select = s
    local x = {give(1), give(2), give(3), give(4, 5)} print(#x, x[5]) print(#{1, 2, 3, 4, 5, 6, 7, 8, 9, give(1, 2)}, #{n = 3, 1, give(2, 3)})`,
  'method calls evaluate the object once': `
    local n = 0 local function o() n = n + 1 return {m = function(self, a, ...) return type(self), a, ... end} end
    print(o():m(1, 2, 3), n) local t = {x = {}} function t.x.f(a) return a end function t.x:g(a) return self == t.x, a end
    print(t.x.f(5), t.x:g(6)) print(t["x"]["g"](t.x, 7)) local s = "%d-%s" print(s:format(1, "a"), ("%5.1f"):format(2.25))`,
  'callable tables': `
    local c = setmetatable({}, {__call = function(self, ...) return self ~= nil, ... end})
    print(c(1, 2), (c(3))) print(pcall(c, 4)) local t = {c = c} print(t.c(5)) print(t:c(6) == true)
    print(pcall(setmetatable({}, {__call = 5}))) local n = setmetatable({}, {__call = c}) print(pcall(function() return n() end))`,
  'arithmetic: coercion, metamethods, errors': `
    print("10" + 5, "3" * "4", -"2", "0x10" + 0, 10 .. 5, "2" ^ 3, 7 % "4") print(pcall(function() return "abc" + 1 end))
    local V = {} V.__index = V
    for _, e in ipairs({"add", "sub", "mul", "div", "mod", "pow"}) do V["__" .. e] = function(a, b) return e .. (type(a) == "table" and "T" or a) .. (type(b) == "table" and "T" or b), "extra" end end
    V.__unm = function(a) return "unm" end V.__concat = function(a, b) return (type(a) == "table" and "T" or a) .. "&" .. (type(b) == "table" and "T" or b) end
    local v = setmetatable({}, V) print(v + 1, 1 + v, v - v, v * 2, 2 / v, v % 3, v ^ 2, -v) print(v .. "a", "a" .. v, 1 .. v .. 2, "a" .. "b" .. v .. "c" .. "d", v .. v)
    for _, f in ipairs({function(x) return x + 1 end, function(x) return 1 + x end, function(x) return -x end, function(x) return x .. "a" end, function(x) return "a" .. x end,
      function(x) return x < 1 end, function(x) return 1 < x end, function(x) return x <= x end, function(x) return #x end, function(x) return x() end, function(x) return x.y.z end}) do
      for _, x in ipairs({true, {}, print}) do print((select(2, pcall(f, x)))) end print((select(2, pcall(f, nil)))) end
    local up = nil print(pcall(function() return up + 1 end)) print(pcall(function() return undefinedglobal * 2 end)) local t = {} print(pcall(function() return t.field - 1 end))
    print(pcall(function() return t.a .. "x" end)) print(pcall(function() return "x" .. t.a .. "y" end)) print(pcall(function() local a = {} return 2 ^ a end))`,
  'modulo, power and negative zero': `
    for _, a in ipairs({5, -5, 5.5, -5.5, 0, 1e15, 7}) do for _, b in ipairs({3, -3, 2, 0.5, -0.25}) do io.write(a % b, " ") end end print()
    print(2 ^ 10, 2 ^ 0.5, (-2) ^ 3, 2 ^ -1, -2 ^ 2, 1 ^ math.huge, 5 % math.huge ~= 5 % math.huge) local z = 0 print(1 / -z, 1 / z, 0 == -0)
    local function m(a, b) return a % b end print(m(5, 3), m(-5, 3), m(5.5, 2), m("7", 4), pcall(m, 1, {}) == false)
    local i = 7 print(i % 3, i % 2 == 1, -i % 3, i ^ 2, i ^ 2 % 5) for k = -3, 3 do io.write(k % 2, " ") end print()`,
  'comparison and equality': `
    local mt = {__eq = function(a, b) return a.v == b.v end, __lt = function(a, b) return a.v < b.v end, __le = function(a, b) return a.v <= b.v end}
    local function n(v) return setmetatable({v = v}, mt) end local a, b, c = n(1), n(2), n(1)
    print(a == c, a ~= c, a == b, a ~= b, a < b, a > b, a <= c, a >= b, a == 1, a == nil, not (a == b))
    local only = {__lt = mt.__lt} local x, y = setmetatable({v = 1}, only), setmetatable({v = 2}, only) print(x <= y, y <= x, x >= y, x > y)
    print("a" < "b", "Z" < "a", "" < "a", "a" < "a\\0", "10" < "9", 1 < 2 == true, "abc" == "abc", "1" == 1, 0/0 == 0/0)
    for _, f in ipairs({function() return 1 < "2" end, function() return {} < {} end, function() return nil > 1 end, function() return {} <= 1 end, function() return "a" < 1 end, function() return print < print end}) do print(pcall(f)) end
    print(pcall(function() return a < x end)) print(rawequal(a, c), a == setmetatable({v = 1}, {__eq = function() return true end}))`,
  'and, or, not': `
    local function f(v) io.write(tostring(v), " ") return v end
    print(f(nil) and f(1), f(false) or f(nil), f(1) and f(2) and f(nil) and f(3), f(nil) or f(false) or f(7))
    print(nil and 1 or 2, 1 and nil or 3, false == not true, not nil, not 0, 1 and 2, nil or false, false or nil, 0 or 1, "" and 5)
    local x = nil local y = x and x.z print(y) local z = x or {} print(type(z)) local w = (x == nil) and "none" or "some" print(w)
    if not (x and x.y) and (1 or error("no")) then print("then") end local n = 5 print(n > 3 and n < 10, n > 3 and n, n < 3 or n, n ~= 5 and 1)
    while f(nil) or f(false) do end print((f(nil) or f(1)) and f(2))`,
  'lines of errors in expressions over several lines': `
    local t = {}
    print(pcall(function()
      return 1 +
        2 +
        t
    end))
    print(pcall(function()
      local x = t.a
        .b
        .c
    end))
    print(pcall(function()
      t.f(
        1,
        2
      )
    end))
    print(pcall(function()
      return "a" ..
        "b" ..
        t
    end))
    print(pcall(function()
      error(
        "message")
    end))
    print(pcall(function() t.x.y = 1 end))
    print(pcall(function() for i = 1,
      {} do end end))`,
  'names in error texts': `
    local t, up = {}, nil
    local function try(f) print(select(2, pcall(f))) end
    try(function() up() end) try(function() local l l() end) try(function() t.f() end) try(function() t:m() end) try(function() g() end)
    try(function() t.a.b() end) try(function() t[1]() end) try(function() ("x")() end) try(function() (nil)() end) try(function() t.x.y.z = 1 end)
    try(function() return t["quoted"].x end) try(function() local k = "key" return t[k].x end) try(function() return up.x end) try(function() return #up end) try(function() return -t.n end)
    try(function() string.rep() end) try(function() ("x"):rep() end) try(function() ("x"):bad() end) try(function() math.floor({}) end) try(function() local f = math.floor f("x") end) try(function() setmetatable(1, {}) end)
    try(function() error({}) end == nil and print or function() error("level", 0) end) try(function() error("two", 2) end) try(function() ipairs() end) try(function() return tostring() end)`,
});
