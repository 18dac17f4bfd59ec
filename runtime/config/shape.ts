/**
 * Brings a raw tree into the form a schema demands: finds keys without regard to case, reads lenient scalars (`"10"` for
 * a number, `1` for true), makes lists of single values and of comma-separated text, and reports keys that don't exist.
 * What it can't read it hands on as it is; the schema then complains.
 */
import type * as z from 'zod';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { nearest } from '../contract/nearest.ts';
import { messages } from './messages.ts';
import type { Origin, Raw, RawEntry, RawList, RawMap, RawScalar } from './source.ts';

export interface Shaped {
  readonly value: unknown;
  /** Where the value of each path stands, by `server.backends[0]`. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly diagnostics: readonly Diagnostic[];
}

type Schema = z.core.$ZodType;

/** Fits `raw` to `schema`. Unknown keys are errors, at the top level warnings. */
export function shape(raw: Raw, schema: Schema): Shaped {
  const origins = new Map<string, Origin>();
  const diagnostics: Diagnostic[] = [];
  const value = fit(raw, schema, { path: '', origins, diagnostics });
  return { value, origins, diagnostics };
}

interface Fitting {
  readonly path: string;
  readonly origins: Map<string, Origin>;
  readonly diagnostics: Diagnostic[];
}

/** The schema under defaults, options and transformations: the one that describes the input. */
export function inputSchema(schema: Schema): z.core.$ZodTypes {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'default':
    case 'prefault':
    case 'optional':
      return inputSchema(def.innerType);
    case 'pipe':
      return inputSchema(def.in);
    default:
      return schema as z.core.$ZodTypes;
  }
}

function fit(raw: Raw, schema: Schema, cx: Fitting): unknown {
  cx.origins.set(cx.path, raw.origin);
  if (raw.kind === 'scalar' && raw.value === null) return undefined;
  const { def } = inputSchema(schema)._zod;
  switch (def.type) {
    case 'object':
      return raw.kind === 'map' ? fitObject(raw, def.shape, cx) : plain(raw);
    case 'array':
      return fitList(raw, def.element, cx);
    case 'record':
      return raw.kind === 'map' ? fitRecord(raw, def.valueType, cx) : plain(raw);
    case 'number':
      return raw.kind === 'scalar' ? readNumber(raw) : plain(raw);
    case 'boolean':
      return raw.kind === 'scalar' ? readBoolean(raw) : plain(raw);
    case 'string':
    case 'enum':
      return raw.kind === 'scalar' ? raw.spelling : plain(raw);
    default:
      return plain(raw);
  }
}

function fitObject(raw: RawMap, properties: Readonly<Record<string, Schema>>, cx: Fitting): unknown {
  const value: Record<string, unknown> = {};
  for (const [written, entry] of raw.entries) {
    const key = written.toLowerCase();
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    const path = join(cx.path, property ? key : written);
    if (property === undefined) {
      cx.diagnostics.push(unknown(written, entry, Object.keys(properties), { ...cx, path }));
    } else if (Object.hasOwn(value, key)) {
      cx.diagnostics.push(messages.duplicateKey({ path, origin: entry.keyOrigin }));
    } else {
      const fitted = fit(entry.value, property, { ...cx, path });
      // Errors about a section or a missing value belong to the key rather than to what follows it.
      if (entry.value.kind !== 'scalar' || fitted === undefined) cx.origins.set(path, entry.keyOrigin);
      if (fitted !== undefined) value[key] = fitted;
    }
  }
  return value;
}

/** Any keys, with values of one kind. */
function fitRecord(raw: RawMap, values: Schema, cx: Fitting): unknown {
  const entries = [...raw.entries].map(([key, { value }]) => [
    key,
    fit(value, values, { ...cx, path: join(cx.path, key) }),
  ]);
  return Object.fromEntries(entries.filter(([, fitted]) => fitted !== undefined));
}

function unknown(written: string, entry: RawEntry, keys: readonly string[], cx: Fitting): Diagnostic {
  const subject = { path: cx.path, origin: entry.keyOrigin };
  const near = nearest(written, keys);
  return cx.path === written ? messages.unknownSection(subject, near) : messages.unknownKey(subject, near);
}

function fitList(raw: Raw, element: Schema, cx: Fitting): unknown {
  const items = raw.kind === 'list' ? raw.items : listOf(raw, element);
  return items.map((item, index) => {
    const fitted = fit(item, element, { ...cx, path: `${cx.path}[${index}]` });
    return typeof fitted === 'string' ? fitted.trim() : fitted;
  });
}

/** A single value is a list of one; text that stands for a list of scalars is split at commas. */
function listOf(raw: RawMap | RawScalar, element: Schema): readonly Raw[] {
  const { type } = inputSchema(element)._zod.def;
  if (raw.kind === 'map' || type === 'object') return [raw];
  const parts = raw.spelling.split(',').filter((part) => part.trim() !== '');
  return parts.map((part) => ({ kind: 'scalar', origin: raw.origin, value: part.trim(), spelling: part.trim() }));
}

function readNumber({ value }: RawScalar): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return 0;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || /^0x[0-9a-f]+$/i.test(text) ? Number(text) : value;
}

function readBoolean({ value }: RawScalar): unknown {
  if (typeof value === 'number') return value !== 0;
  if (typeof value !== 'string') return value;
  const text = value.trim().toLowerCase();
  if (['true', 't', '1'].includes(text)) return true;
  return ['false', 'f', '0', ''].includes(text) ? false : value;
}

/** The value as ordinary JavaScript, for schemas that take anything and for error messages. */
function plain(raw: Raw): unknown {
  if (raw.kind === 'scalar') return raw.value;
  if (raw.kind === 'list') return plainList(raw);
  return Object.fromEntries([...raw.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

function plainList(raw: RawList): unknown {
  return raw.items.map(plain);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
