/** HTTP requests, as the module `glua_http` of gluahttp. No answer is nil and a text; any status is an answer. */
import {
  chargeMemory,
  type Declaration,
  defineModule,
  entries,
  error,
  field,
  fromBuffer,
  fromUtf8,
  type HostCall,
  io,
  LuaTable,
  type LuaValue,
  lax,
  type Outcome,
  rawGet,
  result,
  type Steps,
  table,
  tableFromArray,
  tableFromEntries,
  textOf,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { type TraceContext, traceHeaders } from '../login/trace-context.ts';
import { HttpClientError, type OutboundRequest, type OutboundResponse } from '../services/index.ts';
import { readRequest, UnusableOptions } from './gluahttp/request.ts';
import { InvalidDuration } from './go/duration.ts';

const responses = new UserdataKind<OutboundResponse>('http.response').has({}).withProperties({
  fields: [
    field('status_code', 'integer', 'Status of the answer.'),
    field('body', 'string', 'The bytes of the body.'),
    field('body_size', 'integer', 'Number of bytes of the body.'),
    field('url', 'string', 'Address that answered, after redirects.'),
    field('headers', 'table<string, string>', 'Headers by their names as in Go: `Content-Type`.'),
    field('cookies', 'table<string, string>', 'Cookies that the answer sets.'),
  ],
  get: fieldOf,
});

function fieldOf({ status, headers, body, url }: OutboundResponse, name: string): LuaValue {
  switch (name) {
    case 'status_code':
      return status;
    case 'body':
      return fromBuffer(body);
    case 'body_size':
      return body.length;
    case 'url':
      return fromUtf8(url);
    case 'headers':
      // Of several with one name the first counts.
      return tableFromEntries([...headers].reverse());
    case 'cookies':
      return tableFromEntries(
        headers.filter(([each]) => each === 'Set-Cookie').flatMap(([, value]) => cookieOf(value)),
      );
    default:
      return undefined;
  }
}

/** Name and value of a Set-Cookie header (RFC 6265 section 5.2). */
function cookieOf(header: string): readonly (readonly [string, string])[] {
  const [, name, value] = /^\s*([^=;\s]+)\s*=\s*"?([^;"]*?)"?\s*(?:;|$)/.exec(header) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

/** The response, or the text of an error; nothing of the script's is touched while it waits. */
async function exchange(
  { services, state, ended }: HostCall,
  method: string,
  url: string,
  options: LuaValue,
): Promise<OutboundResponse | string> {
  try {
    const request = withTrace(readRequest(method, url, options), state.request?.trace);
    return await services.http.send({ ...request, ended });
  } catch (thrown) {
    if (thrown instanceof UnusableOptions) return thrown.message;
    if (thrown instanceof HttpClientError || thrown instanceof InvalidDuration) return fromUtf8(thrown.message);
    throw thrown;
  }
}

/** The trace goes on, unless the script sets one of its own. */
function withTrace(request: OutboundRequest, trace: TraceContext | undefined): OutboundRequest {
  const { headers } = request;
  if (trace === undefined || headers.some(([name]) => name.toLowerCase() === 'traceparent')) return request;
  return { ...request, headers: [...headers, ...traceHeaders(trace)] };
}

function* send(call: HostCall, method: string, target: string, given: LuaValue): Steps<Outcome> {
  const outcome = yield* waitFor(exchange(call, method, target, given));
  return typeof outcome === 'string' ? [undefined, outcome] : made(outcome);
}

function made(response: OutboundResponse): LuaValue {
  chargeMemory(response.body.length);
  return responses.make(response);
}

/** Strings and numbers as text, everything else as nothing. */
const laxText = (value: LuaValue): string =>
  typeof value === 'string' || typeof value === 'number' ? textOf(value) : '';

const url = Object.freeze({ ...lax('url'), type: 'string', optional: false });
const options = Object.freeze({ ...lax('options'), type: 'table' });
const answer = [result('response', `${responses.name}?`), error];

function verb(method: string): Declaration {
  const doc = `Send a ${method} request; options: query, body, form, headers, cookies, timeout, auth.`;
  return io({ doc, args: [url, options], returns: answer }, (call, target, given) =>
    send(call, method, laxText(target), given),
  );
}

function exchangeEntry(call: HostCall, entry: LuaValue): Promise<OutboundResponse | string> | string {
  if (!(entry instanceof LuaTable)) return 'Request must be a table';
  return exchange(call, laxText(rawGet(entry, 1)), laxText(rawGet(entry, 2)), rawGet(entry, 3));
}

export default defineModule({
  name: 'nauthilus_gluahttp',
  requires: ['glua_http'],
  classes: 'all',
  doc: 'HTTP requests. Any status is an answer; without one the functions return nil and a text.',
  userdata: [responses],
  values: () => ({ response: responses.metatable() }),
  fields: [field('response', 'table', 'Metatable of all responses.')],
  functions: {
    get: verb('GET'),
    delete: verb('DELETE'),
    head: verb('HEAD'),
    patch: verb('PATCH'),
    post: verb('POST'),
    put: verb('PUT'),
    request: io(
      { doc: 'Send a request with any method.', args: [lax('method'), url, options], returns: answer },
      (call, method, target, given) => send(call, laxText(method), laxText(target), given),
    ),
    request_batch: io(
      {
        doc: 'Send requests { method, url, options } at the same time; the answers that came, and the errors if any.',
        args: [table('requests')],
        returns: [result('responses', 'table'), result('errors', 'table?')],
      },
      function* (call, requests) {
        const exchanges = [...entries(requests)].map(([, entry]) => exchangeEntry(call, entry));
        const outcomes = yield* waitFor(Promise.all(exchanges));
        const answers = outcomes.flatMap((each) => (typeof each === 'string' ? [] : made(each)));
        const errors = outcomes.filter((each) => typeof each === 'string');
        return errors.length === 0 ? tableFromArray(answers) : [tableFromArray(answers), tableFromArray(errors)];
      },
    ),
  },
});
