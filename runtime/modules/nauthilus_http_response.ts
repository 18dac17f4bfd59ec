/** The HTTP answer, as far as scripts may decide about it: an addition, in the manner of later versions. */
import {
  any,
  attempt,
  type Declaration,
  defineModule,
  type HostCall,
  int,
  type LuaResult,
  noResults,
  raise,
  str,
  sync,
} from '../host/index.ts';
import { ResponseDraft } from '../login/response-draft.ts';
import { isHttpToken } from '../services/index.ts';
import { JsonError } from './gll-json/decode.ts';
import { COMPACT, encodeValue } from './gll-json/encode.ts';
import { isHeaderValue } from './go/headers.ts';

const LONGEST_NAME = 256;
const LONGEST_VALUE = 8192;

/** Headers of the connection and of the framing of messages (RFC 9110 section 7.6.1), which are the server's alone. */
const OF_THE_SERVER = new Set(
  'connection content-length date keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);
/** Headers that say what became of a login: `Auth-…` and these. */
const OF_THE_LOGIN = new Set(['x-nauthilus-session', 'x-nauthilus-memory-cache']);

const name = str('name');
const value = str('value');
const status = int('status');

function draftOf({ state }: HostCall): ResponseDraft {
  state.response ??= new ResponseDraft();
  return state.response;
}

function checkName(header: string): void {
  const lower = header.toLowerCase();
  if (!isHttpToken(header) || header.length > LONGEST_NAME) raise('not the name of a header');
  if (OF_THE_SERVER.has(lower)) raise(`the header ${header} belongs to the server`);
  if (lower.startsWith('auth-') || OF_THE_LOGIN.has(lower)) raise(`the header ${header} belongs to the login`);
}

/** A line break would begin a header of its own. */
function checkValue(text: string): void {
  if (!isHeaderValue(text)) raise('the value of a header must not contain control characters');
  if (text.length > LONGEST_VALUE) raise(`the value of a header must not be longer than ${LONGEST_VALUE} bytes`);
}

function change(call: HostCall, kind: 'set' | 'add' | 'remove', header: string, text: string): void {
  checkName(header);
  checkValue(text);
  if (!draftOf(call).change({ kind, name: header, value: text })) raise('too many changes of headers');
}

function setStatus(call: HostCall, code: number): void {
  if (!Number.isInteger(code) || code < 200 || code > 599) raise('a status is a number from 200 to 599');
  draftOf(call).status = code;
}

/** In a login the body is the protocol's. */
function setBody(call: HostCall, body: string): void {
  if (call.scriptClass !== 'callback') raise('only hooks may write the body of the answer');
  draftOf(call).body = body;
}

function answer(call: HostCall, code: number, type: string, body: string): LuaResult {
  setStatus(call, code);
  change(call, 'set', 'Content-Type', type);
  setBody(call, body);
  return noResults();
}

function bodyWriter(doc: string, type: string): Declaration {
  return sync({ doc, args: [status, str('body')] }, (call, code, body) => answer(call, code, type, body));
}

export default defineModule({
  name: 'nauthilus_http_response',
  classes: ['callback', 'feature', 'backend', 'filter'],
  doc: 'Headers and status of the HTTP answer, and the whole answer of a hook.',
  functions: {
    set_http_response_header: sync(
      { doc: 'Set a header instead of all of its name.', args: [name, value] },
      (call, header, text) => {
        change(call, 'set', header, text);
        return noResults();
      },
    ),
    add_http_response_header: sync(
      { doc: 'Add a header beside those of its name.', args: [name, value] },
      (call, header, text) => {
        change(call, 'add', header, text);
        return noResults();
      },
    ),
    remove_http_response_header: sync({ doc: 'Remove all headers of a name.', args: [name] }, (call, header) => {
      change(call, 'remove', header, '');
      return noResults();
    }),
    set_http_status: sync(
      {
        doc: 'Set the status, 200 to 599; in a login it can refine what the answer says, not change it.',
        args: [status],
      },
      (call, code) => {
        setStatus(call, code);
        return noResults();
      },
    ),
    set_http_content_type: sync({ doc: 'Set the header Content-Type.', args: [str('type')] }, (call, type) => {
      change(call, 'set', 'Content-Type', type);
      return noResults();
    }),
    write_http_response_body: sync(
      { doc: 'The body of the answer of a hook; the last call wins.', args: [str('body')] },
      (call, body) => {
        setBody(call, body);
        return noResults();
      },
    ),
    string: bodyWriter('Answer a hook with text.', 'text/plain; charset=utf-8'),
    html: bodyWriter('Answer a hook with HTML.', 'text/html; charset=utf-8'),
    data: sync(
      { doc: 'Answer a hook with bytes of a type.', args: [status, str('type'), str('body')] },
      (call, code, type, body) => answer(call, code, type, body),
    ),
    json: sync({ doc: 'Answer a hook with a value as JSON.', args: [status, any('value')] }, (call, code, given) =>
      answer(call, code, 'application/json; charset=utf-8', encode(given)),
    ),
    redirect: sync(
      {
        doc: 'Send the client of a hook somewhere else, with a status of 300 to 399.',
        args: [status, str('location')],
      },
      (call, code, location) => {
        if (!(code >= 300 && code <= 399)) raise('the status of a redirect is a number from 300 to 399');
        setStatus(call, code);
        change(call, 'set', 'Location', location);
        setBody(call, '');
        return noResults();
      },
    ),
  },
  hidden: {
    set_http_status_code: sync({ doc: 'Like set_http_status.', args: [status] }, (call, code) => {
      setStatus(call, code);
      return noResults();
    }),
  },
});

function encode(given: Parameters<typeof encodeValue>[0]): string {
  return attempt(
    [JsonError],
    ({ message }) => raise(message),
    () => encodeValue(given, COMPACT),
  );
}
