/** Answers with what scripts have asked for (`nauthilus_http_response`) in them. */
import type { ResponseDraft } from '../login/response-draft.ts';
import type { HostValue } from '../login/script-state.ts';
import { emptyAnswer, jsonAnswer, jsonTextAnswer, TEXT } from './answers.ts';
import type { HttpAnswer } from './endpoint.ts';
import { valueText } from './json-body.ts';

/**
 * The answer to a login. A status can only refine it (401 for 403): what a client reads as success stays success, and what
 * it reads as refusal stays refusal.
 */
export function refineAnswer(answer: HttpAnswer, draft: ResponseDraft | undefined): HttpAnswer {
  if (draft === undefined) return answer;
  const wanted = draft.status ?? answer.status;
  const status = hundreds(wanted) === hundreds(answer.status) ? wanted : answer.status;
  return { ...answer, status, headers: draft.applyTo(answer.headers) };
}

function hundreds(status: number): number {
  return Math.floor(status / 100);
}

/** The answer of a hook: what it has written, or the value it returned as JSON, or nothing. */
export function hookAnswer(value: HostValue, draft: ResponseDraft | undefined): HttpAnswer {
  const plain = value === null ? emptyAnswer(200) : jsonTextAnswer(200, valueText(value));
  if (draft === undefined) return plain;
  const written: HttpAnswer =
    draft.body === undefined ? plain : { status: 200, headers: [['Content-Type', TEXT]], body: toBytes(draft.body) };
  return { ...written, status: draft.status ?? 200, headers: draft.applyTo(written.headers) };
}

/** The hook did not come to its end; the log says why. */
export const HOOK_FAILED: HttpAnswer = { ...jsonAnswer(500, { msg: 'The hook has failed' }), problem: 'hook failed' };

function toBytes(body: string): Buffer {
  return Buffer.from(body, 'latin1');
}
