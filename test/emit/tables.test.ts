/** Tables: constructors, fields, elements, traversal, inheritance and its invalidation. */
import { prints, sameAsLua } from '../lua.ts';

sameAsLua({
  'constructors in every shape': `
    local function three() return 1, 2, 3 end
    local function f(...) return {...}, {..., "x"}, {"x", ...}, {n = select("#", ...), ...} end
    for _, t in ipairs({f(1, nil, 3)}) do print(t[1], t[2], t[3], t[4], t.n) end
    print(#{three()}, #{three(), three()}, #{(three())}, #{three(), nil}, #{nil, nil, 3}, #{nil})
    local t = {[1] = "key", "positional", [2] = "two"; x = 1, ["y z"] = 2, [3.0] = 3, [true] = 4}
    print(t[1], t[2], t.x, t["y z"], t[3], t[true])
    local d = {a = 1, a = 2, ["a"] = 3} print(d.a)
    local e = {["10"] = "s", [10] = "n", ["0x"] = 1} print(e["10"], e[10], e["0x"])
    print(pcall(function() return {[nil] = 1} end))
    print(pcall(function() return {[0/0] = 1} end))
    local n = {x = nil, y = false} print(n.x, n.y, next(n))
    local nested = {{1, {2}}, a = {b = {c = "deep"}}} print(nested[1][2][1], nested.a.b.c)`,
  'keys keep their kind': `
    local t = {}
    t[1] = "n" t["1"] = "s" t[1.5] = "f" t[-1] = "m" t[true] = "b" t[t] = "t" t[print] = "p" t[2^53] = "big"
    print(t[1], t["1"], t[1.5], t[-1], t[true], t[t], t[print], t[9007199254740992], t[0], t[1e300])
    local z = 0 t[-z] = "zero" print(t[0])
    print(pcall(function() t[nil] = 1 end)) print(pcall(function() t[0/0] = 1 end)) print(t[nil], t[0/0])
    t["1"] = nil print(t["1"], t[1])`,
  'array part: growth, holes, length': `
    local t = {} for i = 1, 100 do t[i] = i end for i = 100, 51, -1 do t[i] = nil end print(#t)
    t[#t + 1] = "x" print(#t, t[51]) t[#t] = nil print(#t)
    local r = {} for i = 10, 1, -1 do r[i] = i end print(#r, r[1], r[10])
    local s = {} s[1000000] = 1 s[1] = 1 print(s[1000000], s[2], #s)
    local h = {1, 2, 3} h[5] = 5 h[4] = 4 print(#h, h[5])
    local q = {} for i = 1, 20 do q[i] = true end for i = 1, 20 do q[i] = nil end print(#q, next(q))
    local f = {1, 2, 3} f[1.0] = "a" f[2 + 0] = "b" print(f[1], f[2], #f)
    table.insert(f, "e") table.insert(f, 1, "s") print(table.concat(f, ","), table.remove(f), table.remove(f, 1), #f)`,
  'fields of unknown values': `
    for _, v in ipairs({1, "s", true, print}) do
      print(pcall(function() return v.x.y end))
      print((pcall(function() v.x = 1 end)), (pcall(function() v[1] = 1 end)))
    end
    print(pcall(function() local n return n.x end)) print(pcall(function() local n n.x = 1 end))
    print(pcall(function() return undefinedvar.x end)) print(pcall(function() return ("x").y.z end))
    print(pcall(function() local t = {} return t.a.b.c end)) print(pcall(function() local t = {} t.a.b = 1 end))
    print(pcall(function() local t = {} return t[1][2] end)) print(pcall(function() local t = {} return t:nope() end))`,
  'traversal survives assignment and removal': `
    local t = {} for i = 1, 30 do t["k" .. i] = i t[i] = i end
    local n, sum = 0, 0
    for k, v in pairs(t) do n = n + 1 sum = sum + v t[k] = v + 1 if n % 2 == 0 then t[k] = nil end end
    local left = 0 for _ in pairs(t) do left = left + 1 end
    print(n, sum, left)
    for k in pairs(t) do t[k] = nil end print(next(t))
    local u = {a = 1} local k, v = next(u) print(k, v, next(u, k)) print(pcall(next, u, "no"))
    local outer = {a = 1, b = 2} local count = 0
    for _ in pairs(outer) do for _ in pairs(outer) do count = count + 1 end end print(count)
    local w = {1, 2, 3} local k1 = next(w) local k2 = next(w, k1) print(k1, k2, next(w, next(w, k2)))`,
  'many computed keys': `
    local t = {} for i = 1, 500 do t["key" .. i] = i end
    local n = 0 for k, v in pairs(t) do assert(k == "key" .. v) n = n + 1 end
    print(n, t.key1, t.key250, t.key500, t.key501)
    t.key7 = nil t.key501 = "new" t.key1 = "changed" print(t.key7, t.key501, t.key1, rawget(t, "key7"))
    local m = {} function m:get() return self.key3 end setmetatable(t, {__index = m})
    print(t:get(), t.missing) t.get = function() return "own" end print(t:get())
    for i = 1, 500 do t["key" .. i] = nil end
    local c = 0 for _ in pairs(t) do c = c + 1 end print(c)
    for round = 1, 20 do for i = 1, 200 do t[round .. "x" .. i] = i t[round .. "x" .. i] = nil end end
    c = 0 for _ in pairs(t) do c = c + 1 end print(c)`,
  'inheritance, depth 1 to 5, and changes above': `
    local A = {name = "A"} A.__index = A
    function A.new(x) return setmetatable({x = x}, A) end
    function A:get() return self.x end function A:who() return "A.who" end
    local B = setmetatable({name = "B"}, {__index = A}) B.__index = B
    local C = setmetatable({}, B) C.__index = C
    local D = setmetatable({}, C) D.__index = D
    local d = setmetatable({x = 7}, D)
    local s = 0 for i = 1, 500 do s = s + d:get() + #d:who() + (d.name == "B" and 1 or 0) end print(s)
    function A:who() return "A.changed" end print(d:who())
    function C:who() return "C.who" end print(d:who()) for i = 1, 300 do d:who() d:get() end
    C.who = nil print(d:who()) B.name = nil print(d.name) A.name = "A2" print(d.name)
    D.get = function() return "D.get" end print(d:get()) rawset(D, "get", nil) print(d:get())
    for i = 1, 500 do d:get() end setmetatable(C, {__index = {get = function() return "other" end}}) print(d:get(), d.name)
    for i = 1, 500 do d:get() end getmetatable(C).__index = function(_, k) return "fn:" .. k end print(d.get, d.name)
    getmetatable(C).__index = nil print(d.get, d.name)
    D.__index = A print(d:get()) D.__index = nil print(d.get)`,
  'numbers as holders of fields': `
    print(pcall(function() local n = 5 return n.x end)) print(pcall(function() local n = 5 n.x = 1 end))
    print(pcall(function() return (5)[1] end)) print(pcall(function() local n = 5 return n:foo() end))
    for i = 1, 2 do print(pcall(function() return i.x end)) end
    debug.setmetatable(0, {
      __index = function(n, k) return n .. k end, __newindex = function(n, k, v) print("set", n, k, v) end,
      __call = function(n, a) return n + a end })
    local n = 5
    print(n.x, (7).y, n[1], n(6)) n.k = 3 n[2] = 4
    for i = 1, 2 do print(i.z, i[9]) i.w = 1 end`,
  'metatable made in the constructor call': `
    local Class = {} function Class:inc() self.n = self.n + 1 return self.n end
    local function new() return setmetatable({n = 0}, {__index = Class}) end
    local a, b = new(), new() print(a:inc(), a:inc(), b:inc())
    print(getmetatable(a) == getmetatable(a), getmetatable(a) == getmetatable(b), getmetatable(a).__index == Class)
    getmetatable(a).__index = {inc = function() return "own" end} print(a:inc(), b:inc())
    getmetatable(b).__newindex = function(t, k, v) rawset(t, k, v * 2) end b.z = 4 print(b.z, b.n)
    Class.more = "m" print(a.more, b.more)
    print(pcall(function() return setmetatable(1, {__index = Class}) end))
    local p = setmetatable({}, {__metatable = "locked"}) print(pcall(function() return setmetatable(p, {__index = Class}) end))
    local old = setmetatable setmetatable = function(t) return "replaced" end print(new()) setmetatable = old`,
  'events of metatables set after the fact': `
    local mt = {} local t = setmetatable({a = 1}, mt)
    print(t.x) mt.__index = function(_, k) return k .. "!" end print(t.x, t.a)
    mt.__newindex = function(s, k, v) rawset(s, k, "set " .. tostring(v)) end t.x = 1 t.a = 2 print(t.x, t.a)
    t[1] = "one" t[2] = "two" print(t[1], t[2], #t) mt.__newindex = nil t.y = 3 print(t.y)
    mt.__index = nil print(t.zzz) rawset(mt, "__index", {zzz = "raw"}) print(t.zzz)
    local key = "__in" .. "dex" mt[key] = {zzz = "dynamic"} print(t.zzz) mt[key] = nil print(t.zzz)
    mt.__call = function(self, ...) return select("#", ...), ... end print(t(1, nil, 3))
    mt.__unm = function() return "minus" end mt.__concat = function(a, b) return "cat" end print(-t, t .. "x", "x" .. t, 1 .. t)
    local base = {} setmetatable(base, {__index = function(_, k) return "base " .. k end}) mt.__index = base print(t.q)`,
  'proxies for numbers, strings and objects': `
    local log = {}
    local p = setmetatable({}, {__index = function(_, k) log[#log + 1] = "r" .. tostring(k) return nil end,
      __newindex = function(_, k, v) log[#log + 1] = "w" .. tostring(k) .. tostring(v) end})
    local _ = p.a, p[1], p["b"], p[2.5] p.a = 1 p[1] = 2 p["c"] = 3 p[p] = nil
    for i = 1, 3 do p[i] = i local _ = p[i] end
    for i, s in ipairs(log) do log[i] = s:gsub("table: .*", "table") end
    print(table.concat(log, " "))
    local store = {} local q = setmetatable({}, {__index = store, __newindex = store})
    q.x = 1 q[1] = "one" q[2] = "two" print(rawget(q, "x"), store.x, store[1], q[2], #store, q.x)
    local strict = setmetatable({}, {__newindex = function(_, k) error("no " .. k, 2) end})
    print(pcall(function() strict.x = 1 end))`,
  'globals with a metatable': `
    setmetatable(_G, {__index = function(_, k) return "global " .. k end, __newindex = function(t, k, v) rawset(t, k, v and v .. "!") end})
    print(nothing) something = "value" print(something) something = "again" print(something)
    print(pcall(function() return nothing.x end)) setmetatable(_G, nil) print(nothing)
    _G["my key"] = 1 print(_G["my key"], rawget(_G, "print") == print) print = print
    local p = print print = nil p(print, _G.print) print = p _G._G = nil p(_G) `,
  'string methods come from the string table': `
    print(("x"):rep(3), ("abc"):upper():lower(), #("abc"):sub(2)) local s = "hello" print(s:len(), s:byte(1), type(s.len), ("x").nothing)
    function string:shout(n) return self:upper() .. ("!"):rep(n) end print(s:shout(2), ("a"):shout(1))
    local old = string.sub string.sub = function() return "patched" end print(s:sub(1)) string.sub = old print(s:sub(2, 3))
    getmetatable("").__index = function(str, i) if type(i) == "number" then return string.sub(str, i, i) end return string[i] end
    print(s[1], s[5], s:upper(), s:shout(1)) getmetatable("").__index = string print(s[1], s:upper())
    getmetatable("").__add = function(a, b) return a .. "+" .. b end print(pcall(function() return "a" + "b" end))`,
});

prints({
  'pairs goes through the array, then in order of insertion': [
    `local t = {z = 1, y = 2, 10, 20} t.x = 3 t[true] = 4 t.w = 5 t[3] = 30 t["1"] = 6
     t.y = nil t.y = 22 t.v = 7
     for k, v in pairs(t) do io.write(tostring(k), "=", v, " ") end print()
     local u = {} u[0] = "zero" u.a = 1 u[-1] = "minus" u.b = 2 u[1] = "one" u.a = nil u.a = 3
     for k, v in pairs(u) do io.write(tostring(k), "=", v, " ") end print()
     for k, v in next, u do io.write(tostring(k), "=", v, " ") end print()`,
    '1=10 2=20 3=30 z=1 y=22 x=3 true=4 w=5 1=6 v=7 \n1=one 0=zero a=3 -1=minus b=2 \n1=one 0=zero a=3 -1=minus b=2 \n',
  ],
  '__len of a table is called': [
    `local t = setmetatable({1, 2, 3}, {__len = function(s) return 42 end}) print(#t) t[#t + 1] = 1 print(rawget(t, 43))
     local mt = {} local u = setmetatable({1, 2}, mt) print(#u) mt.__len = function() return "len" end print(#u) mt.__len = nil print(#u)`,
    '42\n1\n2\nlen\n2\n',
  ],
});
