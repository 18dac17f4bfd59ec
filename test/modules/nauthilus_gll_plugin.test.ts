/** Scripts in threads; what `plugin` does with good input is in the recorded cases, too. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { outputOf, runProgram } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

const HEAD = 'dynamic_loader("nauthilus_gll_plugin") local plugin = require("plugin")\n';

function printed(source: string, deadlineMs = 20_000): Promise<string> {
  return outputOf(opened, HEAD + source, { deadlineMs });
}

describe('a plugin', () => {
  test('computes for ever without holding up anybody, until it is stopped', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 10);
    const out = await printed(`
      local busy = plugin.do_string("while true do end")
      busy:run()
      print(busy:wait(0.5), busy:is_running())
      busy:stop()
      print(busy:wait(10), busy:is_running(), busy:error())
      busy:run() print((pcall(busy.run, busy))) busy:stop() busy:run() busy:stop() print(busy:wait(10))
      print(pcall(plugin.do_string("x").stop, plugin.do_string("x")))
    `);
    clearInterval(timer);
    assert.ok(turns > 20, String(turns));
    assert.match(
      out,
      /^context deadline exceeded\ttrue\ncontext canceled\tfalse\tcontext canceled\nfalse\ncontext canceled\nfalse\t/,
    );
  });

  test('outlives the script that started it, but not the services', async () => {
    const own = await services();
    const { failure } = await runProgram(
      own,
      `${HEAD} plugin.do_string([[require("time").sleep(60)]]):run() error("over", 0)`,
    );
    assert.match(String(failure), /^over/);
    await own.close();
  });

  test('finds the library modules and nothing of the server', async () => {
    const out = await printed(`
      local answers = channel.make(20)
      local p = plugin.do_string([[
        local answers = arg[1]
        for _, name in ipairs({ "json", "http", "http_server", "loglevel", "plugin", "crypto", "base64" }) do
          answers:send(name .. " " .. tostring(pcall(require, name)))
        end
        for _, name in ipairs({ "nauthilus_redis", "glua_http", "nauthilus_context" }) do
          answers:send(name .. " " .. tostring((pcall(require, name))))
        end
        answers:send(tostring(nauthilus_builtin) .. tostring(dynamic_loader) .. tostring(secret))
        answers:close()
      ]], answers)
      secret = 1
      p:run()
      while true do local ok, answer = answers:receive() if not ok then break end io.write(answer, ";") end
      print(p:wait(10))
    `);
    assert.equal(
      out,
      'json true;http true;http_server true;loglevel true;plugin true;crypto true;base64 true;' +
        'nauthilus_redis false;glua_http false;nauthilus_context false;nilnilnil;\n',
    );
  });

  test('starts further ones, which reach the same channels', async () => {
    const out = await printed(`
      local answers = channel.make(3)
      local outer = plugin.do_string([[
        local inner = require("plugin").do_string([=[
          local back = channel.make(1)
          arg[1]:send({ back = back, text = "from inside" })
          arg[1]:send(select(2, back:receive()))
        ]=], arg[1])
        inner:run()
        arg[1]:send(tostring((inner:wait(20))))
      ]], answers)
      outer:run()
      local _, first = answers:receive()
      print(first.text, type(first.back))
      first.back:send("there and back")
      print(select(2, answers:receive()), select(2, answers:receive()))
      print(outer:wait(20))
    `);
    assert.equal(out, 'from inside\tchannel\nthere and back\tnil\n\n');
  });

  test('ends with an error that has its traceback, and can run again', async () => {
    const out = await printed(`
      local p = plugin.do_string([[
        local function fail() error({ code = 1 }) end
        if payload then error("failed " .. payload) end
        fail()
      ]])
      p:run() print(p:wait(20))
      print(select("#", plugin.do_string("x"):error()))
      local q = plugin.do_string_with_payload("error('failed ' .. payload)", "now")
      for _ = 1, 2 do q:run() print((q:wait(20):match("^[^\\n]*"))) end
      print(#q:error() > 20, pcall(q.run))
    `);
    assert.match(out, /^\(error object is not a string\)\n/);
    assert.match(
      out,
      /\n0\n\[string "error\('failed ' \.\. payload\)"\]:1: failed now\n\[string .*failed now\ntrue\tfalse/,
    );
  });

  test('is one of a limited number', async () => {
    const own = await services();
    const { stdout } = await runProgram(
      own,
      `${HEAD} for i = 1, 100 do
        local ok, err = pcall(function() plugin.do_string("while true do end"):run() end)
        if not ok then print(i, err) break end
      end`,
    );
    await own.close();
    assert.match(stdout, /^17\t.*16 scripts are running already\n$/);
  });

  test('that wants too much memory ends alone', async () => {
    const out = await printed(`
      local p = plugin.do_string("local t = {} for i = 1, 1e9 do t[i] = { i } end")
      p:run()
      print((p:wait(20):match("not enough memory")))
    `);
    assert.equal(out, 'not enough memory\n');
  });

  test('refuses what cannot be in two places', async () => {
    const out = await printed(`
      local captured = 1
      for _, value in ipairs({
        function() return captured end, setmetatable({}, {}), coroutine.create(print), plugin.do_string("x"),
        { { function() return captured end } },
      }) do print(select(2, pcall(plugin.do_string, "x", value))) end
      local cycle = {} cycle.self = cycle
      local back = channel.make(1)
      local p = plugin.do_string("local t = arg[1] arg[2]:send(t.self.self == t and type(t.call) == 'function' and t.call(2))", cycle, back)
      cycle.call = function(n) return n + 1 end
      p = plugin.do_string("local t = arg[1] arg[2]:send(t.self.self == t and t.call(2))", cycle, back)
      p:run() print(p:wait(20), select(2, back:receive()))
    `);
    const lines = out.split('\n');
    assert.match(lines[0]!, /cannot pass closures/);
    assert.match(lines[1]!, /tables with metadata are not allowed/);
    assert.match(lines[2]!, /thread is not allowed/);
    assert.match(lines[3]!, /userdata is not allowed/);
    assert.match(lines[4]!, /cannot pass closures/);
    assert.equal(lines[5], 'nil\t3');
  });
});

describe('a channel', () => {
  test('passes values on in their order, copied', async () => {
    const out = await printed(`
      local c = channel.make(2)
      local sent = { 1, { "x" } }
      c:send(sent) c:send("b")
      sent[2][1] = "changed"
      local _, got = c:receive()
      print(got[2][1], got == sent, select(2, c:receive()), type(c), tostring(c):match("^%a+"))
      c:send(nil) print(c:receive())
      c:close() print(c:receive())
    `);
    assert.equal(out, 'x\tfalse\tb\tchannel\tchannel\ntrue\tnil\nfalse\tnil\n');
  });

  test('can be asked for together with others', async () => {
    const out = await printed(`
      local a, b = channel.make(1), channel.make()
      print(channel.select({ "<-|", a, 5, function(value) print("sent", value) end }, { "|<-", b }))
      print(channel.select({ "|<-", b }, { "|<-", a, function(ok, value) print("got", ok, value) end }))
      print(channel.select({ "|<-", a }, { "default", function() print("nothing") end }))
      b:close()
      print(channel.select({ "|<-", a }, { "|<-", b }))
    `);
    assert.equal(out, 'sent\t5\n1\tnil\tfalse\ngot\ttrue\t5\n2\t5\ttrue\nnothing\n2\tnil\tfalse\n2\tnil\tfalse\n');
  });

  test('that is used wrongly raises errors', async () => {
    const out = await printed(`
      local c = channel.make()
      for _, value in ipairs({ print, setmetatable({}, {}), coroutine.create(print) }) do
        print((select(2, pcall(c.send, c, value)):match("can not send a function, userdata, thread or table that has a metatable")) ~= nil)
      end
      c:close()
      print(pcall(c.send, c, 1)) print(pcall(c.close, c))
      print(pcall(channel.make, -1)) print(pcall(channel.select, { "up", c })) print(pcall(channel.select, { "|<-", 1 }))
      print(pcall(c.receive, 1))
    `);
    assert.match(
      out,
      /^true\ntrue\ntrue\nfalse\t.*send on closed channel\nfalse\t.*close of closed channel\nfalse\t.*invalid capacity\)\n/,
    );
    assert.match(
      out,
      /invalid channel direction: up\)\nfalse\t.*invalid select case\)\nfalse\t.*channel expected, got number/,
    );
  });

  test('does not give values to a script whose time is up', async () => {
    const channel = opened.channels.make(1);
    const pending = opened.channels.select([{ direction: 'receive', channel }], true);
    pending.cancel();
    await opened.channels.select([{ direction: 'send', channel, value: 'kept' }], true).selected;
    const { value } = await opened.channels.select([{ direction: 'receive', channel }], true).selected;
    assert.equal(value, 'kept');
    const { failure } = await runProgram(opened, 'channel.make():receive()', { deadlineMs: 200 });
    assert.notEqual(failure, undefined);
  });

  test('has nobody starve', async () => {
    const out = await printed(`
      local a, b, n = channel.make(200), channel.make(200), { 0, 0 }
      for i = 1, 200 do a:send(i) b:send(i) end
      for i = 1, 100 do local at = channel.select({ "|<-", a }, { "|<-", b }) n[at] = n[at] + 1 end
      print(n[1] > 10 and n[2] > 10)
    `);
    assert.equal(out, 'true\n');
  });
});
