/** How long a stage takes: for the histograms, and for the explanation of a login. */
import type { Login } from '../login/login.ts';
import type { Generation } from './generation.ts';
import type { StageOutcome } from './stage.ts';

/** Monotonic milliseconds; hand them to `endStage`. */
export function beginStage(name: string, login: Login, { services }: Generation): number {
  login.script.explanation?.begin(name);
  return services.clock.monotonic();
}

/** Gives the outcome. */
export function endStage(
  name: string,
  outcome: StageOutcome,
  startedAt: number,
  login: Login,
  { services }: Generation,
): StageOutcome {
  const ms = services.clock.monotonic() - startedAt;
  services.metrics.latencies.stage(name, ms);
  login.script.explanation?.end(resultText(outcome), ms);
  return outcome;
}

function resultText(outcome: StageOutcome): string {
  if (outcome === 'next') return outcome;
  return outcome.kind === 'fail' ? `fail (${outcome.reason})` : outcome.kind;
}
