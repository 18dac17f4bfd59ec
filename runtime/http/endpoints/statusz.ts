/** Which configuration is in use, what became of the last reload, what waits for a restart. Of this process alone. */
import * as z from 'zod';
import { jsonAnswer } from '../answers.ts';
import { json } from '../description.ts';
import { definePlainEndpoint } from '../endpoint.ts';

const TIME = z.iso.datetime();

const ANSWER = z.object({
  process: z.int(),
  started: TIME,
  generation: z.int().describe('Counts the reloads that have succeeded.'),
  generation_since: TIME,
  last_reload: z.object({ at: TIME, result: z.enum(['success', 'failure']), problems: z.array(z.string()) }).nullable(),
  needs_restart: z.array(z.string()).describe('Changed settings that only a restart takes over.'),
});

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/statusz'],
  describe: () => ({
    summary: 'Which configuration is in use.',
    answers: { 200: [{ description: 'Of this process alone.', bodies: json(ANSWER) }] },
  }),
  handle: (_request, { reloads }) => {
    const { generation, since, started, last, waiting } = reloads;
    const answer: z.output<typeof ANSWER> = {
      process: process.pid,
      started: timeText(started),
      generation,
      generation_since: timeText(since),
      last_reload: last === undefined ? null : describe(last),
      needs_restart: [...waiting],
    };
    return jsonAnswer(200, answer);
  },
});

function describe({ at, problems }: { readonly at: number; readonly problems: readonly string[] }) {
  const result = problems.length === 0 ? ('success' as const) : ('failure' as const);
  return { at: timeText(at), result, problems: [...problems] };
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
