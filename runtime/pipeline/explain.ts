/** Explanations as they leave the server: one record in the log, and a line for whoever has asked. */
import { type Explanation, type Note, type StageRecord, shortMs } from '../login/explanation.ts';
import type { Login } from '../login/login.ts';
import type { Verdict } from '../login/verdict.ts';
import { STATUS_MESSAGE } from '../scripts/explain.ts';
import { LogData } from '../services/index.ts';
import type { Generation } from './generation.ts';

/** By which the record is found in a log. */
const EXPLANATION_MESSAGE = 'Explanation';

/** Writes the record at level info, if somebody has asked about the login; what happens after it is not in it. */
export function logExplanation(verdict: Verdict, login: Login, { services }: Generation): void {
  const { explanation } = login.script;
  if (explanation === undefined) return;
  const { log, clock } = services;
  const after = explanation.close();
  log.hiding(login.password).info({
    session: login.session,
    ...traceFields(login),
    msg: EXPLANATION_MESSAGE,
    verdict: verdictText(verdict),
    explanation: new LogData({
      ms: shortMs(clock.monotonic() - login.startedAt),
      status_message_by: messageBy(verdict, explanation),
      stages: explanation.stages,
      after,
    }),
  });
}

function traceFields({ script: { request } }: Login): { readonly traceparent?: string } {
  return request?.trace === undefined ? {} : { traceparent: request.trace.traceparent };
}

/** Who has set the text that the client reads. */
function messageBy(verdict: Verdict, { stages }: Explanation): string {
  if (verdict.kind !== 'fail') return 'server';
  const setters = stages.flatMap(({ notes }) => notes).filter(isSetter);
  return String(setters.at(-1)?.script ?? 'server');
}

function isSetter({ sets }: Note): boolean {
  return Array.isArray(sets) && sets.includes(STATUS_MESSAGE);
}

function verdictText(verdict: Verdict): string {
  return verdict.kind === 'fail' ? `fail (${verdict.reason})` : verdict.kind;
}

/** One line of ASCII: the verdict and what each stage came to. */
export function explanationLine(verdict: Verdict, { stages }: Explanation): string {
  return [verdictText(verdict), ...stages.map(stageText)].join('; ');
}

function stageText({ stage, result, ms }: StageRecord): string {
  return ms === undefined ? `${stage} ${result}` : `${stage} ${result} ${ms} ms`;
}
