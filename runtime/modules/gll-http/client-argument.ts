/** The client that other modules take: their requests go out with its proxy, TLS, timeout and cookies. */
import {
  type Argument,
  argumentError,
  attemptLater,
  errorMessage,
  trailing,
  typeMismatch,
  Userdata,
} from '../../host/index.ts';
import { type HttpAnswer, HttpClient, NoAnswer } from './client.ts';
import { httpClients } from './client-declarations.ts';
import { readOptions } from './options.ts';
import type { HttpRequest } from './request.ts';

/** Nobody would wait longer; the reference has no limit here. */
const LONGEST_MS = 60_000;

/** A client of the module `http`; may be left out. */
export const clientArgument: Argument<HttpClient | undefined> = trailing({
  ...httpClients.argument('client'),
  take: (value, slot, count) => {
    const client = httpClients.open(value);
    if (client !== undefined) return client;
    // nil is only a client left out where another argument follows.
    if (value === undefined && count > slot.index) return undefined;
    if (value instanceof Userdata) return argumentError(slot.index, slot.functionName, 'must be http_client_ud');
    return typeMismatch('userdata', value, slot, count);
  },
});

/** For modules that were given none. */
export function defaultClient(): HttpClient {
  return new HttpClient({ ...readOptions(undefined), timeoutMs: LONGEST_MS });
}

/** The answer, or why there is none. Given up when `ended` is aborted. */
export async function answerOrText(
  client: HttpClient,
  request: HttpRequest,
  ended: AbortSignal,
): Promise<HttpAnswer | string> {
  return attemptLater([NoAnswer], errorMessage, () => client.send(request, ended));
}
