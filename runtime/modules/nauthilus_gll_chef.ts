/** Signed requests to a Chef server, as the module `chef` of gopher-lua-libs. */
import type { KeyObject } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import {
  argumentError,
  attempt,
  defineModule,
  error,
  fromBuffer,
  type HostCall,
  io,
  LuaTable,
  type LuaValue,
  lax,
  type Outcome,
  optional,
  rawGet,
  result,
  type Steps,
  str,
  table,
  textOf,
  toBuffer,
  toUtf8String,
  UserdataKind,
  waitFor,
} from '../host/index.ts';
import { readWholeFile } from '../services/index.ts';
import { KeyError, readPrivateKey, signedHeaders } from './gll-chef/signature.ts';
import type { HttpClient } from './gll-http/client.ts';
import { answerOrText, clientArgument, defaultClient } from './gll-http/client-argument.ts';
import { sniffContentType } from './gll-http/content-type.ts';
import { HttpRequest } from './gll-http/request.ts';
import { decodeText, JsonError } from './gll-json/decode.ts';
import { COMPACT, encodeValue } from './gll-json/encode.ts';
import { fileFailure } from './go/file-errors.ts';
import { isJsonObject, parseJson } from './go/json-values.ts';
import { escapedPath, type GoUrl, parseUrl, queryText, resolveUrl, UrlError, urlText } from './go/url.ts';

interface ChefClient {
  readonly name: string;
  readonly key: KeyObject;
  readonly base: GoUrl;
  readonly http: HttpClient;
}

const clients = new UserdataKind<ChefClient>('chef_client_ud');

/** What a server with another status than success has answered, or why there is no answer. */
class ChefError extends Error {}

async function keyOf(path: string): Promise<KeyObject> {
  try {
    return readPrivateKey(fromBuffer(await readWholeFile(toUtf8String(path))));
  } catch (thrown) {
    throw thrown instanceof KeyError ? thrown : new KeyError(fileFailure(thrown, 'open', path));
  }
}

async function orMessage<T>(work: () => Promise<T>): Promise<{ readonly value: T } | string> {
  try {
    return { value: await work() };
  } catch (thrown) {
    const isExpected =
      thrown instanceof KeyError ||
      thrown instanceof UrlError ||
      thrown instanceof ChefError ||
      thrown instanceof JsonError;
    if (isExpected) return thrown.message;
    throw thrown;
  }
}

function* newClient(name: string, keyFile: string, url: string, given: HttpClient | undefined): Steps<Outcome> {
  const http = given ?? defaultClient();
  const made = yield* waitFor(orMessage(async () => ({ name, key: await keyOf(keyFile), base: parseUrl(url), http })));
  return typeof made === 'string' ? [undefined, made] : clients.make(made.value);
}

function contentTypeOf(body: string): string {
  try {
    if (isJsonObject(parseJson(body))) return 'application/json';
  } catch {
    // Then it is something else.
  }
  return sniffContentType(body);
}

/** The body of the answer. Rejects with `ChefError` or `UrlError`. */
async function exchange(
  { services, ended }: HostCall,
  client: ChefClient,
  method: string,
  path: string,
  body = '',
): Promise<string> {
  const url = resolveUrl(client.base, path);
  const text = urlText(url);
  const request = new HttpRequest(method, text, body === '' ? undefined : toBuffer(body));
  const timestamp = new Date(services.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const signed = { method: request.method, path: escapedPath(url), body, user: client.name, timestamp };
  if (body !== '') request.set('Content-Type', contentTypeOf(body));
  client.http.prepare(request);
  for (const [name, value] of signedHeaders(signed, client.key)) request.set(name, value);
  const answer = await answerOrText(client.http, request, ended);
  if (typeof answer === 'string') throw new ChefError(answer);
  const { status } = answer;
  if (status < 200 || status > 299) {
    throw new ChefError(`${request.method} ${urlText(url, true)}: ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd());
  }
  return fromBuffer(answer.body);
}

function* answered(exchanging: () => Promise<string>): Steps<Outcome> {
  const outcome = yield* waitFor(orMessage(exchanging));
  if (typeof outcome === 'string') return [undefined, outcome];
  return attempt(
    [JsonError],
    ({ message }) => [undefined, message],
    () => decodeText(outcome.value, () => new LuaTable()),
  );
}

const DEFAULT_ROWS = 1000;
const DEFAULT_SORTING = 'X_CHEF_id_CHEF_X asc';

/** The method is the first argument of three after the object. */
const PARAMS = 5;

function searchPath(index: string, query: string, params: LuaTable | undefined): string {
  const given = (name: string): LuaValue => (params === undefined ? undefined : rawGet(params, name));
  const number = (name: string, fallback: number): string => {
    const value = given(name) ?? fallback;
    return typeof value === 'number' ? textOf(value) : argumentError(PARAMS, 'search', `${name} must be number`);
  };
  const sorting = given('sort_by') ?? DEFAULT_SORTING;
  if (typeof sorting !== 'string') return argumentError(PARAMS, 'search', 'sort_by must be string');
  const values = { q: query, rows: number('rows', DEFAULT_ROWS), sort: sorting, start: number('start', 0) };
  return `search/${index}?${queryText(new Map(Object.entries(values).map(([name, value]) => [name, [value]])))}`;
}

function search(
  call: HostCall,
  client: ChefClient,
  index: string,
  query: string,
  partial: LuaTable | undefined,
  params: LuaTable | undefined,
): Steps<Outcome> {
  const path = searchPath(index, query, params);
  return answered(async () => {
    if (partial === undefined) return exchange(call, client, 'GET', path);
    return exchange(call, client, 'POST', path, encodeValue(partial, COMPACT));
  });
}

clients.has({
  request: io(
    {
      doc: 'Send a signed request; the answer is read as JSON.',
      args: [clients.self(), str('method'), str('path'), lax('body')],
      returns: [result('answer', 'any'), error],
    },
    (call, client, method, path, body) => {
      const text = body === undefined ? '' : textOf(body);
      return answered(() => exchange(call, client, method, path, text));
    },
  ),
  search: io(
    {
      doc: 'Search an index; partial names what is wanted of the results, params has start, rows and sort_by.',
      args: [clients.self(), str('index'), str('query'), optional(table('partial')), optional(table('params'))],
      returns: [result('answer', 'any'), error],
    },
    search,
  ),
});

export default defineModule({
  name: 'nauthilus_gll_chef',
  requires: ['chef'],
  classes: 'all',
  doc: 'Requests to a Chef server, signed with the key of a client.',
  userdata: [clients],
  globals: () => ({ chef_client_ud: clients.metatable() }),
  functions: {
    client: io(
      {
        doc: 'A client by its name, the file with its RSA key (PEM) and the URL of the server, which ends in a slash.',
        args: [str('name'), str('key_file'), str('url'), clientArgument],
        returns: [result('client', `${clients.name}?`), error],
      },
      (_call, name, keyFile, url, http) => newClient(name, keyFile, url, http),
    ),
  },
});
