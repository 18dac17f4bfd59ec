/** What the modules `http` and `http_server` have of servers, and the kinds of userdata behind them. */
import {
  any,
  argumentError,
  type Declarations,
  error,
  fromBuffer,
  fromUtf8,
  func,
  type HostCall,
  int,
  io,
  type LuaValue,
  noResults,
  type Outcome,
  portableCode,
  pure,
  raise,
  rest,
  result,
  results2,
  type Steps,
  str,
  textOf,
  toUtf8String,
  trailing,
  UserdataKind,
  waitFor,
} from '../../host/index.ts';
import { readWholeFile } from '../../services/index.ts';
import { fileFailure } from '../go/file-errors.ts';
import { openListener } from '../go/listen.ts';
import { Answer } from './answer.ts';
import { callsFunction, type Present, runsCode, serve } from './handlers.ts';
import { requestTable } from './incoming.ts';
import { HttpServer, makeServer, RequestQueue } from './server.ts';
import { readSettings, type ServerSettings } from './server-options.ts';
import { answerFile } from './static-files.ts';

export const httpServers = new UserdataKind<HttpServer>('http_server_ud', 'http server expected');
export const httpAnswers = new UserdataKind<Answer>('http_server_response_writer_ud', 'http response writer expected');

const present: Present = ({ request }, answer) => ({
  request: requestTable(request),
  response: httpAnswers.make(answer),
});

function* accept(server: HttpServer): Steps<Outcome> {
  const incoming = yield* waitFor(server.accept());
  const { request, response } = present(incoming, new Answer(incoming.request, incoming.response));
  return [request, response];
}

/** Raises what the system says about the file. */
function* handleFile(call: HostCall, server: HttpServer, path: string): Steps<Outcome> {
  const source = yield* waitFor(readSource(path));
  if ('failure' in source) return raise(source.failure);
  return yield* serve(call, server, present, runsCode({ source: source.text, chunkName: `@${path}` }));
}

async function readSource(path: string): Promise<{ readonly text: string } | { readonly failure: string }> {
  try {
    return { text: fromBuffer(await readWholeFile(toUtf8String(path))) };
  } catch (thrown) {
    return { failure: fileFailure(thrown, 'open', path) };
  }
}

httpServers.has({
  addr: pure(
    { doc: 'Where it listens: `127.0.0.1:8080`.', args: [httpServers.self()], returns: [result('address', 'string')] },
    ({ address }) => fromUtf8(address),
  ),
  accept: io(
    {
      doc: 'The next request, and the object that writes its answer.',
      args: [httpServers.self()],
      returns: [result('request', 'table'), result('response', httpAnswers.name)],
    },
    (_call, server) => accept(server),
  ),
  do_handle_string: io(
    { doc: 'Run Lua text for each request; never returns.', args: [httpServers.self(), str('code')] },
    (call, server, source) => serve(call, server, present, runsCode({ source, chunkName: source })),
  ),
  do_handle_file: io(
    { doc: 'Run a Lua file for each request; never returns.', args: [httpServers.self(), str('path')] },
    handleFile,
  ),
  do_handle_function: io(
    {
      doc: 'Call a function that captures nothing with response, request and the arguments; never returns.',
      args: [httpServers.self(), func('handler'), rest(any('args'))],
      startsCode: true,
    },
    (call, server, handler, args) => {
      const code = portableCode(handler);
      if (code === undefined) return argumentError(2, 'do_handle_function', 'cannot pass closures');
      return serve(call, server, present, callsFunction(code, args));
    },
  ),
});

httpAnswers.has({
  code: pure(
    { doc: 'Set the status; headers cannot be set afterwards.', args: [httpAnswers.self(), int('status')] },
    (answer, status) => {
      answer.code(status);
      return noResults();
    },
  ),
  header: pure(
    { doc: 'Set a header of the answer.', args: [httpAnswers.self(), str('name'), str('value')] },
    (answer, name, value) => {
      answer.header(name, value);
      return noResults();
    },
  ),
  write: pure(
    {
      doc: 'Add to the body; gives the number of bytes.',
      args: [httpAnswers.self(), any('data')],
      returns: [result('count', 'integer'), error],
    },
    (answer, data) => {
      const bytes = textOf(data);
      const failure = answer.write(bytes);
      return failure === undefined ? bytes.length : results2(0, failure);
    },
  ),
  redirect: pure(
    {
      doc: 'Answer with another place, by default with status 308.',
      args: [httpAnswers.self(), str('url'), trailing(int('status'))],
    },
    (answer, url, status = 308) => {
      answer.redirect(url, status);
      return noResults();
    },
  ),
  done: pure({ doc: 'Finish the answer.', args: [httpAnswers.self()] }, (answer) => {
    answer.done();
    return noResults();
  }),
});

async function openServer(call: HostCall, settings: ServerSettings): Promise<HttpServer | string> {
  const queue = new RequestQueue();
  const server = makeServer(settings.tls, queue.add);
  const listener = await openListener(call, server, settings.address);
  if (typeof listener === 'string') return listener;
  call.closeAtEnd(() => listener.close());
  return new HttpServer(server, queue, listener);
}

function* newServer(call: HostCall, given: LuaValue): Steps<Outcome> {
  const server = yield* waitFor(openServer(call, readSettings(given)));
  return typeof server === 'string' ? [undefined, server] : httpServers.make(server);
}

async function serveStatic(call: HostCall, folder: string, address: string): Promise<string> {
  const server = makeServer(undefined, (request, response) => void answerFile(toUtf8String(folder), request, response));
  const listener = await openListener(call, server, address);
  if (typeof listener === 'string') return listener;
  call.closeAtEnd(() => listener.close());
  server.ref();
  // Only the end of the script, or of the server, ends it.
  await new Promise((resolve) => server.once('close', resolve));
  return 'http: Server closed';
}

export const serverFunctions: Declarations = {
  server: io(
    {
      doc: 'Listen at an address, or as options say: addr, server_public_cert_pem_file, client_auth and others.',
      args: [any('options')],
      returns: [result('server', `${httpServers.name}?`), error],
    },
    newServer,
  ),
  serve_static: io(
    {
      doc: 'Serve the files of a folder; returns only when that is not possible.',
      args: [str('folder'), str('address')],
      returns: [result('err', 'string')],
    },
    serveStatic,
  ),
};
