/** Runs a login through the stages and closes it: metrics, the final log line, post actions. */
import type { Login } from '../login/login.ts';
import { OK, tempfail, type Verdict } from '../login/verdict.ts';
import { RedisError } from '../services/index.ts';
import { queuePostActions } from './actions.ts';
import { logExplanation } from './explain.ts';
import { logVerdict } from './final-line.ts';
import type { Generation } from './generation.ts';
import { inOrder, type Stage, type StageOutcome } from './stage.ts';
import { endStage } from './stage-time.ts';
import stages, { files } from './stages/index.gen.ts';

/** The stages in the order in which a login meets them. */
export const STAGES: readonly Stage[] = inOrder(stages, files);

/**
 * The verdict of a login; at once when no stage had to wait. Never throws: whatever goes wrong is a temporary failure.
 * Metrics, the final line and post actions are done when it answers.
 */
export function runLogin(login: Login, generation: Generation): Verdict | Promise<Verdict> {
  const outcome = runFrom(0, generation.services.clock.monotonic(), login, generation);
  if (!(outcome instanceof Promise)) return closeLogin(outcome, login, generation);
  return outcome.then((verdict) => closeLogin(verdict, login, generation));
}

/** Stages one after another without a promise, until one of them has to wait. */
function runFrom(first: number, now: number, login: Login, generation: Generation): Verdict | Promise<Verdict> {
  let startedAt = now;
  for (let at = first; at < STAGES.length; at++) {
    const stage = STAGES[at]!;
    if (!stage.modes.includes(login.mode)) {
      login.script.explanation?.skip(stage.name, `not for the mode ${login.mode}`);
      continue;
    }
    login.script.explanation?.begin(stage.name);
    const outcome = runStage(stage, login, generation);
    if (outcome instanceof Promise) return continueAfter(outcome, { at, startedAt }, login, generation);
    startedAt = endStage(stage.name, outcome, startedAt, login, generation);
    if (outcome !== 'next') return decidedBy(at, outcome, login);
  }
  return OK;
}

/** The stages behind it are not asked. */
function decidedBy(at: number, verdict: Verdict, { script: { explanation } }: Login): Verdict {
  if (explanation === undefined) return verdict;
  for (const { name } of STAGES.slice(at + 1)) explanation.skip(name, `${STAGES[at]!.name} has decided`);
  return verdict;
}

async function continueAfter(
  waiting: Promise<StageOutcome>,
  { at, startedAt }: { readonly at: number; readonly startedAt: number },
  login: Login,
  generation: Generation,
): Promise<Verdict> {
  const { name } = STAGES[at]!;
  const outcome = await waiting.catch((error: unknown) => reportFault(error, name, login, generation));
  const now = endStage(name, outcome, startedAt, login, generation);
  return outcome === 'next' ? runFrom(at + 1, now, login, generation) : decidedBy(at, outcome, login);
}

function runStage(stage: Stage, login: Login, generation: Generation): StageOutcome | Promise<StageOutcome> {
  try {
    return stage.run(login, generation);
  } catch (error) {
    return reportFault(error, stage.name, login, generation);
  }
}

/** A defect of ours, or a service that broke in an unforeseen way: logged, and a temporary failure. */
export function reportFault(error: unknown, stage: string, login: Login, { services }: Generation): Verdict {
  const msg = describe(error);
  services.log.hiding(login.password).error({ session: login.session, stage, msg });
  login.script.explanation?.note({ fault: stage, result: error instanceof RedisError ? 'Redis' : 'defect' });
  return tempfail();
}

function describe(error: unknown): string {
  if (error instanceof RedisError) return `Redis: ${error.reason}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Metrics, the final line, post actions and the explanation of a login that has ended; gives its verdict. */
export function closeLogin(verdict: Verdict, login: Login, generation: Generation): Verdict {
  countVerdict(verdict, login, generation);
  logVerdict(verdict, login, generation);
  if (login.wantsPostActions) queuePostActions(verdict, login, generation);
  logExplanation(verdict, login, generation);
  return verdict;
}

function countVerdict(verdict: Verdict, login: Login, { services: { metrics } }: Generation): void {
  if (verdict.kind === 'ok' && login.mode === 'auth') {
    metrics.count('logins_total', { logins: 'success' });
    metrics.count('accepted_protocols_total', { protocol: login.protocol });
  } else if (verdict.kind === 'fail') {
    metrics.count('logins_total', { logins: 'failure' });
    metrics.count('rejected_protocols_total', { protocol: login.protocol });
  }
}
