/** Run by budget-kinds.test.ts in a process of its own with little memory: says which scripts did not end as they should. */
import { BudgetExceeded } from '../../runtime/engine/error.ts';
import { errorText, runLua } from '../run-lua.ts';

const GREEDY = [
  'local t = {} while true do t[#t + 1] = {} end',
  'local t while true do t = {t} end',
  'local t, n = {}, 0 while true do n = n + 1 t["key" .. n] = n end',
  'local t, n = {}, 0 while true do n = n + 1.5 t[n] = {n} end',
  'local t = {} while true do t[#t + 1] = ("x"):rep(1e5) .. #t t[#t]:byte(1) end',
  'local t = {} while true do t[#t + 1] = function() return t end end',
  'local t = {} while true do local c = coroutine.create(function() coroutine.yield() end) coroutine.resume(c) t[#t + 1] = c end',
  'local t, n = {}, 0 while true do n = n + 1 t[n] = loadstring("return " .. n .. ", {1, 2, 3}")() end',
  'local t = {} while true do t[#t + 1] = ("%s"):format(#t):rep(1000) end',
  'local t = {} while true do t[#t + 1] = {("abc"):byte(1, 3)} table.insert(t, 1, {}) end',
  'local t = {} while true do for w in ("a b c"):gmatch("%a") do t[#t + 1] = w .. #t end end',
  'local s = "" while true do s = s .. tostring(#s) .. " " end',
  'local n = 0 while true do n = n + 1 local function f() module("m" .. n) end f() end',
];

/** The deadline ends what needs too long to get there. */
const LIMITS = { deadlineMs: 500, memoryBytes: 64 << 20 };

for (const body of GREEDY) {
  const { error } = await runLua(`while true do pcall(function() ${body} end) end`, LIMITS);
  if (!(error instanceof BudgetExceeded)) console.log(`${body}: ${errorText(error)}`);
}
