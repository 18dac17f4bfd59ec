/** What the modules `http` and `http_client` have of requests, and the kinds of userdata behind them. */
import {
  any,
  attempt,
  chargeMemory,
  type Declarations,
  entries,
  error,
  fromBuffer,
  type HostCall,
  io,
  LuaTable,
  type LuaValue,
  nilAndMessage,
  noResults,
  type Outcome,
  pure,
  rawGet,
  result,
  type Steps,
  str,
  table,
  tableFromEntries,
  textOf,
  toBuffer,
  trailing,
  UserdataKind,
  waitFor,
} from '../../host/index.ts';
import { basicCredentials } from '../go/headers.ts';
import { UrlError, urlText } from '../go/url.ts';
import { type HttpAnswer, HttpClient, NoAnswer } from './client.ts';
import { readOptions } from './options.ts';
import { HttpRequest } from './request.ts';
import { buildForm, type Form, UploadError, type UploadFile } from './upload.ts';

export const httpClients = new UserdataKind<HttpClient>('http_client_ud', 'http client expected');
export const httpRequests = new UserdataKind<HttpRequest>('http_request_ud', 'http request expected');

function answerTable({ status, body, headers }: HttpAnswer): LuaTable {
  chargeMemory(body.length);
  return tableFromEntries([
    ['code', status],
    ['body', fromBuffer(body)],
    ['headers', tableFromEntries(headers)],
  ]);
}

function* send(call: HostCall, client: HttpClient, request: HttpRequest): Steps<Outcome> {
  client.prepare(request);
  if (client.options.isDebugging) {
    const { method, url, headers } = request;
    // Names only: values may be secrets.
    call.log.debug({ method, url: urlText(url, true), headers: [...headers.keys()].join(' ') }, 'send request');
  }
  try {
    return answerTable(yield* waitFor(client.send(request, call.ended, call.state.request?.trace)));
  } catch (thrown) {
    if (thrown instanceof NoAnswer) return [undefined, thrown.message];
    throw thrown;
  }
}

httpClients.has({
  do_request: io(
    {
      doc: 'Send a request; status, body and headers (their first values) of the answer, whatever its status is.',
      args: [httpClients.self(), httpRequests.argument('request')],
      returns: [result('answer', 'table?'), error],
    },
    send,
  ),
});

httpRequests.has({
  set_basic_auth: pure(
    { doc: 'Send a user and a password.', args: [httpRequests.self(), any('user'), any('password')] },
    (self, user, password) => {
      self.set('Authorization', basicCredentials(textOf(user), textOf(password)));
      return noResults();
    },
  ),
  header_set: pure(
    { doc: 'Set a header.', args: [httpRequests.self(), any('name'), any('value')] },
    (self, name, value) => {
      self.set(textOf(name), textOf(value));
      return noResults();
    },
  ),
});

function newRequest(method: string, url: string, body: string | undefined) {
  return attempt([UrlError], nilAndMessage, () =>
    httpRequests.make(new HttpRequest(method, url, bodyOf(method, body))),
  );
}

/** An empty body is one only where a body is usual. */
function bodyOf(method: string, body: string | undefined): Buffer | undefined {
  if (body === undefined || (body === '' && !['POST', 'PUT', 'PATCH'].includes(method))) return undefined;
  return toBuffer(body);
}

/** One file, or a list of them; undefined where a name or path is missing. */
function filesOf(given: LuaTable): readonly UploadFile[] | undefined {
  const isList = rawGet(given, 1) !== undefined;
  const tables: LuaValue[] = isList ? [...entries(given)].map(([, each]) => each) : [given];
  const files: UploadFile[] = [];
  for (const each of tables) {
    const file = each instanceof LuaTable ? fileOf(each) : undefined;
    if (file === undefined) return undefined;
    files.push(file);
  }
  return files;
}

function fileOf(given: LuaTable): UploadFile | undefined {
  const fieldName = rawGet(given, 'fieldname');
  const path = rawGet(given, 'path');
  const fileName = rawGet(given, 'filename');
  if (fieldName === undefined || path === undefined) return undefined;
  return {
    fieldName: textOf(fieldName),
    path: textOf(path),
    fileName: fileName === undefined ? undefined : textOf(fileName),
  };
}

function* fileRequest(url: string, given: LuaTable, fields: LuaTable | undefined): Steps<Outcome> {
  const files = filesOf(given);
  if (files === undefined) return [undefined, 'fieldname or path is nil'];
  const others =
    fields === undefined ? [] : [...entries(fields)].map(([name, value]) => [textOf(name), textOf(value)] as const);
  try {
    const form: Form = yield* waitFor(buildForm(files, others));
    chargeMemory(form.body.length);
    const request = new HttpRequest('POST', url, form.body);
    request.set('Content-Type', form.contentType);
    return httpRequests.make(request);
  } catch (thrown) {
    if (thrown instanceof UploadError || thrown instanceof UrlError) return [undefined, thrown.message];
    throw thrown;
  }
}

export const clientFunctions: Declarations = {
  client: pure(
    {
      doc: 'A client with its own cookies; options: timeout, proxy, headers, user_agent, basic_auth_user, TLS and others.',
      args: [trailing(table('options'))],
      returns: [result('client', httpClients.name)],
    },
    (options) => httpClients.make(new HttpClient(readOptions(options))),
  ),
  request: pure(
    {
      doc: 'A request, which a client can send any number of times.',
      args: [str('method'), str('url'), trailing(str('body'))],
      returns: [result('request', `${httpRequests.name}?`), error],
    },
    newRequest,
  ),
  file_request: io(
    {
      doc: 'A request that sends files ({fieldname, path, filename} or a list of these) and other fields as a form.',
      args: [str('url'), table('files'), trailing(table('fields'))],
      returns: [result('request', `${httpRequests.name}?`), error],
    },
    (_call, url, files, fields) => fileRequest(url, files, fields),
  ),
};
