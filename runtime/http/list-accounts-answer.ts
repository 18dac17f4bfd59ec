/** The list of accounts in the form that the `Accept` header asks for. */
import { toUtf8String } from '../login/text.ts';
import { emptyAnswer } from './answers.ts';
import type { HttpAnswer } from './endpoint.ts';

const JSON_LIST = 'application/json';
const PLAIN = 'text/plain';
const FORM = 'application/x-www-form-urlencoded';
const OFFERED = [JSON_LIST, PLAIN, FORM] as const;
type Offered = (typeof OFFERED)[number];

/** 415 when nothing acceptable is on offer; without an `Accept` header it is plain text. */
export function listAccountsAnswer(accounts: readonly string[], accept: string | undefined): HttpAnswer {
  const type = negotiate(accept);
  if (type === undefined) return { ...emptyAnswer(415), problem: 'unsupported media type' };
  if (type === JSON_LIST) {
    const body = JSON.stringify(accounts.map(toUtf8String));
    return { status: 200, headers: [['Content-Type', 'application/json; charset=utf-8']], body };
  }
  const lines = accounts.map((account) => `${account}\r\n`).join('');
  return { status: 200, headers: [['Content-Type', type]], body: Buffer.from(lines, 'latin1') };
}

/** First range of the header that matches; weights are not looked at, callers name one type (RFC 9110 section 12.5.1). */
function negotiate(accept: string | undefined): Offered | undefined {
  if (accept === undefined || accept.trim() === '') return PLAIN;
  const ranges = accept.split(',').map((range) => (range.split(';')[0] ?? '').trim().toLowerCase());
  for (const range of ranges) {
    if (range === '*/*' || range === 'text/*') return PLAIN;
    const offered = OFFERED.find((type) => type === range);
    if (offered) return offered;
    if (range === 'application/*') return JSON_LIST;
  }
  return undefined;
}
