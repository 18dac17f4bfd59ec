/** Library functions that call back, in compiled programs: the analysis must see that their calls may wait. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { errorText, runLua } from '../run-lua.ts';

const programs: readonly (readonly [string, string, string])[] = [
  [
    'sort',
    'local t = {3, 1, 2} table.sort(t, function(a, b) wait() return a < b end) print(t[1], t[2], t[3])',
    '1\t2\t3',
  ],
  ['gsub with a function', 'print((("ab"):gsub("%a", function(c) return wait(c .. c) end)))', 'aabb'],
  ['foreach', 'print(table.foreach({x = 1}, function(k, v) return wait(k) end))', 'x'],
  ['foreachi', 'print(table.foreachi({1, 2}, function(i, v) wait() if v == 2 then return "two" end end))', 'two'],
  [
    'sort by __lt',
    `local mt = {__lt = function(a, b) return wait(a.v < b.v) end}
     local t = {} for i = 1, 4 do t[i] = setmetatable({v = -i}, mt) end
     table.sort(t) print(t[1].v, t[4].v)`,
    '-4\t-1',
  ],
  [
    'gsub with __index',
    `print((("ab"):gsub("%a", setmetatable({}, {__index = function(_, k) return wait("<" .. k .. ">") end}))))`,
    '<a><b>',
  ],
  [
    'format with __tostring',
    'print(("%s!"):format(setmetatable({}, {__tostring = function() return wait("T") end})))',
    'T!',
  ],
  [
    'yield in gsub',
    `local co = coroutine.wrap(function() return (("xy"):gsub(".", function(c) return coroutine.yield(c) end)) end)
     print(co(), co("1"), co("2"))`,
    'x\ty\t12',
  ],
];

for (const [name, source, printed] of programs) {
  test(`${name} waits when what it calls waits`, async () => {
    const { stdout, error } = await runLua(source);
    assert.equal(error === undefined ? stdout : errorText(error), `${printed}\n`);
  });
}
