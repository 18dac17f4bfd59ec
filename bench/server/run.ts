/**
 * How fast are whole logins? `npm run bench:server`: the built artifact beside a bare fastify handler that gives the same answer
 * and asks the same of a real Redis, in turns, at 64 connections; memory with 512 waiting requests; time to the first answer.
 * Prints tables and the bars. Options: `--rounds=N` (default 7), `--seconds=S` of each turn (default 3), `--only=NAMES`, a list
 * of scenarios with commas between them, `waiting` and `start` among them.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { V8_FLAGS } from '../../compiler/cli/v8-flags.mjs';
import { startRedis } from '../../test/servers/redis.ts';
import { type Comparison, compare, type Figures } from './compare.ts';
import { startGenerator } from './generator.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { measureStart, measureWaiting } from './waiting.ts';

const MOST_P99 = 3;
const MOST_MEGABYTES = 150;
const MOST_START_MS = 300;

const PARTS = [...SCENARIOS.map(({ name }) => name), 'waiting', 'start'];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: PARTS.join(',') },
  },
});
const plan = { rounds: Number(options.rounds), seconds: Number(options.seconds) };
const only = new Set(options.only.split(','));
const unknown = [...only].filter((name) => !PARTS.includes(name));
if (unknown.length > 0 || !(plan.rounds >= 1 && plan.seconds > 0)) {
  console.error(`--only takes ${PARTS.join(',')}; --rounds and --seconds take positive numbers`);
  process.exit(2);
}
/** Whose scripts open three modules. */
const usual = SCENARIOS.find(({ name }) => name === 'redis')!;

interface Bar {
  readonly text: string;
  readonly measured: string;
  readonly isReached: boolean;
}

function rowOf(name: string, { perSecond, p50, p99, processor, commands }: Figures): string {
  const columns = [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2), processor.toFixed(0), commands.toFixed(2)];
  return `| ${name} | ${columns.join(' | ')} |`;
}

function report({ name, doc }: Scenario, { ours, bare, perSecond, p99, processor }: Comparison): void {
  console.log(rowOf(`${name}: ${doc}`, ours));
  console.log(rowOf('bare fastify', bare));
  console.log(`| ratio | ${percent(perSecond)} | | ${p99.toFixed(2)} | ${processor.toFixed(2)} | |`);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

function barsOf({ name, bar }: Scenario, { perSecond, p99 }: Comparison): readonly Bar[] {
  if (bar === undefined) return [];
  return [
    { text: `${name}: ≥ ${percent(bar)} of bare`, measured: percent(perSecond), isReached: perSecond >= bar },
    { text: `${name}: p99 < ${MOST_P99} × bare`, measured: p99.toFixed(2), isReached: p99 < MOST_P99 },
  ];
}

function most(what: string, limit: number, measured: number, unit: string): Bar {
  return {
    text: `${what} < ${limit} ${unit}`,
    measured: `${measured.toFixed(0)} ${unit}`,
    isReached: measured < limit,
  };
}

const describeLoad = () => `load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`;

console.log(`Node ${process.versions.node}, ${plan.rounds} rounds of ${plan.seconds} s, ${describeLoad()} before\n`);
const redis = await startRedis();
const client = new Redis(redis.port, '127.0.0.1');
await client.hset('bench:route', { store: '192.0.2.201', port: '24', zone: 'eu' });
await client.sadd('bench:blocked', '198.51.100.1');
client.disconnect();
const generator = startGenerator();
const bars: Bar[] = [];
try {
  const chosen = SCENARIOS.filter(({ name }) => only.has(name));
  if (chosen.length > 0) {
    console.log('| scenario | requests/s | p50, ms | p99, ms | processor, µs/request | Redis commands/request |');
    console.log('|---|---|---|---|---|---|');
  }
  for (const scenario of chosen) {
    const comparison = await compare(scenario, plan, redis, generator);
    report(scenario, comparison);
    bars.push(...barsOf(scenario, comparison));
  }
  if (only.has('waiting')) {
    const { fresh, afterLoad } = await measureWaiting(usual, redis, generator);
    bars.push(most('512 requests wait, after a start: memory', MOST_MEGABYTES, fresh, 'MB'));
    bars.push(most('512 requests wait, after load: memory', MOST_MEGABYTES, afterLoad, 'MB'));
  }
  if (only.has('start')) {
    const start = (flags: readonly string[]) => measureStart(usual, redis, plan.rounds, flags);
    bars.push(most('three modules: start to first answer', MOST_START_MS, await start([]), 'ms'));
    bars.push(most('the same, flags given as in the container', MOST_START_MS, await start(V8_FLAGS), 'ms'));
  }
} finally {
  generator.close();
  await redis.close();
}
console.log('\n| bar | measured | |\n|---|---|---|');
for (const { text, measured, isReached } of bars) {
  console.log(`| ${text} | ${measured} | ${isReached ? 'reached' : 'missed'} |`);
}
console.log(`\n${describeLoad()} after`);
