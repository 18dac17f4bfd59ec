/** Statements: evaluation order, assignment, loops, scopes, closures. */
import { sameAsLua } from '../lua.ts';

sameAsLua({
  'several assignments evaluate everything before they store': `
    local i, a = 1, {}
    i, a[i] = i + 1, 20
    print(i, a[1], a[2])
    local x, y, z = 1, 2, 3
    x, y, z = z, x, y
    print(x, y, z)
    local t = {1, 2}
    t[1], t[2] = t[2], t[1]
    print(t[1], t[2])
    a[i], i = "first", 10
    print(a[2], i)
    local q = {} q.a, q.b, q.c = (function() return 1, 2 end)()
    print(q.a, q.b, q.c)`,
  'a variable assigned twice keeps the leftmost value': `
    local a a, a = 1, 2 print(a)
    g, g = 1, 2 print(g)`,
  'operands are evaluated from left to right': `
    local function f(n) io.write(n, " ") return n end
    print(f(1) + f(2) * f(3) - f(4), f(1) < f(2), f(3) > f(4), f("a") .. f("b") .. f("c"))
    local t = {f(1), k = f(2), [f(3)] = f(4), f(5), f(6)}
    print(#t, t.k, t[3])
    local s = setmetatable({}, {__newindex = function(_, k, v) io.write(tostring(k), "=", tostring(v), " ") end})
    s.a, s.b, s.c = 1, 2, 3
    print()`,
  'missing values are nil and surplus ones are evaluated': `
    local function f() io.write("f ") return 1, 2, 3 end
    local a, b, c, d = f()
    print(a, b, c, d)
    local e = 1, f(), f()
    local g, h = f(), 10
    print(g, h)
    local i, j, k = 0, f()
    print(i, j, k)
    local l, m = (f())
    print(l, m)
    local function v(...) local a, b, c, d, e = ... return a, b, c, d, e end
    print(v(1, 2), v(1, 2, 3, 4, 5, 6))
    print((v(1, 2)))`,
  'more than three results keep their order': `
    local function many(n) local t = {} for i = 1, n do t[i] = i end return unpack(t, 1, n) end
    for n = 0, 6 do print(select("#", many(n)), many(n)) end
    local a, b, c, d, e = many(5) print(a, b, c, d, e)
    print(0, many(4)) print(0, 0, many(4)) print(0, 0, 0, many(4)) print(0, 0, 0, 0, many(2))
    print(#{many(5)}, #{0, many(5)}, #{many(5), 0})`,
  'closures of a loop have their own variables': `
    local f = {}
    for i = 1, 3 do f[#f + 1] = function() i = i + 1 return i end end
    for k, v in pairs({10, 20}) do f[#f + 1] = function() v = v + 1 return k, v end end
    local n = 0
    while n < 2 do n = n + 1 local m = n f[#f + 1] = function() m = m + 10 return m, n end end
    repeat local done = n > 3 n = n + 1 f[#f + 1] = function() return done end until done
    for i = 1, #f do print(i, f[i]()) end
    for i = 1, #f do print(i, f[i]()) end`,
  'closures share the variables of one activation': `
    local function counter()
      local n = 0
      return function() n = n + 1 return n end, function() return n end
    end
    local a, get = counter() local b = counter()
    a() a() b()
    print(get(), b())`,
  'numeric for: bounds, steps and copies': `
    for i = 3, 1 do print("never") end
    local passes, last = 0 for i = 0.5, 2100.25 do passes = passes + 1 last = i end print(passes, last)
    passes = 0 for i = -40, 3000 do if i == 2500 then break end passes = passes + 1 last = i end print(passes, last)
    for i = 100, -100, -1 do tostring(i) last = i if i == -90 then break end end print(last)
    for i = 1, 5 do for j = 1, 100 do if j == 70 then break end last = i * j end if i == 4 then break end end print(last)
    for i = 3, 1, -1 do io.write(i, " ") end
    for i = 1, 2, 0.5 do io.write(i, " ") end
    for i = "1", "3", "1" do io.write(i, " ") end
    for i = 1, 10, 0 do io.write("zero") end
    local n = 3
    for i = 1, n do n = 1 local j = i i = 100 io.write(j, ":", i, " ") end
    for i = 1, 0/0 do io.write("nan") end
    for i = 0/0, 1 do io.write("nan") end
    local k = 0
    for i = 1, math.huge do k = k + 1 if i > 5 then break end end
    local step = -2
    for i = 5, 1, step do io.write(i, " ") end
    for i = -3, -1 do io.write(i, " ") end
    print(k)`,
  'errors of numeric for': `
    print(pcall(function() for i = "a", 2 do end end))
    print(pcall(function() for i = 1, {} do end end))
    print(pcall(function() for i = 1, 2, print do end end))`,
  'generic for takes any callable and stops at nil': `
    local function it(s, c) if c < s then return c + 1, c * 2 end end
    for a, b in it, 3, 0 do io.write(a, ":", b, " ") end
    for a in setmetatable({}, {__call = function(_, s, c) if c < s then return c + 1 end end}), 2, 0 do io.write(a, " ") end
    local n = 0
    for v in function() n = n + 1 if n < 3 then return false end end do io.write(tostring(v), " ") end
    for a, b, c, d in function(_, k) if not k then return 1, 2, 3, 4 end end do print(a, b, c, d) end
    for k, v in next, {1, 2} do io.write(k, v, " ") end
    for i, v in ipairs({1, 2, nil, 4}) do io.write(i, v, " ") end
    for k, v, w in pairs({x = 1}) do print(k, v, w) end
    print(pcall(function() for k in nil do end end))
    print(pcall(function() for k in {} do end end))`,
  'break leaves the innermost loop': `
    for i = 1, 3 do while true do if i == 2 then break end break end repeat if i == 2 then break end until true io.write(i, " ") end
    for i = 1, 5 do for j = 1, 5 do if j > i then break end io.write(j) end if i == 3 then break end end
    print()`,
  'shadowed names and names of JavaScript': `
    local x = 1 local x = x + 1 do local x = x * 10 print(x) end print(x)
    local class, new, this, await, yield, let, static, arguments, eval, undefined, NaN = 1,2,3,4,5,6,7,8,9,10,11
    print(class+new+this+await+yield+let+static+arguments+eval+undefined+NaN)
    function var(delete) return delete end
    print(var(5), undefined, Object, process, globalThis)
    local t1, t2, S, G, va, env, E, o, v, s, m = 1,2,3,4,5,6,7,8,9,10,11
    print(t1+t2+S+G+va+env+E+o+v+s+m)
    local t = {constructor = 1, __proto__ = 2, toString = 3, valueOf = 4, hasOwnProperty = 5}
    print(t.constructor, t.__proto__, t.toString, t.valueOf, t.hasOwnProperty)
    local u = {} u.__proto__ = t print(u.constructor, u.__proto__ == t, u.toString)`,
  'repeat sees the locals of its body': `
    local i = 0
    repeat local j = i local f = function() return j end i = i + 1 until f() >= 3
    print(i)`,
  'long chains compile and keep their meaning': `
    local parts = {} for i = 1, 2000 do parts[i] = tostring(i) end
    print(loadstring("return " .. table.concat(parts, "+"))())
    print(#loadstring("return " .. table.concat(parts, " .. ", 1, 150))())
    print(loadstring("local x = 1 return " .. ("x - "):rep(1500) .. "x")())
    print(loadstring("local x = 1 return " .. ("x and "):rep(1500) .. "7")())
    local clauses = {} for i = 1, 300 do clauses[i] = "if x == " .. i .. " then return " .. i * 2 end
    print(loadstring("local x = 250 " .. table.concat(clauses, " else") .. " end")())`,
  'self tail calls run as a loop': `
    local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + 1) end
    print(loop(300000, 0))
    local function swap(a, b, n) if n == 0 then return a, b end return swap(b, a, n - 1) end
    print(swap(1, 2, 3))
    local function more(a, b) if a == nil then return "end" end return more(b) end
    print(more(1, 2))
    local fs = {}
    local function keep(n) local k = n fs[#fs + 1] = function() return k end if n == 0 then return end return keep(n - 1) end
    keep(2) print(fs[1](), fs[2](), fs[3]())`,
  'mutual and indirect tail calls do not nest': `
    local even, odd
    function even(n) if n == 0 then return true end return odd(n - 1) end
    function odd(n) if n == 0 then return false end return even(n - 1) end
    print(even(300001))
    function global_loop(n) if n == 0 then return "done", 1, 2, 3 end return global_loop(n - 1) end
    print(global_loop(300000))
    local states = {}
    states.a = function(n) if n == 0 then return "a" end return states.b(n - 1) end
    states.b = function(n) if n == 0 then return "b" end return states["a"](n - 1) end
    print(states.a(200001))
    local o = {} function o:down(n, ...) if n == 0 then return ... end return self:down(n - 1, ...) end
    print(o:down(200000, 1, nil, 3))
    local function cps(n, k) if n == 0 then return k(0) end return cps(n - 1, k) end
    print(cps(1000, function(x) return x end))
    local function nest(n) if n == 0 then return "inner" end return coroutine.wrap(function() return nest(n - 1) end)() end
    print(nest(50))
    local function relay(n) if n == 0 then return "relayed" end return (function(k) return relay(k - 1) end)(n) end
    print(relay(100000))
    local function each(n) if n == 0 then return pcall(error, "x") end return each(n - 1) end
    print(each(10))`,
  'deep recursion that is no tail call': `
    local function d(n) if n == 0 then return 0 end return 1 + d(n - 1) end
    print(d(5000))
    local ok, e = pcall(function() local function f() return 1 + f() end return f() end)
    print(ok, e:match("stack overflow"))`,
});
