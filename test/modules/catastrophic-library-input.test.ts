/** The modules of the library with small inputs that ask for a lot. */
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
  'repetitions of repetitions': `print(regexp.compile("(a{1000}){1000}"))`,
  'repetitions of a large class': `regexp.match("(?:[^a]|[[:^alpha:]]|\\\\PL){900}$", ("é"):rep(200000))`,
  'thousands of alternatives': `regexp.match("(?:" .. ("a?|"):rep(20000) .. ")*$", ("b"):rep(20000))`,
  'a pattern nested too deep': `print(regexp.compile(("("):rep(100000)))`,
  'entities of entities': `
    local dtd = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    for i = 98, 110 do dtd = dtd .. '<!ENTITY ' .. string.char(i) .. ' "' .. ("&" .. string.char(i - 1) .. ";"):rep(10) .. '">' end
    xmlpath.load(dtd .. "]><x>&n;</x>"):string()`,
  'formatting elements that HTML opens again and again': `xmlpath.load(("<b><p>"):rep(3000)):string()`,
  'a deep document': `xmlpath.load(("<div>"):rep(300000)):string()`,
  'all pairs of nodes': `
    local path = xmlpath.compile("//*//*//*//*//*")
    path:iter(xmlpath.load(("<a><b>"):rep(300)))`,
  'tables that contain themselves': `local t = {} t[t] = t setmetatable(t, t) inspect({ t, t, { t } })`,
  'one table many times at every level': `local t = {} for _ = 1, 200 do t = { t, t, t, t } end inspect(t)`,
  'one table many times as JSON': `local t = {} for _ = 1, 200 do t = { t, t, t, t } end json.encode(t)`,
  'one table many times as YAML': `local t = {} for _ = 1, 200 do t = { t, t, t, t } end yaml.encode(t)`,
  'one table many times in a template': `local t = {} for _ = 1, 200 do t = { a = t, b = t } end template.choose("mustache"):render("{{x}}", { x = t })`,
  'thousands of tags': `template.choose("mustache"):render(("{{a}}"):rep(300000), { a = "x" })`,
  'a width of a progress bar': `local b = pb.new(1e300) b:configure({ template = '{{ string . "' .. ("x"):rep(1e6) .. '" }}' }) b:start() b:finish()`,
  'a template of a bar with many elements': `local b = pb.new(1) b:configure({ template = ("{{ bar . }}"):rep(50000) }) b:start() b:finish()`,
  'a long list of numbers': `local t = {} for i = 1, 1e6 do t[i] = i end print(stats.median(t), stats.percentile(t, 99), stats.standard_deviation(t))`,
  'long texts as base64 and back': `for _ = 1, 20 do base64.StdEncoding:decode_string(base64.StdEncoding:encode_to_string(("x"):rep(1e7))) end`,
  'long texts as hexadecimal and back': `for _ = 1, 20 do hex.decode_string(hex.encode_to_string(("x"):rep(1e7))) end`,
  'many options and a wrong one': `
    local parser = argparse("x")
    for i = 1, 2000 do parser:option("--option" .. i) end
    pcall(parser.parse, parser, { "--optoin" .. ("x"):rep(2000) })`,
  'many arguments': `local parser = argparse("x") parser:argument("a"):args("*") local t = {} for i = 1, 300000 do t[i] = "x" end parser:parse(t)`,
  'sizes and quantities beyond all measure': `
    print(pcall(humanize.ibytes, 1e308), pcall(humanize.parse_bytes, ("9"):rep(1e6) .. " EB"), humanize.si(1e308, "x"), humanize.time(1e300))`,
  'a URL with a million parameters': `http.build_url(http.parse_url("http://x/?" .. ("a=1&"):rep(1000000)))`,
  'a store without end': `
    local s = storage.open(os.tmpname()) local text = ("x"):rep(1e6)
    for i = 1, 1e6 do local err = s:set("key" .. i, text) if err then print(err) break end end`,
  'a layout without end': `time.format(0, ("January "):rep(500000)) time.parse(("1 "):rep(300000), ("1 "):rep(300000))`,
  'stars in stars': `filepath.match(("*a"):rep(2000), ("a"):rep(20000) .. "b")`,
  'a long command line': `local t = {} for i = 1, 300000 do t[i] = "it's" end shellescape.quote_command(t)`,
  'a format with a long precision': `log.new():printf("%.999999999f %999999999s %.999999999d", 1, "x", 1)`,
};

const HEAD = `
  for _, name in ipairs({ "regexp", "yaml", "json", "inspect", "template", "log", "xmlpath", "pb", "stats", "base64", "hex", "argparse",
    "humanize", "http", "time", "filepath", "shellescape", "storage" }) do
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
