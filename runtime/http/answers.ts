/** Small HTTP answers that several endpoints give, and what is allowed inside of a header. */
import type { HttpAnswer } from './endpoint.ts';

export const TEXT = 'text/plain; charset=utf-8';
export const JSON_TYPE = 'application/json; charset=UTF-8';

/** Name and value of one response header. */
export type Header = readonly [name: string, value: string];

export function textAnswer(status: number, body: string, headers: readonly Header[] = []): HttpAnswer {
  return { status, headers: [...headers, ['Content-Type', TEXT]], body };
}

/** An answer with a JSON body; the characters that HTML gives a meaning are escaped, as the reference does. */
export function jsonAnswer(status: number, value: unknown, headers: readonly Header[] = []): HttpAnswer {
  return jsonTextAnswer(status, escapeMarkup(JSON.stringify(value)), headers);
}

/** The same for a body that is JSON text already. */
export function jsonTextAnswer(status: number, body: string, headers: readonly Header[] = []): HttpAnswer {
  return { status, headers: [...headers, ['Content-Type', JSON_TYPE]], body };
}

/** Status and headers only. */
export function emptyAnswer(status: number, headers: readonly Header[] = []): HttpAnswer {
  return { status, headers, body: '' };
}

/** A request that cannot be understood; `problem` goes to the log, never a value of the request. */
export function refusal(problem: string, body: object = { error: problem }): HttpAnswer {
  return { ...jsonAnswer(400, body), problem };
}

/** Where a path or method leads nowhere. */
export const NOT_FOUND: HttpAnswer = textAnswer(404, '404 page not found');

/** Credentials are missing, or could not be read. */
export const UNAUTHORIZED: HttpAnswer = {
  ...emptyAnswer(401, [['WWW-Authenticate', 'Basic realm="restricted", charset="UTF-8"']]),
  problem: 'unauthorized',
};

/** What needs no second look in a header value. */
const HARMLESS = /^[\t\x20-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach a header
const CONTROLS = /\r\n|[\x00-\x08\x0a-\x1f\x7f]/g;

/** A byte string as header value: scripts decide about some of them, so line breaks and other controls become blanks. */
export function safeHeaderValue(value: string): string {
  return HARMLESS.test(value) ? value : value.replace(CONTROLS, ' ');
}

const MARKUP = /[<>&]/;

/** JSON text in which no character has a meaning for HTML; inside of strings only. */
export function escapeMarkup(json: string): string {
  if (!MARKUP.test(json)) return json;
  return json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
}

/** Does the byte string need nothing else to be a header value, and is it the same in every encoding? */
export function isHarmless(value: string): boolean {
  return HARMLESS.test(value);
}
