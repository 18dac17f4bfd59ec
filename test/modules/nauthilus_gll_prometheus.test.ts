import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { freePort } from '../servers/redis.ts';
import { outputOf } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
before(async () => {
  opened = await services();
});
after(() => opened.close());

function printed(source: string): Promise<string> {
  return outputOf(
    opened,
    `dynamic_loader("nauthilus_gll_prometheus") local prometheus = require("prometheus") ${source}`,
  );
}

test('metrics are on the page of the server, and two scripts feed the same one', async () => {
  const script = `
    local logins = prometheus.counter({ namespace = "mail", name = "logins", help = "Logins.", labels = { "proto", "client" } })
    logins:inc({ client = "c\\"1", proto = "imap" })
  `;
  await printed(script);
  await printed(script);
  assert.match(await opened.metrics.text(), /^mail_logins\{client="c\\"1",proto="imap"\} 2$/m);
});

test('a page at an address of its own ends with the script', async () => {
  const port = await freePort();
  const running = printed(`
    dynamic_loader("nauthilus_gll_time")
    local page = prometheus.register("127.0.0.1:${port}")
    page:start() page:start()
    require("time").sleep(0.4)
  `);
  await new Promise((resolve) => setTimeout(resolve, 150));
  const url = `http://127.0.0.1:${port}`;
  assert.equal((await fetch(`${url}/metrics?x=1`)).status, 200);
  assert.equal((await fetch(`${url}//`)).status, 404);
  await running;
  await assert.rejects(fetch(`${url}/metrics`));
});

test('values that a metric cannot have are errors', async () => {
  const out = await printed(`
    local counter = prometheus.counter({ name = "odd_counter", help = "h" })
    local gauge = prometheus.gauge({ name = "odd_gauge", help = "h", labels = { "a" } })
    for _, value in ipairs({ -1, 0/0, 1/0 }) do
      print((pcall(counter.add, counter, value)), (pcall(gauge.set, gauge, value, { a = "x" })))
    end
    print(select(2, pcall(gauge.set, gauge, 1)))
    print(select(2, pcall(gauge.set, gauge, 1, { b = "x" })))
    print(prometheus.gauge({ name = "odd_gauge", help = "h", labels = { "b" } }))
    print(prometheus.gauge({ name = "logins_total", help = "h" }))
    print((select(2, prometheus.counter({ name = "ok", labels = { "a b" } }))))
    print((select(2, prometheus.counter({}))))
    prometheus.register("127.0.0.1:99999"):start()
  `);
  assert.match(
    out,
    /^false\ttrue\nfalse\tfalse\nfalse\tfalse\n.*inconsistent label cardinality.*\n.*label name "a" missing/,
  );
  assert.match(out, /nil\talready created with over config\nnil\tduplicate metrics collector registration attempted/);
  assert.match(
    out,
    /is invalid: "a b" is not a valid label name.*\ndescriptor .*is invalid: "" is not a valid metric name\n$/,
  );
});
