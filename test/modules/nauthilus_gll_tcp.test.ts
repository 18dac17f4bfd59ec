import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenedServices } from '../../runtime/services/index.ts';
import { printer } from './lua-program.ts';
import { runProgram } from './program.ts';
import { services } from './script.ts';

let opened: OpenedServices;
let server: Server;
let address: string;
const sockets = new Set<Socket>();

/** Says what it is told to say, in pieces: `ab|cd` are two writes. */
async function converse(socket: Socket): Promise<void> {
  socket.setEncoding('latin1');
  for await (const line of socket as AsyncIterable<string>) {
    for (const piece of line.trimEnd().split('|')) {
      if (piece === 'BYE') socket.end();
      else if (piece === 'RESET') socket.resetAndDestroy();
      else if (piece === 'SLEEP') await sleep(300);
      else socket.write(JSON.parse(`"${piece}"`), 'latin1');
      await sleep(10);
    }
  }
}

before(async () => {
  opened = await services();
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    converse(socket).catch(() => {});
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  address = `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`;
});
after(async () => {
  server.close();
  for (const socket of sockets) socket.destroy();
  await opened.close();
});

const printed = printer(() => opened, 'nauthilus_gll_tcp');

test('lines, numbers of bytes and the rest are read across packets', async () => {
  const out = await printed(`
    local c = assert(tcp.open("${address}"))
    c:write("one |two\\\\r\\\\nth|ree\\\\n|12.5 x|\\\\u00ff\\\\u0000end|BYE\\n")
    print((c:read("*l"):gsub("\\r", "CR")), c:read("*l"), c:read("*n"), c:read(1), c:read("*a"):byte(1, -1))
    print(c:read("*l"), c:read("*a"), c:read("*n"))
  `);
  assert.equal(out, 'one twoCR\tthree\t12.5\t \t120\t255\t0\t101\t110\t100\nnil\t\t0\n');
});

test('a timeout is an error after its time, and the connection goes on', async () => {
  const started = performance.now();
  const out = await printed(`
    local c = assert(tcp.open("${address}"))
    c.readTimeout = 0.1
    c:write("SLEEP|late\\\\n\\n")
    print((select(2, pcall(c.read, c, "*l")):match("^read tcp 127%.0%.0%.1:%d+%->127%.0%.0%.1:%d+: i/o timeout$")) ~= nil)
    c.readTimeout = 5
    print(c:read("*l"))
    print(c.readTimeout, c.nosuch, pcall(function() c.readTimeout = {} end))
  `);
  assert.ok(performance.now() - started > 250);
  assert.match(out, /^true\nlate\n5\tnil\tfalse\t/);
});

test('the event loop goes on while a script reads', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await printed(`local c = tcp.open("${address}") c:write("SLEEP|x\\\\n\\n") print(c:read("*l"))`);
  clearInterval(timer);
  assert.ok(turns > 10, String(turns));
});

test('a connection that the peer resets, or that was closed, raises errors', async () => {
  const out = await printed(`
    local c = tcp.open("${address}")
    c:write("RESET\\n")
    print((pcall(c.read, c, "*l")), select("#", c:close()))
    print((select(2, pcall(c.close, c)):match("use of closed network connection")))
    print((select(2, pcall(c.read, c)):match("use of closed network connection")))
    print((select(2, pcall(c.write, c, "x")):match("use of closed network connection")))
  `);
  const closed = 'use of closed network connection\n';
  assert.match(out, /^(true|false)\t0\n/);
  assert.equal(out.replace(/^.*\n/, ''), closed.repeat(3));
});

test('a script that forgets a connection does not keep it', async () => {
  await printed(`for i = 1, 5 do assert(tcp.open("${address}")):close() end`);
  await sleep(100);
  assert.ok([...sockets].filter((socket) => !socket.destroyed).length < 10);
});

test('a connection that a script leaves open ends with the script', async () => {
  const { failure } = await runProgram(
    opened,
    `dynamic_loader("nauthilus_gll_tcp") left = assert(require("tcp").open("${address}")) error("gone", 0)`,
  );
  assert.match(failure ?? '', /^gone\n/);
  for (let tries = 0; [...sockets].some((socket) => !socket.destroyed) && tries < 50; tries++) await sleep(20);
  assert.equal([...sockets].filter((socket) => !socket.destroyed).length, 0);
});
