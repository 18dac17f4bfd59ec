/** A request as scripts see it. */
import type { IncomingMessage } from 'node:http';
import {
  chargeMemory,
  type Declaration,
  error,
  fromBuffer,
  fromUtf8,
  io,
  type LuaTable,
  type LuaValue,
  type Outcome,
  rawSet,
  result,
  type Steps,
  tableFromEntries,
  waitFor,
} from '../../host/index.ts';
import { joinHostPort } from '../go/dial.ts';
import { parseQuery, parseUrl, UrlError } from '../go/url.ts';
import { canonicalName } from './request.ts';

const MOST_BODY_BYTES = 64 * 1024 * 1024;

/** For the manifest: the compiler has to know that `request.body()` waits. */
export const incomingRequests = {
  describe: () => ({ name: 'http_server_request', methods: [bodyOf(async () => Buffer.alloc(0)).describe('body')] }),
};

/** Fields as in the reference; `query` and `headers` only when there are any. */
export function requestTable(request: IncomingMessage): LuaTable {
  const target = request.url ?? '';
  const { path, rawPath, rawQuery } = targetOf(target);
  const headers = firstHeaders(request.rawHeaders);
  const { remoteAddress = '', remotePort = 0 } = request.socket;
  const fields = tableFromEntries([
    ['method', request.method ?? ''],
    ['host', headers.get('Host') ?? ''],
    ['path', path],
    ['raw_path', rawPath],
    ['raw_query', rawQuery],
    ['request_uri', target],
    ['proto', `HTTP/${request.httpVersion}`],
    ['referer', headers.get('Referer') ?? ''],
    ['user_agent', headers.get('User-Agent') ?? ''],
    ['remote_addr', fromUtf8(joinHostPort(remoteAddress, remotePort))],
  ]);
  headers.delete('Host');
  setFilled(fields, 'headers', headers);
  setFilled(fields, 'query', new Map([...parseQuery(rawQuery)].map(([name, [value = '']]) => [name, value])));
  rawSet(fields, 'body', bodyOf(() => readBody(request)).define('body'));
  return fields;
}

function targetOf(target: string) {
  try {
    return parseUrl(target);
  } catch (thrown) {
    if (thrown instanceof UrlError) return { path: target, rawPath: '', rawQuery: '' };
    throw thrown;
  }
}

/** The first value of each name. */
function firstHeaders(raw: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = canonicalName(raw[at]!);
    if (!headers.has(name)) headers.set(name, raw[at + 1]!);
  }
  return headers;
}

function setFilled(fields: LuaTable, name: string, values: ReadonlyMap<string, LuaValue>): void {
  if (values.size > 0) rawSet(fields, name, tableFromEntries(values));
}

function bodyOf(read: () => Promise<Buffer | string>): Declaration {
  return io(
    {
      doc: 'The body of the request; empty when it has been read before.',
      returns: [result('body', 'string?'), error],
    },
    () => bodySteps(read()),
  );
}

function* bodySteps(reading: Promise<Buffer | string>): Steps<Outcome> {
  const body = yield* waitFor(reading);
  if (typeof body === 'string') return [undefined, body];
  chargeMemory(body.length);
  return fromBuffer(body);
}

/** The rest of the body, or why it cannot be had. */
async function readBody(request: IncomingMessage): Promise<Buffer | string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    if (request.readableEnded) return Buffer.alloc(0);
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_BODY_BYTES) return 'http: request body too large';
      parts.push(part);
    }
    return Buffer.concat(parts, size);
  } catch {
    return 'unexpected EOF';
  }
}
