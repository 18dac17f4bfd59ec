/** The HTTP request as scripts may read it, also after the answer was sent; header lines are paired when first asked for. */
import type { IncomingMessage } from 'node:http';
import type { RequestSnapshot } from '../login/script-state.ts';
import { readTrace, type TraceContext } from '../login/trace-context.ts';

type HeaderLine = readonly [name: string, value: string];

export class IncomingSnapshot implements RequestSnapshot {
  readonly method: string;
  readonly url: string;
  readonly body: Buffer;
  readonly trace: TraceContext | undefined;
  readonly #raw: readonly string[];
  #headers: readonly HeaderLine[] | undefined;

  constructor(request: IncomingMessage, body: Buffer) {
    this.method = request.method ?? '';
    this.url = request.url ?? '';
    this.body = body;
    this.trace = readTrace(request.headers);
    this.#raw = request.rawHeaders;
  }

  get headers(): readonly HeaderLine[] {
    this.#headers ??= pairUp(this.#raw);
    return this.#headers;
  }
}

function pairUp(raw: readonly string[]): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    // HTTP/2 sends method, path and host among the headers, under names that are none.
    if (raw[i] === ':authority') lines.push(['host', raw[i + 1]!]);
    else if (!raw[i]!.startsWith(':')) lines.push([raw[i]!, raw[i + 1]!]);
  }
  return lines;
}
