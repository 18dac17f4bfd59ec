/** Random requests for an operation of the OpenAPI document: such as it asks for, and such as nobody should send. */
import fc, { type Arbitrary } from 'fast-check';
import { type ApiOperation, type ApiParameter, isObject, type JsonObject } from './document.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values as byte strings. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** As the document asks for, with all that a request cannot do without. */
  readonly isProper: boolean;
  /** Names of the parameters in it. */
  readonly parameters: readonly string[];
}

/** Values for parameters that a schema does not tell enough about, by the end of their names. */
export type Hints = Readonly<Record<string, readonly string[]>>;

export class RequestMaker {
  readonly #hints: Hints;
  readonly #credentials: readonly Readonly<Record<string, string>>[];

  /** `credentials`: headers of which a request has one set or another. */
  constructor(hints: Hints, credentials: readonly Readonly<Record<string, string>>[]) {
    this.#hints = hints;
    this.#credentials = credentials;
  }

  proper(operation: ApiOperation, credentials: Readonly<Record<string, string>>): Arbitrary<ApiRequest> {
    const bodies = [...operation.bodies];
    const body: Arbitrary<Payload> =
      bodies.length === 0
        ? fc.constant({ body: Buffer.alloc(0) })
        : fc.oneof(...bodies.map((each) => this.#body(...each)));
    return fc
      .tuple(fc.tuple(...operation.parameters.map((parameter) => this.#parameter(parameter))), body)
      .map(([parameters, payload]) => assemble(operation, parameters.flat(), payload, credentials, true));
  }

  improper(operation: ApiOperation): Arbitrary<ApiRequest> {
    const parameter = ({ name, in: place, schema }: ApiParameter): Arbitrary<readonly Given[]> =>
      fc
        .option(
          fc.oneof(
            this.#text(name, schema),
            rawText,
            fc.constantFrom('', '0', '1', '-1', '%', '\xff', 'x'.repeat(300)),
          ),
          { nil: undefined },
        )
        .map((value) => (value === undefined ? [] : [{ name, place, value }]));
    const schemas = [...operation.bodies.values()];
    const json = fc
      .oneof(fc.jsonValue(), ...schemas.map((schema) => this.#mutated(schema)))
      .map((v) => JSON.stringify(v));
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      json.map((text) => Buffer.from(text)),
      json.map((text) => Buffer.from(text.slice(0, text.length / 2))),
      fc.constant(Buffer.alloc(0)),
      fc.webQueryParameters().map((text) => Buffer.from(text)),
    );
    const type = fc.constantFrom(
      undefined,
      'application/json',
      'application/json; charset=utf-8',
      'application/x-www-form-urlencoded',
      'text/plain',
      'application/jsonx',
      ';;;',
    );
    return fc
      .tuple(fc.tuple(...operation.parameters.map(parameter)), body, type, fc.constantFrom(...this.#credentials))
      .map(([parameters, bytes, contentType, credentials]) =>
        assemble(operation, parameters.flat(), { body: bytes, type: contentType }, credentials, false),
      );
  }

  #parameter({ name, in: place, schema, required }: ApiParameter): Arbitrary<readonly Given[]> {
    const value = this.#text(name, schema).map((text): readonly Given[] => [{ name, place, value: text }]);
    const isNeeded = required || this.#hints[name] !== undefined;
    return isNeeded ? value : fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: value });
  }

  #text(name: string, schema: JsonObject): Arbitrary<string> {
    const hinted = this.#hints[name];
    const any = this.#value(schema, name).map((value) => headerBytes(String(value)));
    // Blanks around a value are not a part of it.
    const fitting = typeof schema.pattern === 'string' ? any.filter(isFitting(schema.pattern)) : any;
    return hinted === undefined ? fitting : fc.oneof(fc.constantFrom(...hinted.map(headerBytes)), fitting);
  }

  #body(type: string, schema: JsonObject): Arbitrary<Payload> {
    return this.#value(schema, '').map((value) =>
      type === 'application/json'
        ? { type, body: Buffer.from(JSON.stringify(value)) }
        : { type, body: Buffer.from(new URLSearchParams(flatTexts(value)).toString()) },
    );
  }

  /** A value that the schema allows. */
  #value(schema: JsonObject, name: string): Arbitrary<unknown> {
    const { type, anyOf, const: only, examples, pattern } = schema;
    if (isList(schema.enum)) return fc.constantFrom(...schema.enum);
    if (only !== undefined) return fc.constant(only);
    if (isList(anyOf)) return fc.oneof(...anyOf.map((each) => this.#value(isObject(each) ? each : {}, name)));
    if (isList(examples)) return fc.constantFrom(...examples);
    if (isList(type)) return fc.oneof(...type.map((each) => this.#value({ ...schema, type: each }, name)));
    const hinted = this.#hints[name];
    switch (type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return fc.integer({ min: Number(schema.minimum ?? 0), max: Math.min(Number(schema.maximum ?? 1e6), 1e6) });
      case 'array':
        return fc.array(this.#value(isObject(schema.items) ? schema.items : {}, name), { maxLength: 4 });
      case 'object':
        return this.#object(schema);
      case 'string': {
        const minLength = Number(schema.minLength ?? 0);
        const free = fc.string({ unit: 'binary', minLength, maxLength: 30 });
        const fitting = typeof pattern === 'string' ? free.filter(isFitting(pattern)) : free;
        return hinted === undefined ? fitting : fc.oneof(fc.constantFrom(...hinted), fitting);
      }
      default:
        return fc.jsonValue();
    }
  }

  #object(schema: JsonObject): Arbitrary<unknown> {
    const properties = isObject(schema.properties) ? schema.properties : {};
    const required = isList(schema.required) ? schema.required : [];
    const model = Object.entries(properties).map(([key, each]) => {
      const value = this.#value(isObject(each) ? each : {}, key);
      return [key, required.includes(key) ? value : fc.option(value, { nil: undefined })];
    });
    return fc.record(Object.fromEntries(model));
  }

  /** An object with one property that may be anything. */
  #mutated(schema: JsonObject): Arbitrary<unknown> {
    const names = Object.keys(isObject(schema.properties) ? schema.properties : {});
    if (names.length === 0) return fc.jsonValue();
    return fc
      .tuple(this.#value(schema, ''), fc.constantFrom(...names), fc.jsonValue())
      .map(([value, name, wrong]) => ({ ...(isObject(value) ? value : {}), [name]: wrong }));
  }
}

interface Given {
  readonly name: string;
  readonly place: 'query' | 'header';
  readonly value: string;
}

interface Payload {
  readonly body: Buffer;
  readonly type?: string | undefined;
}

const rawText = fc.uint8Array({ maxLength: 40 }).map((bytes) => headerBytes(Buffer.from(bytes).toString('latin1')));

/** What a client can send in a header at all (RFC 9110 section 5.5). */
function headerBytes(text: string): string {
  const bytes = /^[\0-\xff]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return bytes.replace(/[\0-\x08\x0a-\x1f\x7f]/g, '');
}

function assemble(
  operation: ApiOperation,
  given: readonly Given[],
  { body, type }: Payload,
  credentials: Readonly<Record<string, string>>,
  isProper: boolean,
): ApiRequest {
  const query = given
    .filter(({ place }) => place === 'query')
    .map(({ name, value }) => `${name}=${encodeURIComponent(Buffer.from(value, 'latin1').toString())}`)
    .join('&');
  const headers = Object.fromEntries(
    given.filter(({ place }) => place === 'header').map(({ name, value }) => [name, value]),
  );
  return {
    method: operation.method,
    path: query === '' ? operation.path : `${operation.path}?${query}`,
    headers: { ...headers, ...(type === undefined ? {} : { 'Content-Type': type }), ...credentials },
    body,
    isProper,
    parameters: given.map(({ name }) => name),
  };
}

function isFitting(pattern: string): (text: string) => boolean {
  const form = new RegExp(pattern);
  return (text) => form.test(text.trim());
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function flatTexts(value: unknown): Record<string, string> {
  const pairs = Object.entries(isObject(value) ? value : {}).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return Object.fromEntries(pairs);
}
