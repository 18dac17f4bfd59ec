/** Programs within narrow limits, and what they cost the process. */
import type { OpenedServices } from '../../runtime/services/index.ts';
import { type Ran, runProgram } from './program.ts';

const DEADLINE_MS = 300;
const MEMORY = 64 * 1024 * 1024;
/** A busy machine, and the last step before the clock is looked at. */
export const LATEST_MS = 10_000;
/** What the process may have grown by: the script's own share, and what is not collected yet. */
export const MOST_GROWTH = 700 * 1024 * 1024;

export interface Cost extends Ran {
  readonly tookMs: number;
  /** Bytes. */
  readonly growth: number;
}

export async function runLimited(opened: OpenedServices, program: string): Promise<Cost> {
  const started = performance.now();
  const before = process.memoryUsage().rss;
  const ran = await runProgram(opened, program, { deadlineMs: DEADLINE_MS, memoryBytes: MEMORY });
  return { ...ran, tookMs: performance.now() - started, growth: process.memoryUsage().rss - before };
}
