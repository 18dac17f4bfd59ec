/** Which configuration is in use, what became of the last reload, what waits for a restart. Of this process alone. */
import { jsonAnswer } from '../answers.ts';
import { definePlainEndpoint } from '../endpoint.ts';

export default definePlainEndpoint({
  methods: ['GET'],
  paths: ['/statusz'],
  handle: (_request, { reloads }) => {
    const { generation, since, started, last, waiting } = reloads;
    return jsonAnswer(200, {
      process: process.pid,
      started: timeText(started),
      generation,
      generation_since: timeText(since),
      last_reload: last === undefined ? null : describe(last),
      needs_restart: waiting,
    });
  },
});

function describe({ at, problems }: { readonly at: number; readonly problems: readonly string[] }) {
  return { at: timeText(at), result: problems.length === 0 ? 'success' : 'failure', problems };
}

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
