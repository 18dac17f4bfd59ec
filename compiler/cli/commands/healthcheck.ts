/** `nauthilus healthcheck`: asks a running server whether it lives, for supervisors that have nothing else to ask with. */
import http from 'node:http';
import https from 'node:https';
import { defineCommand, EXIT } from '../command.ts';

const LIMIT_MS = 10_000;

export default defineCommand({
  name: 'healthcheck',
  doc: 'ask a running server whether it is alive',
  details: `Any answer but 200 within 10 seconds is a failure. A Unix socket is asked with unix:PATH.

Exit codes: 0 alive, 1 not, 2 wrong usage.`,
  options: {
    url: { kind: 'value', short: 'u', value: 'url', doc: 'what to ask', default: 'http://127.0.0.1:9080/ping' },
    verbose: { kind: 'flag', short: 'v', doc: 'say how it went' },
    'tls-skip-verify': { kind: 'flag', short: 't', doc: 'accept any certificate' },
  },
  inArtifact: true,
  run: async ({ options, context }) => {
    const problem = await ask(options.url, options['tls-skip-verify']);
    if (options.verbose) context.out(problem === undefined ? 'Test OK\n' : `Test FAILED: ${problem}\n`);
    return problem === undefined ? EXIT.ok : EXIT.failed;
  },
});

/** Why the server is not well; undefined when it is. */
function ask(url: string, acceptsAnyCertificate: boolean): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      const request = open(url, acceptsAnyCertificate, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? undefined : `status ${answer.statusCode}`);
      });
      request.setTimeout(LIMIT_MS, () => request.destroy(new Error('no answer in time')));
      request.once('error', (error) => resolve(error.message));
    } catch (error) {
      resolve(error instanceof Error ? error.message : String(error));
    }
  });
}

function open(
  url: string,
  acceptsAnyCertificate: boolean,
  taken: (answer: http.IncomingMessage) => void,
): http.ClientRequest {
  if (url.startsWith('unix:')) {
    return http.get({ socketPath: url.slice('unix:'.length), path: '/ping', agent: false }, taken);
  }
  if (!url.startsWith('https:')) return http.get(url, { agent: false }, taken);
  return https.get(url, { agent: false, rejectUnauthorized: !acceptsAnyCertificate }, taken);
}
