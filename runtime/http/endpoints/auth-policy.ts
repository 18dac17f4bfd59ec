/**
 * The policy protocol of Dovecot ("Authentication policy support" in its manual) and weakforced (wforce(1)): may somebody log
 * in, and what came of it. The path is ours. A fault has a status of its own instead of an answer: Dovecot then does what
 * its `auth_policy_reject_on_fail` says.
 */
import * as z from 'zod';
import { beginLogin } from '../../login/begin.ts';
import { toUtf8String } from '../../login/text.ts';
import { messageOf } from '../../login/verdict.ts';
import { judgeAttempt, recordOutcome } from '../../pipeline/auth-policy.ts';
import { jsonAnswer, refusal } from '../answers.ts';
import { json, REFUSED } from '../description.ts';
import { definePlainEndpoint, type HttpAnswer } from '../endpoint.ts';
import { asksForExplanation, explanationFor } from '../explain.ts';
import { MALFORMED } from '../read-json.ts';
import { POLICY_REQUEST, readPolicyRequest } from '../read-policy-request.ts';
import { isValidUsername } from '../read-query.ts';

const JUDGED = z.object({ status: z.union([z.literal(0), z.literal(-1)]), msg: z.string() });
const REPORTED = z.object({ status: z.literal('ok') });

const judged = (answer: z.output<typeof JUDGED>): HttpAnswer => jsonAnswer(200, answer);
const GO_ON = judged({ status: 0, msg: '' });
const NOTED = jsonAnswer(200, { status: 'ok' } satisfies z.output<typeof REPORTED>);
const FAULT = jsonAnswer(500, { msg: 'Temporary server problem, try again later' });

export default definePlainEndpoint({
  methods: ['POST'],
  paths: ['/api/v1/auth/policy'],
  describe: () => ({
    summary: 'May somebody log in, and what came of it: for clients that check passwords themselves.',
    parameters: [
      {
        name: 'command',
        in: 'query',
        description: '`allow` asks, `report` tells.',
        schema: z.enum(['allow', 'report']),
        required: true,
      },
    ],
    body: { required: true, bodies: json(POLICY_REQUEST) },
    answers: {
      200: [
        { description: '`0`: go on, `-1`: refuse; or the report is noted.', bodies: json(z.union([JUDGED, REPORTED])) },
      ],
      400: [REFUSED],
      500: [{ description: 'A temporary failure: nobody knows.', bodies: json(z.object({ msg: z.string() })) }],
    },
  }),
  handle: async (request, generation, { session, snapshot }): Promise<HttpAnswer> => {
    const command = new URLSearchParams(request.query).get('command');
    if (command !== 'allow' && command !== 'report') return refusal('unknown command');
    const asked = readPolicyRequest(request);
    if (asked === undefined) return MALFORMED;
    const { log, clock } = generation.services;
    const explanation = explanationFor(asksForExplanation(request, generation.config), generation);
    const login = beginLogin(asked.input, { session, startedAt: clock.monotonic(), request: snapshot(), explanation });
    const line = { session, policy: command, username: toUtf8String(login.username), client_ip: login.client.ip };
    if (command === 'report') {
      if (asked.outcome === undefined) return MALFORMED;
      const { kind } = await recordOutcome(asked.outcome, login, generation);
      log.info({ ...line, outcome: asked.outcome, client_session: asked.session, status: kind });
      return kind === 'tempfail' ? FAULT : NOTED;
    }
    // Dovecot takes a refused request for leave to go on: names that no login may have are an answer, not an error.
    if (!isValidUsername(login.username)) return judged({ status: -1, msg: 'invalid username' });
    const verdict = await judgeAttempt(login, generation);
    log.info({ ...line, client_session: asked.session, status: verdict.kind });
    if (verdict.kind === 'ok') return GO_ON;
    if (verdict.kind === 'tempfail' && login.feature === '') return FAULT;
    return judged({ status: -1, msg: toUtf8String(messageOf(verdict, login)) });
  },
});
