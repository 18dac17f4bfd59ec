/** Memory while 512 requests wait for a Redis that does not answer, and the time from the artifact's start to its first answer. */
import type { RedisServer } from '../../test/servers/redis.ts';
import { median } from './compare.ts';
import { Connection } from './connection.ts';
import type { Generator } from './generator.ts';
import { loginRequest } from './logins.ts';
import { buildProject, residentMegabytes, settle, startOurs } from './processes.ts';
import type { Scenario } from './scenarios.ts';

const WAITING = 512;
/** Until all of them have reached the frozen Redis. */
const FROZEN_MS = 1000;
const LOAD_SECONDS = 3;
const CONNECTIONS = 64;

export interface Memory {
  /** Of a server that has answered a few requests before, MB. */
  readonly fresh: number;
  /** Of one that has been under load before, MB. */
  readonly afterLoad: number;
}

export async function measureWaiting(scenario: Scenario, redis: RedisServer, generator: Generator): Promise<Memory> {
  const project = await buildProject(scenario.stages, redis.address);
  const server = await startOurs(project);
  const pid = server.child.pid!;
  try {
    const warm = await Connection.open(server.port);
    for (let n = 0; n < 10; n++) await warm.send(loginRequest(scenario, n));
    warm.close();
    const fresh = await whileWaiting(scenario, server.port, redis, pid);
    const { path, hasWrongPasswords, isOneUser } = scenario;
    const kind = { path, hasWrongPasswords, isOneUser };
    await generator.run({ port: server.port, connections: CONNECTIONS, seconds: LOAD_SECONDS, ...kind });
    await settle(pid);
    return { fresh, afterLoad: await whileWaiting(scenario, server.port, redis, pid) };
  } finally {
    await server.stop();
    project.sandbox.remove();
  }
}

/** All of them have to be answered in the end, with success. */
async function whileWaiting(scenario: Scenario, port: number, redis: RedisServer, pid: number): Promise<number> {
  const connections = await Promise.all(Array.from({ length: WAITING }, () => Connection.open(port)));
  redis.freeze();
  let answered = 0;
  const answers = connections.map(async (connection, n) => {
    const answer = await connection.send(loginRequest(scenario, n));
    answered++;
    return answer;
  });
  await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
  const megabytes = residentMegabytes(pid);
  const early = answered;
  redis.thaw();
  const failed = (await Promise.all(answers)).filter(({ status }) => status !== 200);
  for (const connection of connections) connection.close();
  if (early > 0) throw new Error(`${early} of ${WAITING} requests did not wait`);
  if (failed.length > 0) throw new Error(`${failed.length} of ${WAITING} requests failed, e.g. ${failed[0]?.head}`);
  return megabytes;
}

/** Milliseconds from the start of the process to the end of the first answer, median; `flags` for Node. */
export async function measureStart(
  scenario: Scenario,
  redis: RedisServer,
  rounds: number,
  flags: readonly string[],
): Promise<number> {
  const project = await buildProject(scenario.stages, redis.address);
  const times: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      const server = await startOurs(project, flags);
      const connection = await Connection.open(server.port);
      await connection.send(loginRequest(scenario, round));
      times.push(performance.now() - began);
      connection.close();
      await server.stop();
    }
    return median(times);
  } finally {
    project.sandbox.remove();
  }
}
