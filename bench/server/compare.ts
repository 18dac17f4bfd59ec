/** One scenario: the artifact and the bare handler in turns, many short rounds, so that both meet the same machine. */
import { deepStrictEqual } from 'node:assert/strict';
import { Redis } from 'ioredis';
import { Connection } from './connection.ts';
import type { Generator } from './generator.ts';
import { loginRequest } from './logins.ts';
import { buildProject, type Measured, processorSeconds, settle, startBare, startOurs } from './processes.ts';
import type { Scenario } from './scenarios.ts';

/** What one server made of one scenario: medians of the rounds. */
export interface Figures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Processor time per request in microseconds, post actions included. */
  readonly processor: number;
  /** Redis commands per request. */
  readonly commands: number;
}

export interface Comparison {
  readonly ours: Figures;
  readonly bare: Figures;
  /** Median of the rounds' ratios, ours to bare. */
  readonly perSecond: number;
  readonly p99: number;
  readonly processor: number;
}

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
}

const CONNECTIONS = 64;
/** Enough for V8 to have compiled what is hot; in processor time, so that a busy machine does not cut it short. */
const WARM_UP_PROCESSOR_SECONDS = 3;
const MOST_WARM_UPS = 15;

export async function compare(
  scenario: Scenario,
  plan: Plan,
  redis: { readonly port: number; readonly address: string },
  generator: Generator,
): Promise<Comparison> {
  const project = await buildProject(scenario.stages, redis.address);
  const client = new Redis(redis.port, '127.0.0.1');
  const running: Measured[] = [];
  try {
    const ours = await startOurs(project);
    running.push(ours);
    const bare = await startBare(scenario, redis.port, project.sandbox.folder);
    running.push(bare);
    await checkSameAnswer(scenario, ours.port, bare.port);
    const phase = (server: Measured, seconds: number) => measure(scenario, server, seconds, client, generator);
    for (const server of running) await warmUp(server, () => phase(server, 1));
    const rounds: { ours: Figures; bare: Figures }[] = [];
    for (let round = 0; round < plan.rounds; round++) {
      // The one that comes second may find a warmer or a busier machine: take turns.
      const first = round % 2 === 0 ? ours : bare;
      const one = await phase(first, plan.seconds);
      const other = await phase(first === ours ? bare : ours, plan.seconds);
      rounds.push(first === ours ? { ours: one, bare: other } : { ours: other, bare: one });
    }
    return summarise(rounds);
  } finally {
    for (const server of running) await server.stop();
    client.disconnect();
    project.sandbox.remove();
  }
}

async function warmUp({ child }: Measured, run: () => Promise<Figures>): Promise<void> {
  for (let turn = 0; turn < MOST_WARM_UPS && processorSeconds(child.pid!) < WARM_UP_PROCESSOR_SECONDS; turn++)
    await run();
}

async function measure(
  scenario: Scenario,
  { port, child }: Measured,
  seconds: number,
  redis: Redis,
  generator: Generator,
): Promise<Figures> {
  const pid = child.pid!;
  const { path, hasWrongPasswords, isOneUser } = scenario;
  const [processorBefore, commandsBefore] = [processorSeconds(pid), await commandsOf(redis)];
  const load = await generator.run({ port, connections: CONNECTIONS, seconds, path, hasWrongPasswords, isOneUser });
  await settle(pid);
  const requests = load.accepted + load.rejected;
  return {
    perSecond: requests / load.seconds,
    p50: load.p50,
    p99: load.p99,
    processor: (1e6 * (processorSeconds(pid) - processorBefore)) / requests,
    commands: ((await commandsOf(redis)) - commandsBefore) / requests,
  };
}

async function commandsOf(redis: Redis): Promise<number> {
  const [, commands = '0'] = /total_commands_processed:(\d+)/.exec(await redis.info('stats')) ?? [];
  return Number(commands);
}

/** A comparison says something only if both give the same status, headers and body; the session is each server's own. */
async function checkSameAnswer(scenario: Scenario, ours: number, bare: number): Promise<void> {
  for (const n of [0, 1, 2]) {
    const [expected, actual] = [await ask(scenario, ours, n), await ask(scenario, bare, n)];
    // The first login of the cached scenario fills the cache.
    if (scenario.isOneUser && n === 0) continue;
    deepStrictEqual(actual, expected);
  }
}

async function ask(scenario: Scenario, port: number, n: number): Promise<object> {
  const connection = await Connection.open(port);
  const { status, head, body } = await connection.send(loginRequest(scenario, n));
  connection.close();
  const lines = head.split('\r\n').slice(1);
  const headers = lines.map((line) => line.replace(/^([^:]+)/, (name) => name.toLowerCase()));
  const stable = headers.map((line) => line.replace(/^(x-nauthilus-session|date):.*/, '$1')).sort();
  return { status, headers: stable, body: JSON.parse(body) };
}

function summarise(rounds: readonly { readonly ours: Figures; readonly bare: Figures }[]): Comparison {
  const middle = (value: (round: (typeof rounds)[number]) => number) => median(rounds.map(value));
  const figures = (of: (round: (typeof rounds)[number]) => Figures): Figures => ({
    perSecond: middle((round) => of(round).perSecond),
    p50: middle((round) => of(round).p50),
    p99: middle((round) => of(round).p99),
    processor: middle((round) => of(round).processor),
    commands: middle((round) => of(round).commands),
  });
  return {
    ours: figures((round) => round.ours),
    bare: figures((round) => round.bare),
    perSecond: middle(({ ours, bare }) => ours.perSecond / bare.perSecond),
    p99: middle(({ ours, bare }) => ours.p99 / bare.p99),
    processor: middle(({ ours, bare }) => ours.processor / bare.processor),
  };
}

/** The value in the middle; of an even number, the mean of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? Number.NaN) + (sorted[Math.floor(half)] ?? Number.NaN)) / 2;
}
