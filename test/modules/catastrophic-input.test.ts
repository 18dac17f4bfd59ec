/** Small inputs that ask for a lot: each ends within its limits, as a result or as an error, and the process goes on. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { LATEST_MS, MOST_GROWTH, runLimited } from './limits.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const INPUTS: Readonly<Record<string, string>> = {
  'a pattern of nested repetitions on a text that does not match': `
    regexp.match("(a+)+$", ("a"):rep(30000) .. "b")`,
  'a pattern of many counted repetitions': `regexp.compile(("a{1000}"):rep(50))`,
  'repetitions within repetitions': `regexp.compile("((((((a{10}){10}){10}){10}){10}){10}){10}")`,
  'all matches of an empty pattern in a long text': `regexp.find_all_string_submatch("", ("x"):rep(2000000))`,
  'a pattern with thousands of groups': `regexp.find_all_string_submatch(("(a?)"):rep(3000), ("a"):rep(3000))`,
  'aliases of aliases': `
    local lines = { "a: &a [x,x,x,x,x,x,x,x,x]" }
    for i = 98, 110 do lines[#lines + 1] = string.char(i) .. ": &" .. string.char(i) .. " [" .. ("*" .. string.char(i - 1) .. ","):rep(9) .. "]" end
    yaml.decode(table.concat(lines, "\\n"))`,
  'merge keys of merge keys': `
    local lines = { "a: &a {x: 1}" }
    for i = 98, 120 do lines[#lines + 1] = string.char(i) .. ": &" .. string.char(i) .. " {<<: [" .. ("*" .. string.char(i - 1) .. ","):rep(9) .. "]}" end
    yaml.decode(table.concat(lines, "\\n"))`,
  'deep lists in YAML': `yaml.decode(("["):rep(100000))`,
  'deep blocks in YAML': `local t = {} for i = 1, 5000 do t[i] = (" "):rep(i) .. "a:" end yaml.decode(table.concat(t, "\\n"))`,
  'deep lists in JSON': `json.decode(("["):rep(1000000))`,
  'deep objects in JSON, closed': `json.decode(('{"a":'):rep(200000) .. "1" .. ("}"):rep(200000))`,
  'a deep table as JSON': `local t = {} for _ = 1, 200000 do t = { t } end json.encode(t)`,
  'a deep table as YAML': `local t = {} for _ = 1, 200000 do t = { t } end yaml.encode(t)`,
  'a deep table to inspect': `local t = {} for _ = 1, 200000 do t = { t } end inspect(t)`,
  'a long number in JSON': `json.decode(("9"):rep(2000000))`,
  'sections within sections of a template': `
    local list = {} for i = 1, 60 do list[i] = i end
    template.choose("mustache"):render(("{{#l}}"):rep(6) .. "x" .. ("{{/l}}"):rep(6), { l = list })`,
  'deep sections of a template': `template.choose("mustache"):render(("{{#a}}"):rep(100000) .. ("{{/a}}"):rep(100000), { a = true })`,
  'a repeated text that no memory holds': `local s = ("x"):rep(1e9)`,
  'a text that doubles': `local s = "x" while true do s = s .. s end`,
  'a width that no memory holds': `log.new():printf("%2000000000d", 1)`,
  'pieces of a long text': `local t = strings.split(("a,"):rep(5000000), ",")`,
  'a query that never ends': `
    local d = db.open("sqlite3", ":memory:")
    d:query("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n")`,
  'rows that no memory holds': `
    local d = db.open("sqlite3", ":memory:")
    d:query("with recursive n(i) as (select 1 union all select i + 1 from n limit 3000000) select i, i, i, i from n")`,
};

const HEAD = `
  for _, name in ipairs({ "regexp", "yaml", "json", "inspect", "template", "log", "strings", "db" }) do
    dynamic_loader("nauthilus_gll_" .. name) _G[name] = require(name)
  end
`;

for (const [what, program] of Object.entries(INPUTS)) {
  test(what, async () => {
    const { failure, tookMs, growth } = await runLimited(opened, HEAD + program);
    assert.doesNotMatch(failure ?? '', /internal error|undefined|JavaScript|at .*\.ts/);
    assert.ok(tookMs < LATEST_MS, `${tookMs} ms`);
    assert.ok(growth < MOST_GROWTH, `${growth} bytes more`);
  });
}
