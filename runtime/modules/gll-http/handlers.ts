/** Answering requests by code that runs in an environment of its own for each of them. */
import {
  bareEnvironment,
  callValue,
  type Environment,
  type Finished,
  finish,
  first,
  type HostCall,
  LuaError,
  type LuaValue,
  loadInto,
  type PortableCode,
  runBeside,
  type Steps,
  setGlobal,
  textOf,
  waitFor,
} from '../../host/index.ts';
import { Answer } from './answer.ts';
import type { HttpServer, Incoming } from './server.ts';

/** What handlers can require. */
const MODULES = [
  'time',
  'strings',
  'filepath',
  'ioutil',
  'regexp',
  'tac',
  'inspect',
  'yaml',
  'cmd',
  'json',
  'tcp',
  'xmlpath',
  'db',
  'cert_util',
  'runtime',
  'telegram',
  'zabbix',
  'crypto',
  'goos',
  'storage',
  'humanize',
  'chef',
  'template',
  'http_client',
  'log',
  'loglevel',
  'cloudwatch',
  'http_util',
  'prometheus',
];

/** Makes the Lua values of a request and its answer in the running environment. */
export type Present = (
  incoming: Incoming,
  answer: Answer,
) => { readonly request: LuaValue; readonly response: LuaValue };

/** What is done with them in the environment of one request. */
type Handler = (env: Environment, presented: ReturnType<Present>) => Steps<Finished>;

/** The code finds `request` and `response` in its globals. */
export function runsCode(code: PortableCode): Handler {
  return function* (env, { request, response }) {
    setGlobal(env, 'request', request);
    setGlobal(env, 'response', response);
    return yield* finish(callValue(loadInto(env, code), []));
  };
}

/** The function is made anew for each request, with the globals of its environment. */
export function callsFunction(code: PortableCode, args: readonly LuaValue[]): Handler {
  return function* (env, { request, response }) {
    const fn = first(yield* finish(callValue(loadInto(env, code), [])));
    return yield* finish(callValue(fn, [response, request, ...args]));
  };
}

/** Answers requests until the script ends; several at the same time when handlers wait. */
export function* serve(call: HostCall, server: HttpServer, present: Present, handler: Handler): Steps<never> {
  for (;;) {
    const incoming = yield* waitFor(server.accept());
    const answer = new Answer(incoming.request, incoming.response);
    const env = bareEnvironment(MODULES);
    runBeside(env, () => handler(env, present(incoming, answer))).catch((thrown: unknown) => {
      call.log.error({ err: failureText(thrown) }, 'http handler failed');
      answer.done();
    });
  }
}

function failureText(thrown: unknown): string {
  if (thrown instanceof LuaError) return textOf(thrown.value);
  return thrown instanceof Error ? thrown.message : String(thrown);
}
