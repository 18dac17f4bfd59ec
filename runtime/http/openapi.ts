/** The OpenAPI document (version 3.1.0) of all endpoints under one configuration, from what they say about themselves. */
import * as z from 'zod';
import type { Config } from '../config/index.ts';
import type { AnswerHeader, AnswerKind, Bodies, Method, Operation, Parameter } from './description.ts';
import { empty } from './description.ts';
import type { Endpoint } from './endpoint.ts';

type JsonObject = Record<string, unknown>;

interface Route {
  readonly path: string;
  readonly method: Method;
  readonly operation: Operation;
  /** The path that is served alike and named first, for older ones. */
  readonly alike: string | undefined;
}

const API = '/api/v1/';

/** What any request may be answered with before an endpoint sees it, and after one has failed. */
const ALWAYS: Operation['answers'] = {
  413: [
    {
      ...empty('The body is larger than a mebibyte.'),
      bodies: { 'application/json': z.object({ error: z.string() }) },
    },
  ],
  429: [
    {
      description: 'More than `server.max_concurrent_requests` are under way.',
      bodies: { 'application/json': z.object({ msg: z.string() }) },
    },
  ],
  431: [empty('The headers are larger than 16 KiB.')],
  500: [empty('A defect of the server, or a service is away; the log says more.')],
};

const CHALLENGE: AnswerHeader = { description: 'How to send credentials.', schema: z.string(), required: true };

const PROTECTED: Operation['answers'] = {
  401: [{ ...empty('No credentials, or none that can be read.'), headers: { 'WWW-Authenticate': CHALLENGE } }],
  403: [empty('Wrong credentials, or a peer that is not in `server.trusted_clients`.')],
};

const known = new WeakMap<Config, JsonObject>();

/** The document as data, made once for a configuration. Paths of `lua.hooks` are in it. */
export function openApiDocument(endpoints: readonly Endpoint[], config: Config): JsonObject {
  const document = known.get(config) ?? makeDocument(endpoints, config);
  known.set(config, document);
  return document;
}

function makeDocument(endpoints: readonly Endpoint[], config: Config): JsonObject {
  const components = new Components();
  const paths: Record<string, JsonObject> = {};
  for (const route of routesOf(endpoints, config)) {
    const item = paths[route.path] ?? {};
    item[route.method.toLowerCase()] = operationObject(route, config, components);
    paths[route.path] = item;
  }
  return {
    openapi: '3.1.0',
    info: INFO,
    paths,
    components: {
      securitySchemes: {
        api: { type: 'http', scheme: 'basic', description: 'The credentials of `server.basic_auth`.' },
        user: { type: 'http', scheme: 'basic', description: 'Those of the user who logs in.' },
        token: {
          type: 'http',
          scheme: 'bearer',
          description: '`bearer_token` of the hook, or a JSON Web Token with its roles and scopes.',
        },
      },
      ...components.collected,
    },
  };
}

const INFO = {
  title: 'nauthilus-js',
  version: '1',
  license: { name: 'MIT', identifier: 'MIT' },
  description: [
    'Authentication policy server, compatible with Nauthilus 1.3.8.',
    'Where scripts answer with `nauthilus_http_response` they may add headers to the answer to a login and replace its status by another one of the same hundred.',
    'Attributes of a user are answered as headers `X-Nauthilus-<Name>` by the endpoints that answer in headers; these depend on the backend.',
    'Headers with an empty value are not sent.',
  ].join(' '),
};

function routesOf(endpoints: readonly Endpoint[], config: Config): readonly Route[] {
  return endpoints.flatMap((endpoint): readonly Route[] => {
    const { describe, paths, methods } = endpoint;
    if (typeof describe !== 'function') {
      return describe.configured(config).map((route) => ({ ...route, alike: undefined }));
    }
    const [first] = paths;
    return paths.flatMap((path) =>
      methods.map((method) => ({
        path,
        method,
        operation: describe(config, method),
        alike: path === first ? undefined : first,
      })),
    );
  });
}

function operationObject(
  { path, method, operation, alike }: Route,
  config: Config,
  components: Components,
): JsonObject {
  const { summary, parameters = [], body, credentials } = operation;
  const isProtected = path.startsWith(API) && credentials !== 'none';
  const answers = [ALWAYS, ...(isProtected ? [PROTECTED] : []), operation.answers];
  return {
    operationId: `${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+(\w?)/g, (_, next: string) => next.toUpperCase())}`,
    summary,
    ...(alike === undefined ? {} : { description: `As ${alike}.` }),
    security: isProtected ? securityOf(operation, config) : [],
    ...(parameters.length > 0 ? { parameters: parameters.map((each) => components.parameter(each)) } : {}),
    ...(body === undefined
      ? {}
      : { requestBody: { required: body.required, content: contentOf(body.bodies, 'input') } }),
    responses: responsesOf(answers, method, components),
  };
}

function securityOf({ credentials }: Operation, { server }: Config): readonly JsonObject[] {
  if (credentials === 'bearer') return [{ token: [] }];
  if (credentials === 'end user') return [{ user: [] }];
  return server.basic_auth.enabled ? [{ api: [] }] : [{}, { api: [] }];
}

function responsesOf(sources: readonly Operation['answers'][], method: Method, components: Components): JsonObject {
  const byStatus = new Map<string, AnswerKind[]>();
  for (const source of [...sources].reverse()) {
    for (const [status, kinds] of Object.entries(source)) {
      byStatus.set(status, [...(byStatus.get(status) ?? []), ...(kinds ?? [])]);
    }
  }
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => {
      const object = responseObject(kinds, method);
      return [status, Number(status) < 400 ? object : components.response(status, object)];
    }),
  );
}

function responseObject(kinds: readonly AnswerKind[], method: Method): JsonObject {
  const bodies = method === 'HEAD' ? [] : kinds.map((kind) => kind.bodies ?? {});
  const content = contentOf(joinBodies(bodies), 'output');
  const headers = joinHeaders(kinds);
  return {
    description: [...new Set(kinds.map(({ description }) => description))].join(' '),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
}

/** Bodies of one media type under one status are one or the other. */
function joinBodies(all: readonly Bodies[]): Bodies {
  const byType = new Map<string, z.ZodType[]>();
  for (const [type, schema] of all.flatMap((bodies) => Object.entries(bodies))) {
    byType.set(type, [...(byType.get(type) ?? []), schema]);
  }
  return Object.fromEntries(
    [...byType].map(([type, schemas]) => [type, schemas.length === 1 ? schemas[0]! : z.union(schemas)]),
  );
}

/** A header is required where each kind of answer has it. */
function joinHeaders(kinds: readonly AnswerKind[]): JsonObject {
  const names = new Set(kinds.flatMap(({ headers = {} }) => Object.keys(headers)));
  return Object.fromEntries(
    [...names].map((name) => {
      const found = kinds.map(({ headers }) => headers?.[name]);
      const { description = '', schema = z.string() } = found.find((each) => each !== undefined) ?? {};
      const required = found.every((each) => each?.required === true);
      return [name, { description, ...(required ? { required } : {}), schema: schemaObject(schema, 'output') }];
    }),
  );
}

function contentOf(bodies: Bodies, io: 'input' | 'output'): JsonObject {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, schema]) => [type, { schema: schemaObject(schema, io) }]),
  );
}

function schemaObject(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

/** What many operations share stands in the document once. */
class Components {
  readonly #parameters = new Shared();
  readonly #responses = new Shared();

  parameter({ name, in: place, description, schema, required = false }: Parameter): JsonObject {
    const object = {
      name,
      in: place,
      description,
      ...(required ? { required } : {}),
      schema: schemaObject(schema, 'input'),
    };
    return { $ref: `#/components/parameters/${this.#parameters.keyOf(`${place}-${name}`, object)}` };
  }

  response(status: string, object: JsonObject): JsonObject {
    return { $ref: `#/components/responses/${this.#responses.keyOf(status, object)}` };
  }

  get collected(): JsonObject {
    return { parameters: this.#parameters.objects, responses: this.#responses.objects };
  }
}

/** Objects under keys that begin with a name; equal ones of a name have one key. */
class Shared {
  readonly #byName = new Map<string, string[]>();
  readonly objects: Record<string, JsonObject> = {};

  keyOf(name: string, object: JsonObject): string {
    const known = this.#byName.get(name) ?? [];
    this.#byName.set(name, known);
    const text = JSON.stringify(object);
    if (!known.includes(text)) known.push(text);
    const at = known.indexOf(text);
    const key = `${name}${at === 0 ? '' : `-${at + 1}`}`.replace(/[^A-Za-z0-9._-]/g, '_');
    this.objects[key] = object;
    return key;
  }
}
