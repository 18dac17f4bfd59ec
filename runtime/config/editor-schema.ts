/**
 * The configuration as JSON Schema (draft 7, which all editors know), derived from the schema that validates it. What the
 * server reads leniently (shape.ts) is no mistake in an editor either; spellings that it only tolerates are.
 */
import * as z from 'zod';
import { configSchema } from './schema/index.ts';
import { fileKeyOf } from './secret-files.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;
type Property = boolean | JsonSchema;

/** The schema as JSON text. It is the same on every machine. */
export function editorSchema(): string {
  const { $schema, ...raw } = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
  const definitions: Record<string, JsonSchema> = {};
  const top = adapt(raw, { path: '', definitions });
  const whole = {
    $schema,
    title: 'Configuration of nauthilus-js',
    ...top,
    definitions,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

interface Place {
  /** Keys from the top, for the names of definitions. */
  readonly path: string;
  /** Sections that occur in lists, filled on the way. */
  readonly definitions: Record<string, JsonSchema>;
}

/** Widens one schema, and those inside it, to what the server reads. */
function adapt(schema: JsonSchema, place: Place): JsonSchema {
  const { secret: _secret, duration: _duration, perMachine, ...kept } = schema;
  const own = withoutUselessDefault(kept, perMachine === true);
  switch (own.type) {
    case 'object':
      return adaptObject(own, place);
    case 'array':
      return adaptList(own, place);
    case 'boolean':
      return { ...own, type: ['boolean', 'number', 'string'], pattern: BOOLEAN_TEXT };
    case 'integer':
    case 'number':
      return { ...withoutLimitsOfTheLanguage(own), type: [own.type, 'boolean', 'string'], pattern: NUMBER_TEXT };
    case 'string':
      return own.enum ? own : { ...own, type: ['string', 'number', 'boolean'] };
    default:
      return own;
  }
}

/** What `readBoolean` and `readNumber` of shape.ts understand when it is written as text. */
const BOOLEAN_TEXT = '^\\s*([tT]([rR][uU][eE])?|[fF]([aA][lL][sS][eE])?|[01]?)\\s*$';
const NUMBER_TEXT = '^\\s*([+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?|0[xX][0-9a-fA-F]+)?\\s*$';

function adaptObject(schema: JsonSchema, place: Place): JsonSchema {
  const inner = (key: string): Place => ({ ...place, path: place.path === '' ? key : `${place.path}.${key}` });
  const { properties, additionalProperties, required = [] } = schema;
  if (properties === undefined) {
    return isSchema(additionalProperties)
      ? { ...schema, additionalProperties: orNothing(adapt(additionalProperties, inner('*'))) }
      : schema;
  }
  const adapted = Object.entries(properties).flatMap(([key, property]): [string, Property][] => {
    if (!isSchema(property)) return [[key, property]];
    const widened = adapt(property, inner(key));
    const own: [string, Property] = [key, required.includes(key) ? widened : orNothing(widened)];
    return property.secret === true ? [own, [fileKeyOf(key), secretFile(key)]] : [own];
  });
  return { ...schema, properties: Object.fromEntries(adapted) };
}

function secretFile(key: string): JsonSchema {
  return { type: ['string', 'null'], description: `An addition: a file with the value of ${key}, instead of it.` };
}

/** A single value counts as a list of one, and text of several words stands for a list of them. */
function adaptList(schema: JsonSchema, place: Place): JsonSchema {
  const { items, type: _type, ...about } = schema;
  if (!isSchema(items)) return schema;
  const element = adapt(items, place);
  if (items.type === 'object') {
    place.definitions[place.path] = element;
    const reference = { $ref: `#/definitions/${place.path}` };
    return { ...about, anyOf: [{ type: 'array', items: reference }, reference] };
  }
  const pattern = items.enum && { pattern: wordsBetweenCommas(items.enum.map(String)) };
  return {
    ...about,
    anyOf: [
      { type: 'array', items: element },
      { type: ['string', 'number', 'boolean'], ...pattern },
    ],
  };
}

function wordsBetweenCommas(words: readonly string[]): string {
  const word = `\\s*(${words.join('|')})?\\s*`;
  return `^${word}(,${word})*$`;
}

/** A key without a value is as good as none. */
function orNothing(schema: JsonSchema): JsonSchema {
  const { type, ...others } = schema;
  if (schema.enum) return { ...others, enum: [...schema.enum, null] };
  if (schema.anyOf) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  return type === undefined ? schema : { ...schema, type: [type, 'null' as const].flat() };
}

/** Defaults of sections and lists say nothing, and some depend on the machine. */
function withoutUselessDefault({ default: value, ...others }: JsonSchema, isPerMachine: boolean): JsonSchema {
  const isEmpty = value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return value === undefined || isEmpty || isPerMachine ? others : { ...others, default: value };
}

/** The bounds of whole numbers in JavaScript are nobody's concern. */
function withoutLimitsOfTheLanguage({ minimum, maximum, ...others }: JsonSchema): JsonSchema {
  return {
    ...others,
    ...(minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? { minimum } : {}),
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? { maximum } : {}),
  };
}

function isSchema(schema: unknown): schema is JsonSchema {
  return typeof schema === 'object' && schema !== null && !Array.isArray(schema);
}
