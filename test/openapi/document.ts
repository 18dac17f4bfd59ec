/** The OpenAPI document as tests use it: operations with what they refer to in place, and whether an answer is one of theirs. */
import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export type JsonObject = { readonly [key: string]: unknown };

export interface ApiParameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonObject;
}

export interface ApiOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly ApiParameter[];
  /** Schemas by media type. */
  readonly bodies: ReadonlyMap<string, JsonObject>;
  readonly responses: ReadonlyMap<string, JsonObject>;
  /** Scheme names of which one is needed; `''`: none is. */
  readonly security: readonly string[];
}

export interface ApiAnswer {
  readonly status: number;
  /** As sent, names and values in turn. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export class ApiDocument {
  readonly operations: readonly ApiOperation[];
  readonly #ajv = new Ajv2020({ strict: true, allErrors: true, validateFormats: false });
  readonly #coercing = new Ajv2020({ strict: true, coerceTypes: true, validateFormats: false });
  readonly #compiled = new Map<JsonObject, ValidateFunction>();

  constructor(document: unknown) {
    const root = object(document);
    const resolve = (value: unknown): JsonObject => {
      const { $ref } = object(value);
      if (typeof $ref !== 'string') return object(value);
      return $ref
        .split('/')
        .slice(1)
        .reduce((at, key) => object(at[key]), root);
    };
    this.operations = Object.entries(object(root.paths)).flatMap(([path, item]) =>
      Object.entries(object(item)).map(([method, value]) => operationOf(path, method, object(value), resolve)),
    );
  }

  /** Fails when the document does not say that this operation may be answered so. */
  check(operation: ApiOperation, answer: ApiAnswer): void {
    const { status, body } = answer;
    const declared = operation.responses.get(String(status)) ?? operation.responses.get('default');
    assert.ok(declared, `${operation.name} is not said to answer ${status}`);
    const headers = headersOf(answer);
    const isScript = !operation.responses.has(String(status)) || operation.responses.has('default');
    this.#checkHeaders(object(declared.headers ?? {}), headers, isScript);
    if (body === '' || (isScript && declared.content === undefined)) return;
    const content = object(declared.content ?? {});
    const type = (headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    const schema = content[type];
    assert.ok(schema, `a body of type '${type}' is not declared for ${status}: ${body.slice(0, 200)}`);
    this.#validate(this.#ajv, object(object(schema).schema), type === 'application/json' ? JSON.parse(body) : body);
  }

  #checkHeaders(declared: JsonObject, sent: ReadonlyMap<string, string>, mayHaveMore: boolean): void {
    const known = new Map(Object.entries(declared).map(([name, value]) => [name.toLowerCase(), object(value)]));
    for (const [name, { required }] of known) assert.ok(required !== true || sent.has(name), `no header ${name}`);
    for (const [name, value] of sent) {
      const header = known.get(name);
      if (header !== undefined) this.#validate(this.#coercing, object(header.schema), value);
      else assert.ok(mayHaveMore || OF_THE_PROTOCOL.has(name) || name.startsWith('x-nauthilus-'), `header ${name}`);
    }
  }

  #validate(ajv: Ajv2020, schema: JsonObject, value: unknown): void {
    const validate = this.#compiled.get(schema) ?? ajv.compile(schema);
    this.#compiled.set(schema, validate);
    // Coercion needs a place to write to; the value of a header is text.
    assert.ok(validate(value), `${JSON.stringify(validate.errors)} in ${JSON.stringify(value)?.slice(0, 500)}`);
  }
}

const OF_THE_PROTOCOL = new Set(['content-type', 'content-length', 'date', 'connection', 'keep-alive']);

function operationOf(
  path: string,
  method: string,
  operation: JsonObject,
  resolve: (value: unknown) => JsonObject,
): ApiOperation {
  const parameters = list(operation.parameters).map((value): ApiParameter => {
    const { name, in: place, required, schema } = resolve(value);
    assert.ok(typeof name === 'string' && (place === 'query' || place === 'header'));
    return { name, in: place, required: required === true, schema: object(schema) };
  });
  const content = Object.entries(object(object(operation.requestBody ?? {}).content ?? {}));
  return {
    name: `${method.toUpperCase()} ${path}`,
    method: method.toUpperCase(),
    path,
    parameters,
    bodies: new Map(content.map(([type, media]) => [type, object(object(media).schema)])),
    responses: new Map(Object.entries(object(operation.responses)).map(([status, value]) => [status, resolve(value)])),
    security: list(operation.security).map((each) => Object.keys(object(each))[0] ?? ''),
  };
}

function headersOf({ rawHeaders }: ApiAnswer): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.set(rawHeaders[at]!.toLowerCase(), rawHeaders[at + 1]!);
  }
  return headers;
}

function object(value: unknown): JsonObject {
  assert.ok(isObject(value), `no object: ${JSON.stringify(value)}`);
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
