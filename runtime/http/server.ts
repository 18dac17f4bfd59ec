/**
 * HTTP routes: every endpoint under its paths, logins through the pipeline, the protection of the API, and the answers
 * where no endpoint matches. fastify routes and ends connections; `exchange.ts` reads and writes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, { type FastifyInstance, type FastifyRequest, type RouteHandlerMethod } from 'fastify';
import type { Config } from '../config/index.ts';
import { beginLogin } from '../login/begin.ts';
import type { LoginInput } from '../login/login.ts';
import type { Verdict } from '../login/verdict.ts';
import { explanationLine } from '../pipeline/explain.ts';
import { listAccounts } from '../pipeline/list-accounts.ts';
import { runLogin } from '../pipeline/run.ts';
import { emptyAnswer, NOT_FOUND, refusal } from './answers.ts';
import { refusePeer, refuseStranger } from './api-access.ts';
import { withClientName } from './client-name.ts';
import {
  type Endpoint,
  type HttpAnswer,
  type LoginEndpoint,
  type PlainEndpoint,
  refuseSharedRoutes,
} from './endpoint.ts';
import endpoints, { files } from './endpoints/index.gen.ts';
import { type Answering, type CurrentGeneration, Desk, type Exchange } from './exchange.ts';
import { asksForExplanation, EXPLANATION_HEADER, explanationFor } from './explain.ts';
import { listAccountsAnswer } from './list-accounts-answer.ts';
import { createListener, type Listener } from './listener.ts';
import { openApiDocument } from './openapi.ts';
import { Peers } from './peers.ts';
import { IncomingSnapshot } from './request-snapshot.ts';
import { refineAnswer } from './script-response.ts';

const METHODS = ['GET', 'POST', 'DELETE'] as const;
const API = '/api/v1/';

export interface HttpServer {
  /** The routes, which tests call without a socket (`inject`). */
  readonly app: FastifyInstance;
  readonly listener: Listener;
  /** Accepts nothing more; resolves when the last answer is out. */
  close(): Promise<void>;
}

/** The server with all its routes; nothing listens yet. Throws when certificate or key cannot be read. */
export function createHttpServer(config: Config, current: CurrentGeneration): HttpServer {
  const peers = new Peers();
  const desk = new Desk(current, peers);
  const direct: DirectRoutes = new Map();
  const app = createRoutes(desk, direct);
  const listener = createListener(config, peers, (request, response) => {
    if (!takeDirectly(direct, request, response)) app.server.emit('request', request, response);
  });
  return {
    app,
    listener: {
      listen: async () => {
        await app.ready();
        await listener.listen();
      },
      get address() {
        return listener.address;
      },
      prepare: (next) => listener.prepare(next),
      close: () => listener.close(),
    },
    close: async () => {
      desk.close();
      await listener.close();
      await app.close();
    },
  };
}

type Take = (raw: IncomingMessage, response: ServerResponse) => void;

/** Paths without parameters, written as they are, by method: nearly all requests, which need no router. */
type DirectRoutes = Map<string, ReadonlyMap<string, Take>>;

function takeDirectly(direct: DirectRoutes, request: IncomingMessage, response: ServerResponse): boolean {
  const { url = '', method = '' } = request;
  const mark = url.indexOf('?');
  const take = direct.get(mark < 0 ? url : url.slice(0, mark))?.get(method);
  take?.(request, response);
  return take !== undefined;
}

function createRoutes(desk: Desk, direct: DirectRoutes): FastifyInstance {
  const app: FastifyInstance = fastify({
    logger: false,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { querystringParser: (query) => ({ query }) },
  });
  // Bodies are read in exchange.ts, whatever the method and the content type.
  // That holds for methods that nothing is served under, too: fastify would read what exchange.ts waits for.
  for (const method of app.supportedMethods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  refuseSharedRoutes(endpoints, files);
  for (const endpoint of endpoints) addRoutes(app, direct, endpoint, desk);
  addFallbacks(app, desk);
  return app;
}

/** No route has a schema; fastify would load its compilers all the same. */
function noSchemas(): never {
  throw new Error('routes have no schemas');
}

function addRoutes(app: FastifyInstance, direct: DirectRoutes, endpoint: Endpoint, desk: Desk): void {
  const answering: Answering =
    endpoint.kind === 'login'
      ? (exchange) => refuse(exchange, endpoint) ?? answerLogin(exchange, endpoint)
      : (exchange) => refuse(exchange, endpoint) ?? answerPlain(exchange, endpoint);
  for (const url of endpoint.paths) {
    app.route({ method: [...endpoint.methods], url, handler: handler(desk, url, answering) });
    if (/[:*(]/.test(url)) continue;
    const take: Take = (raw, response) => desk.take(raw, response, url, answering);
    const others = direct.get(url) ?? new Map<string, Take>();
    direct.set(url, new Map([...others, ...endpoint.methods.map((method) => [method, take] as const)]));
  }
}

function handler(desk: Desk, route: string, answering: Answering): RouteHandlerMethod {
  return (request, reply) => {
    reply.hijack();
    desk.take(request.raw, reply.raw, route, answering);
  };
}

/** Below `/api/v1` unknown services are protected too, as in the reference; other unknown paths are not. */
function addFallbacks(app: FastifyInstance, desk: Desk): void {
  const url = `${API}:category/:service`;
  app.route({
    method: [...METHODS],
    url,
    handler: handler(desk, url, (exchange) => refuse(exchange, undefined) ?? answerUnknown(exchange)),
  });
  app.setNotFoundHandler((request, reply) => {
    reply.hijack();
    desk.take(request.raw, reply.raw, '', () => redirectWithoutSlash(app, request) ?? NOT_FOUND);
  });
  app.setErrorHandler((_error, request, reply) => {
    reply.hijack();
    desk.take(request.raw, reply.raw, '', () => refusal('bad request'));
  });
}

function answerUnknown({ request }: Exchange): HttpAnswer {
  const isLogin = request.path.startsWith(`${API}auth/`) && request.method !== 'DELETE';
  return isLogin ? refusal('unknown service') : emptyAnswer(404);
}

function redirectWithoutSlash(app: FastifyInstance, request: FastifyRequest): HttpAnswer | undefined {
  const [path = '', query] = request.url.split('?');
  const method = METHODS.find((known) => known === request.method);
  if (method === undefined || path.length < 2 || !path.endsWith('/')) return undefined;
  const bare = path.slice(0, -1);
  if (!endpoints.some((endpoint) => endpoint.paths.includes(bare)) || !app.hasRoute({ method, url: bare }))
    return undefined;
  const location = query === undefined ? bare : `${bare}?${query}`;
  return emptyAnswer(method === 'GET' ? 301 : 307, [['Location', location]]);
}

/** The protection of the API, but for endpoints that ask for credentials of their own. */
function refuse({ request, generation }: Exchange, endpoint: Endpoint | undefined): HttpAnswer | undefined {
  if (!request.path.startsWith(API)) return undefined;
  if (endpoint?.kind === 'plain' && endpoint.hasOwnAccess === true) return undefined;
  const refused = refusePeer(request, generation.config);
  if (refused !== undefined || (endpoint?.kind === 'login' && endpoint.exemptFromBasicAuth === true)) return refused;
  return refuseStranger(request, generation.config);
}

function answerPlain(exchange: Exchange, endpoint: PlainEndpoint): HttpAnswer | Promise<HttpAnswer> {
  const { request, generation, session } = exchange;
  const document = () => openApiDocument(endpoints, generation.config);
  return endpoint.handle(request, generation, { session, snapshot: () => snapshotOf(exchange), document });
}

function answerLogin(exchange: Exchange, endpoint: LoginEndpoint): HttpAnswer | Promise<HttpAnswer> {
  const { request, generation } = exchange;
  const input = endpoint.parse(request, generation);
  if ('status' in input) return input;
  if (input.mode === 'list-accounts') return answerList(exchange, input);
  if (endpoint.resolvesClient !== true || !generation.config.server.dns.resolve_client_ip) {
    return answerWithVerdict(exchange, endpoint, input);
  }
  return withClientName(input, generation).then((named) => answerWithVerdict(exchange, endpoint, named));
}

function answerWithVerdict(
  exchange: Exchange,
  endpoint: LoginEndpoint,
  input: LoginInput,
): HttpAnswer | Promise<HttpAnswer> {
  const { session, startedAt, generation } = exchange;
  const isAsked = asksForExplanation(exchange.request, generation.config);
  const explanation = explanationFor(isAsked, generation);
  const login = beginLogin(input, { session, startedAt, request: snapshotOf(exchange), explanation });
  const verdict = runLogin(login, generation);
  const reply = (known: Verdict): HttpAnswer => {
    exchange.hasFinalLine = true;
    const answer = refineAnswer(endpoint.reply(known, login, generation), login.script.response);
    return isAsked && explanation !== undefined ? withExplanation(answer, explanationLine(known, explanation)) : answer;
  };
  return verdict instanceof Promise ? verdict.then(reply) : reply(verdict);
}

function withExplanation(answer: HttpAnswer, line: string): HttpAnswer {
  return { ...answer, headers: [...answer.headers, [EXPLANATION_HEADER, line]] };
}

async function answerList(exchange: Exchange, input: LoginInput): Promise<HttpAnswer> {
  const { request, session, generation } = exchange;
  const accounts = await listAccounts({ session, request: snapshotOf(exchange), input }, generation);
  return listAccountsAnswer(accounts, request.headers.accept);
}

function snapshotOf({ raw, request }: Exchange): IncomingSnapshot {
  return new IncomingSnapshot(raw, request.body);
}
