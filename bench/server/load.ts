/** The load generator, a process of its own: gets orders from its parent, runs one after the other, reports each. */
import { z } from 'zod';
import { Connection } from './connection.ts';
import { loginRequest } from './logins.ts';

/** Logins over so many connections, each with one under way, for so many seconds. */
const orderSchema = z.object({
  port: z.number(),
  connections: z.number(),
  seconds: z.number(),
  path: z.string(),
  hasWrongPasswords: z.boolean(),
  isOneUser: z.boolean(),
});
export type Order = z.infer<typeof orderSchema>;

/** What came of an order; times in milliseconds. */
export const loadSchema = z.object({
  seconds: z.number(),
  accepted: z.number(),
  rejected: z.number(),
  p50: z.number(),
  p99: z.number(),
});
export type Load = z.infer<typeof loadSchema>;

async function run(order: Order): Promise<Load> {
  const connections = await Promise.all(Array.from({ length: order.connections }, () => Connection.open(order.port)));
  const times: number[] = [];
  let [sent, accepted, rejected] = [0, 0, 0];
  const began = performance.now();
  const end = began + 1000 * order.seconds;
  const loop = async (connection: Connection) => {
    for (let now = performance.now(); now < end; ) {
      const { status, head, body } = await connection.send(loginRequest(order, sent++));
      const then = now;
      now = performance.now();
      times.push(now - then);
      if (status === 200) accepted++;
      else if (status === 403 && order.hasWrongPasswords) rejected++;
      else throw new Error(`${head}\n\n${body}`);
    }
  };
  await Promise.all(connections.map(loop));
  const seconds = (performance.now() - began) / 1000;
  for (const connection of connections) connection.close();
  times.sort((one, other) => one - other);
  const quantile = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return { seconds, accepted, rejected, p50: quantile(0.5), p99: quantile(0.99) };
}

if (process.send !== undefined) {
  process.on('message', async (order) => process.send?.(await run(orderSchema.parse(order))));
}
