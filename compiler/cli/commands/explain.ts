/** `nauthilus explain`: reads a log and shows why logins were decided as they were. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { defineCommand, EXIT } from '../command.ts';
import { explanationText } from '../explanation-text.ts';
import { CommandFailure } from '../main.ts';

export default defineCommand({
  name: 'explain',
  doc: 'show explanations of logins from a log',
  details: `Reads a log in either format from the file, or from standard input, and prints each explanation in it. The server writes one
when a request carries the header X-Nauthilus-Explain: 1, or for every login with server.log.level: debug and
server.log.debug_modules: [explain].

Exit codes: 0 there was one, 1 there was none or the file cannot be read, 2 wrong usage.`,
  args: [{ name: 'file', doc: 'the log; standard input without it', kind: 'optional' }],
  options: { session: { kind: 'value', short: 's', value: 'id', doc: 'only the login with this session' } },
  inArtifact: true,
  run: async ({ options, args: [file], context }) => {
    const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
    let found = 0;
    try {
      for await (const line of linesOf(input)) {
        const text = explanationText(line, options.session);
        if (text === undefined) continue;
        found += 1;
        context.out(text);
      }
    } catch (error) {
      throw new CommandFailure(error instanceof Error ? error.message : String(error));
    }
    if (found === 0) context.err('nauthilus: the log has no such explanation\n');
    return found === 0 ? EXIT.failed : EXIT.ok;
  },
});

/** The lines of a stream; what goes wrong with the stream is thrown. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const failed = new Promise<never>((_, reject) => input.once('error', reject));
  failed.catch(() => undefined);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    if (next.done === true) return;
    yield next.value;
  }
}
