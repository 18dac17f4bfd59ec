/** goto and labels, as gopher-lua has them. */
import { prints } from '../lua.ts';

prints({
  'continue in every loop': [
    `for i = 1, 5 do if i % 2 == 0 then goto continue end io.write(i, " ") ::continue:: end
     local n = 0 while n < 5 do n = n + 1 if n == 3 then goto next end io.write(n, " ") ::next:: end
     n = 0 repeat n = n + 1 if n == 2 then goto again end io.write(n, " ") ::again:: until n >= 4
     for k, v in ipairs({5, 6, 7}) do for j = 1, 3 do if j == 2 then goto outer end io.write(k, j, " ") end ::outer:: end print()`,
    '1 3 5 1 2 4 5 1 3 4 11 21 31 \n',
  ],
  'forward past nested loops': [
    `for i = 1, 3 do for j = 1, 3 do for k = 1, 3 do if i * j * k == 4 then goto done end io.write(i, j, k, " ") end end end
     ::done:: print("end")`,
    '111 112 113 121 end\n',
  ],
  backward: [
    `local i = 1 ::top:: io.write(i, " ") i = i + 1 if i <= 3 then goto top end print("end")
     for a = 1, 2 do local n = 0 ::again:: n = n + 1 if n < 3 then goto again end if a == 2 then break end io.write(a, n, " ") end print()`,
    '1 2 3 end\n13 \n',
  ],
  'closures made on the way round are fresh': [
    `local f = {} local i = 0
     ::top:: local x = i f[#f + 1] = function() x = x + 10 return x end i = i + 1 if i < 3 then goto top end
     print(f[1](), f[1](), f[2](), f[3]())
     do local k = 0 local g = {}
       ::a:: k = k + 1 local y = k g[#g + 1] = function() y = y + 1 return y end if k == 1 then goto b end if k == 2 then goto a end goto c
       ::b:: if k < 3 then goto a end
       ::c:: print(k, g[1](), g[1](), g[2](), g[#g]()) end`,
    '10 20 11 12\n3 2 3 3 4\n'.replace(/ /g, '\t'),
  ],
  'labels that jump among each other': [
    `local log, n = {}, 0
     goto start
     ::one:: log[#log + 1] = "one" if n > 3 then goto stop end goto two
     ::start:: log[#log + 1] = "start"
     ::two:: n = n + 1 log[#log + 1] = "two" .. n if n % 2 == 1 then goto one end goto two
     ::stop:: print(table.concat(log, " "))`,
    'start two1 one two2 two3 one two4 two5 one\n',
  ],
  'break out of a loop around labels': [
    `for i = 1, 3 do
       local n = 0
       ::a:: n = n + 1 if n == 2 then goto b end if n > 4 then break end goto a
       ::b:: if n < 4 then goto a end
       io.write(i, n, " ")
     end
     local k = 0
     while true do ::top:: k = k + 1 if k < 3 then goto top end if k > 5 then break end end print(k)`,
    '6\n',
  ],
  'in functions, with varargs and returns': [
    `local function f(...) local i = 1 ::top:: if i > select("#", ...) then return "end" end if select(i, ...) == "x" then return i end i = i + 1 goto top end
     print(f("a", "x"), f("a"), f())`,
    '2\tend\tend\n',
  ],
});
