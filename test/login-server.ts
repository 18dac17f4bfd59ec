/** A whole server for tests: configuration as text, scripts as text, the embedded store, log lines in a list. */
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createHostLoader } from '../compiler/cli/loader.ts';
import { compileProgram } from '../compiler/front/index.ts';
import { type Config, parseConfig, scriptSet } from '../runtime/config/index.ts';
import type { CompiledChunk } from '../runtime/contract/abi.ts';
import type { CompiledProgram } from '../runtime/contract/scripts.ts';
import { createScriptEvaluator } from '../runtime/embedded-scripts.ts';
import { instantiateCode, type Loader, SourceError } from '../runtime/engine/load.ts';
import { createServer, describeModules, type Server } from '../runtime/index.ts';
import { type LogSink, type OpenedServices, openServices } from '../runtime/services/index.ts';

/** File name → Lua text. Names that the configuration mentions are scripts, the others can be required. */
export type Sources = Readonly<Record<string, string>>;

export interface TestServer {
  readonly server: Server;
  readonly services: OpenedServices;
  /** Log lines so far, parsed: logfmt pairs of each. */
  readonly lines: () => readonly LogLine[];
  /** All log output so far, as written. */
  readonly output: () => string;
  request(request: TestRequest): Promise<TestAnswer>;
  /** Resolves once no post action waits or runs. */
  settled(): Promise<void>;
  swap(sources: Sources): Promise<void>;
}

export type LogLine = Readonly<Record<string, string>>;

export interface TestRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Scripts of tests load no code at run time. */
export const LOADER: Loader = {
  compile: () => new SourceError('tests compile nothing at run time'),
  file: (path) => new SourceError(`cannot open ${path}`),
  module: () => undefined,
};

/** Scripts of the embedded store: those of the server itself need it. */
const EVALUATE = createScriptEvaluator(createHostLoader(describeModules));

/** `server:` keys beside those every test has, and further sections, as YAML. */
export function configText(server: string, rest = ''): string {
  return [
    'server:',
    '  address: "127.0.0.1:0"',
    '  log: { level: debug, debug_modules: [all] }',
    '  redis: { password_nonce: test, pool_size: 2, prefix: "nt:" }',
    ...server
      .trim()
      .split('\n')
      .map((line) => `  ${line}`),
    rest,
  ].join('\n');
}

/** The configuration of a text; fails the test when the text has errors. */
export function configOf(text: string, env: Record<string, string> = {}): Config {
  const { config, diagnostics } = parseConfig({ text, file: 'test.yml', env });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  assert.deepEqual(errors, []);
  assert.ok(config);
  return config;
}

/** Compiles all sources as one program, the way `build` does. */
export function compileSources(config: Config, sources: Sources): CompiledProgram {
  const files = Object.entries(sources).map(([name, source]) => ({ name, source }));
  const result = compileProgram(files, describeModules());
  assert.deepEqual(result.diagnostics, []);
  const chunks = new Map<string, CompiledChunk>(result.files.map((file) => [file.name, instantiateCode(file)]));
  const scripts = new Map(scriptSet(config).scripts.map(({ path }) => [path, chunks.get(path)!]));
  return { scripts, modules: chunks };
}

/** Starts everything and takes it down when the tests of the file are done. It does not listen: see `request`. */
export async function startServer(
  text: string,
  sources: Sources,
  env: Record<string, string> = {},
): Promise<TestServer> {
  const config = configOf(text, env);
  const written: string[] = [];
  const sink: LogSink = { write: (line) => void written.push(line), close: async () => {} };
  const services = await openServices(config, { sink, evaluate: EVALUATE });
  const server = await createServer({ config, program: compileSources(config, sources), loader: LOADER, services });
  after(async () => {
    await server.close();
    await services.close();
  });
  return {
    server,
    services,
    lines: () => written.map(parseLine),
    output: () => written.join(''),
    request: (request) => inject(server, request),
    settled: () => server.postActionsDone(),
    swap: (next) => server.swap({ program: compileSources(config, next) }),
  };
}

async function inject(server: Server, { method = 'POST', url, headers = {}, body }: TestRequest): Promise<TestAnswer> {
  const options = body === undefined ? { method, url, headers } : { method, url, headers, payload: body };
  const answer = await server.http.inject(options);
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

/** Pairs of a logfmt line; the first of several equal keys wins. */
function parseLine(line: string): LogLine {
  const pairs: Record<string, string> = {};
  for (const [, key = '', value = ''] of line.matchAll(/([^\s="]+)=("(?:[^"\\]|\\.)*"|\S*)/g)) {
    pairs[key] ??= value.startsWith('"') ? String(JSON.parse(value)) : value;
  }
  return pairs;
}

/** Headers of a login at the endpoints that read headers. */
export function loginHeaders(
  user: string,
  password: string,
  more: Record<string, string> = {},
): Record<string, string> {
  return { 'Auth-User': user, 'Auth-Pass': password, 'Auth-Protocol': 'imap', 'Client-IP': '192.0.2.7', ...more };
}

/** A backend that knows everybody, with the password `secret`. */
export const SECRET_BACKEND = `
  function nauthilus_backend_verify_password(request)
    local result = nauthilus_backend_result.new()
    result:user_found(true)
    result:account_field("account")
    result:attributes({ account = request.username })
    result:authenticated(request.password == "secret")
    return 0, result
  end`;
