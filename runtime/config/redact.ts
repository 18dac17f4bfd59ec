/** The effective configuration as YAML that may be shown to anybody. */
import { stringify } from 'yaml';
import * as z from 'zod';
import { type Config, configSchema } from './schema/index.ts';
import { Secret } from './secret.ts';
import { inputSchema } from './shape.ts';

/** All settings with their effective values; secrets as `***`, empty ones as empty. What is read and ignored is left out. */
export function redactConfig(config: Config): string {
  return stringify(printable(config, configSchema), { lineWidth: 0 });
}

function printable(value: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (value instanceof Secret) return value.isEmpty ? '' : String(value);
  if (typeof value === 'string') return withoutCredentials(value);
  if (typeof value === 'number') return isDuration(schema) ? `${value / 1000}s` : value;
  if (Array.isArray(value)) return value.map((item) => printable(item, elementOf(schema)));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, inner]) => [key, inner, propertyOf(schema, key)] as const);
  const known = members.filter(([, , property]) => !isOpaque(property));
  return Object.fromEntries(known.map(([key, inner, property]) => [key, printable(inner, property)]));
}

/** Nobody knows where in such a section the secrets are. */
function isOpaque(schema: z.core.$ZodType | undefined): boolean {
  return schema !== undefined && inputSchema(schema)._zod.def.type === 'unknown';
}

/** URLs may carry a password: `http://user:password@proxy`. It may have a slash or an @ of its own. */
export function withoutCredentials(text: string): string {
  return text.replace(/(\w:\/\/)[^\s"]*@/g, '$1***@');
}

function isDuration(schema: z.core.$ZodType | undefined): boolean {
  return schema !== undefined && z.globalRegistry.get(schema)?.duration === true;
}

function elementOf(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  const def = schema && inputSchema(schema)._zod.def;
  return def?.type === 'array' ? def.element : undefined;
}

function propertyOf(schema: z.core.$ZodType | undefined, key: string): z.core.$ZodType | undefined {
  const def = schema && inputSchema(schema)._zod.def;
  return def?.type === 'object' ? def.shape[key] : undefined;
}
