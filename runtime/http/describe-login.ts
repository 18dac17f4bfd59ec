/** What the endpoints that log somebody in have in common, as descriptions. */
import * as z from 'zod';
import {
  type AnswerHeader,
  type AnswerKind,
  type Bodies,
  empty,
  json,
  type Operation,
  REFUSED,
  text,
} from './description.ts';
import { EXPLAIN_PARAMETER, EXPLANATION_HEADER } from './explain.ts';

/** Headers of answers to logins: the code that sends one takes its name from here. */
export const LOGIN_HEADERS = {
  'Auth-Status': 'OK, or why not.',
  'X-Nauthilus-Session': 'The request in the log.',
  'Auth-User': 'The account.',
  'X-Nauthilus-Memory-Cache': 'Was the login answered from the memory of the process?',
  'X-Auth-Cache': 'The same for older clients.',
  'X-User-Found': 'Does the user exist?',
  'Auth-Server': 'Where nginx sends the client.',
  'Auth-Port': 'The port there.',
  'Auth-Wait': 'Seconds until the client may try again.',
  'Auth-Error-Code': 'Reply code for SMTP clients.',
  [EXPLANATION_HEADER]: 'What each stage came to, for those who ask.',
} as const;

type HeaderName = keyof typeof LOGIN_HEADERS;
export type LoginHeader = readonly [name: HeaderName | 'Content-Type', value: string];

const VALUES: Partial<Readonly<Record<HeaderName, z.ZodType>>> = {
  'X-Nauthilus-Session': z.string().regex(/^[0-9A-Za-z]{27}$/),
  'X-Nauthilus-Memory-Cache': z.enum(['Hit', 'Miss']),
  'X-Auth-Cache': z.enum(['Hit', 'Miss']),
  'X-User-Found': z.enum(['true', 'false']),
  'Auth-Port': z.int().min(1).max(65_535),
  'Auth-Wait': z.int().min(0),
  'Auth-Error-Code': z.literal('451 4.3.0'),
};

const SELDOM: readonly HeaderName[] = [EXPLANATION_HEADER];
const OFTEN: readonly HeaderName[] = ['Auth-Status', 'X-Nauthilus-Session'];

/** HTTP status of each outcome. */
export interface LoginStatuses {
  readonly ok: number;
  readonly fail: number;
  readonly tempfail: number;
}

/** Where the protocol uses status codes. */
export const BY_STATUS = { ok: 200, fail: 403, tempfail: 500 } as const satisfies LoginStatuses;
/** Where it does not: the result stands in `Auth-Status`. */
export const ALWAYS_200 = { ok: 200, fail: 200, tempfail: 200 } as const satisfies LoginStatuses;

export interface LoginDescription {
  readonly summary: string;
  readonly statuses: LoginStatuses;
  readonly input: Pick<Operation, 'parameters' | 'body' | 'credentials'>;
  /** Bodies and further headers of each outcome. */
  readonly ok: { readonly bodies?: Bodies; readonly headers: readonly HeaderName[] };
  readonly fail: { readonly bodies?: Bodies; readonly headers?: readonly HeaderName[] };
  readonly tempfail: { readonly bodies?: Bodies; readonly headers?: readonly HeaderName[] };
  /** `mode=list-accounts` is understood. */
  readonly listsAccounts: boolean;
}

const ACCOUNTS: AnswerKind = {
  description: 'With `mode=list-accounts` the accounts: a list, or one per line.',
  bodies: {
    ...json(z.array(z.string())),
    ...text(),
    'application/x-www-form-urlencoded': z.string(),
  },
};

/** The operation of a login. */
export function loginOperation(login: LoginDescription): Operation {
  const { statuses, ok, fail, tempfail } = login;
  const kinds: readonly (readonly [status: number, kind: AnswerKind])[] = [
    [statuses.ok, outcome('The login is right.', ok.headers, ok.bodies)],
    [statuses.fail, outcome('It is refused.', fail.headers, fail.bodies)],
    [statuses.tempfail, outcome('A temporary failure: nobody knows.', tempfail.headers, tempfail.bodies)],
    [400, REFUSED],
    ...(login.listsAccounts
      ? [
          [200, ACCOUNTS] as const,
          [415, empty('No form of the list of accounts is acceptable to the client.')] as const,
        ]
      : []),
  ];
  const answers: Record<number, AnswerKind[]> = {};
  for (const [status, kind] of kinds) answers[status] = [...(answers[status] ?? []), kind];
  const parameters = [...(login.input.parameters ?? []), EXPLAIN_PARAMETER];
  return { summary: login.summary, ...login.input, parameters, answers };
}

function outcome(description: string, more: readonly HeaderName[] = [], bodies: Bodies = {}): AnswerKind {
  const header = (name: HeaderName): readonly [string, AnswerHeader] => [
    name,
    { description: LOGIN_HEADERS[name], schema: VALUES[name] ?? z.string(), required: OFTEN.includes(name) },
  ];
  return { description, bodies, headers: Object.fromEntries([...OFTEN, ...more, ...SELDOM].map(header)) };
}
