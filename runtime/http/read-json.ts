/** JSON bodies: objects, fields of administrative requests as byte strings, and the answers to what is wrong with them. */
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { fromUtf8 } from '../login/text.ts';
import { jsonAnswer, refusal } from './answers.ts';
import type { HttpAnswer } from './endpoint.ts';

export type JsonFields = Readonly<Record<string, unknown>>;

/** A JSON object; undefined for everything else. */
export function readJsonObject(body: Buffer): JsonFields | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The answer to a body that is no JSON object, or has fields of wrong types. */
export const MALFORMED: HttpAnswer = refusal('invalid JSON body');

const REQUIRED = 'This field is required';
const NO_ADDRESS = 'This field must be a valid IP address';
const WRONG_TYPE = 'wrong type';

/** A text that is there and not empty. */
export const requiredText = () =>
  z
    .string({ error: ({ input }) => (input === undefined || input === null ? REQUIRED : WRONG_TYPE) })
    .min(1, { error: REQUIRED, abort: true });

export const requiredAddress = () => requiredText().refine(isAddress, { error: NO_ADDRESS });

/** Names of fields in complaints are those of the reference. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  user: 'User',
  username: 'Username',
  ip_address: 'IPAddress',
  rule_name: 'RuleName',
  totp_secret: 'TOTPSecret',
};

/** The fields of a body as the schema has them; 400 with all complaints when they are not. */
export function readFields<S extends z.ZodType>(
  schema: S,
  body: Buffer,
): { readonly fields: z.output<S> } | { readonly refused: HttpAnswer } {
  const found = schema.safeParse(readJsonObject(body));
  if (found.success) return { fields: found.data };
  const { issues } = found.error;
  if (!issues.every(({ message }) => message === REQUIRED || message === NO_ADDRESS)) return { refused: MALFORMED };
  const errors = issues.map(({ path, message }) => ({
    field: FIELD_NAMES[String(path[0])] ?? String(path[0]),
    message,
  }));
  const problem = `invalid fields: ${errors.map(({ field }) => field).join(', ')}`;
  return { refused: { ...jsonAnswer(400, { errors }), problem } };
}

/** Text as a byte string; '' when it is absent or empty, undefined when it is no text. */
export function textField(fields: JsonFields, name: string): string | undefined {
  const value = fields[name] ?? '';
  return typeof value === 'string' ? fromUtf8(value) : undefined;
}

/** A JSON object inside of another; undefined for everything else. */
export function objectField(fields: JsonFields, name: string): JsonFields | undefined {
  const value = fields[name];
  return isObject(value) ? value : undefined;
}

function isAddress(text: string): boolean {
  return ipaddr.isValid(text) && !/^\d+$/.test(text);
}

function isObject(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
