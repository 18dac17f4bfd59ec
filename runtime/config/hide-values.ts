/** The text of a configuration file as it may be shown: what is not known to be harmless is starred. */
import { isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import * as z from 'zod';
import { withoutCredentials } from './redact.ts';
import { configSchema } from './schema/index.ts';
import { secretOfFileKey } from './secret-files.ts';
import { inputSchema } from './shape.ts';

type Schema = z.core.$ZodType | undefined;

/**
 * The same text, every line and column where it was, with stars for values that are secrets, or of keys that nobody knows:
 * a misspelt `pasword` has a password, too. Undefined for what is no YAML: there nothing is known.
 */
export function hideValues(text: string): string | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const hidden: Range[] = [];
  collect(document.contents, configSchema, hidden);
  return hidden.reduce((shown, [from, to]) => {
    return shown.slice(0, from) + shown.slice(from, to).replaceAll(/[^\r\n]/g, '*') + shown.slice(to);
  }, text);
}

type Range = readonly [from: number, to: number];

function collect(node: unknown, schema: Schema, hidden: Range[]): void {
  if (isMap<Node, Node | null>(node)) {
    for (const { key, value } of node.items)
      collect(value, memberOf(schema, isScalar(key) ? String(key.value) : ''), hidden);
  } else if (isSeq(node)) {
    for (const item of node.items) collect(item, elementOf(schema), hidden);
  } else if (isScalar(node) && node.range && !isHarmless(node.value, schema)) {
    hidden.push([node.range[0], node.range[1]]);
  }
}

/** Of a merge key (`<<`), the members are those of the section around it. A single section may stand for a list of them. */
function memberOf(schema: Schema, key: string): Schema {
  const def = schema && inputSchema(schema)._zod.def;
  if (key === '<<') return schema;
  if (def?.type === 'record') return def.valueType;
  if (def?.type === 'array') return memberOf(def.element, key);
  if (def?.type !== 'object') return undefined;
  const name = key.toLowerCase();
  if (Object.hasOwn(def.shape, name)) return def.shape[name];
  return secretOfFileKey(name, def.shape) === undefined ? undefined : FILE_PATH;
}

const FILE_PATH = z.string();

function elementOf(schema: Schema): Schema {
  const def = schema && inputSchema(schema)._zod.def;
  return def?.type === 'array' ? def.element : undefined;
}

const PLAIN_KINDS: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'enum', 'union']);

function isHarmless(value: unknown, schema: Schema): boolean {
  if (schema === undefined) return false;
  const { def } = inputSchema(schema)._zod;
  if (def.type === 'array') return isHarmless(value, def.element);
  const isSecret = z.globalRegistry.get(schema)?.secret === true;
  return PLAIN_KINDS.has(def.type) && !isSecret && withoutCredentials(String(value)) === String(value);
}
