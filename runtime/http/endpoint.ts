/**
 * One endpoint: paths, how a request becomes a `LoginInput`, and how a verdict becomes the protocol's answer. No policy
 * lives here. Answers are plain data; `http/server.ts` writes them.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Config } from '../config/index.ts';
import { Misdeclared } from '../contract/misdeclared.ts';
import type { Login, LoginInput } from '../login/login.ts';
import type { RequestSnapshot } from '../login/script-state.ts';
import type { Verdict } from '../login/verdict.ts';
import type { Generation } from '../pipeline/generation.ts';
import type { ConfiguredRoute, Describe, Method } from './description.ts';

/** The request as an endpoint sees it. Header values are byte strings. */
export interface HttpRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** What follows the `?`, undecoded; '' without one. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly peerIp: string;
  readonly peerPort: string;
}

/** An HTTP answer as data. Header values are byte strings and are made safe when written. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
  /** For the HTTP log line when the request could not be understood, e.g. `invalid username`. */
  readonly problem?: string;
}

export interface LoginEndpoint {
  readonly kind: 'login';
  readonly methods: readonly ('GET' | 'POST')[];
  /** Paths served; the last segment is the service name that scripts see. */
  readonly paths: readonly string[];
  /** `server.dns.resolve_client_ip` holds for it. */
  readonly resolvesClient?: boolean;
  /** Not protected by `server.basic_auth`: it authenticates by the same header. */
  readonly exemptFromBasicAuth?: boolean;
  readonly describe: Describe;
  parse(request: HttpRequest, generation: Generation): LoginInput | HttpAnswer;
  reply(verdict: Verdict, login: Login, generation: Generation): HttpAnswer;
}

export interface PlainEndpoint {
  readonly kind: 'plain';
  readonly methods: readonly Method[];
  readonly paths: readonly string[];
  /** Not protected by `server.basic_auth`: it decides by itself who may call it. */
  readonly hasOwnAccess?: boolean;
  readonly describe: Describe | { configured(config: Config): readonly ConfiguredRoute[] };
  handle(request: HttpRequest, generation: Generation, call: PlainCall): HttpAnswer | Promise<HttpAnswer>;
}

/** What an endpoint without a login may want beside the request. */
export interface PlainCall {
  readonly session: string;
  /** Makes the form of the request that scripts may read. */
  snapshot(): RequestSnapshot;
  /** The OpenAPI document of the generation that answers. */
  document(): object;
}

export type Endpoint = LoginEndpoint | PlainEndpoint;

/** An endpoint that authenticates: it only reads and answers, the pipeline decides. */
export function defineEndpoint(endpoint: Omit<LoginEndpoint, 'kind'>): LoginEndpoint {
  return { kind: 'login', ...endpoint };
}

/** An endpoint without a login: health, metrics, hooks. */
export function definePlainEndpoint(endpoint: Omit<PlainEndpoint, 'kind'>): PlainEndpoint {
  return { kind: 'plain', ...endpoint };
}

/** Throws Misdeclared when two endpoints answer the same method and path, and names their files (`files`: in the order of `endpoints`). */
export function refuseSharedRoutes(endpoints: readonly Endpoint[], files: readonly string[]): void {
  const owners = new Map<string, string>();
  for (const [at, { methods, paths }] of endpoints.entries()) {
    const file = files[at] ?? '';
    for (const route of methods.flatMap((method) => paths.map((path) => `${method} ${path}`))) {
      const other = owners.get(route);
      if (other !== undefined) throw new Misdeclared(`${other} and ${file} both answer ${route}`);
      owners.set(route, file);
    }
  }
}
