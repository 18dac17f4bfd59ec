/** How long a stage takes: for the histograms, and for the explanation of a login. */
import type { Login } from '../login/login.ts';
import type { Generation } from './generation.ts';
import type { StageOutcome } from './stage.ts';

/**
 * A stage that began at `startedAt` has ended; gives the time, in monotonic milliseconds. It is when the next one begins: reading
 * the clock is most of what measuring costs.
 */
export function endStage(
  name: string,
  outcome: StageOutcome,
  startedAt: number,
  login: Login,
  { services }: Generation,
): number {
  const now = services.clock.monotonic();
  services.metrics.latencies.stage(name, now - startedAt);
  login.script.explanation?.end(resultText(outcome), now - startedAt);
  return now;
}

function resultText(outcome: StageOutcome): string {
  if (outcome === 'next') return outcome;
  return outcome.kind === 'fail' ? `fail (${outcome.reason})` : outcome.kind;
}
