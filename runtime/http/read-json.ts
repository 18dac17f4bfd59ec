/** JSON bodies: objects, fields of administrative requests as byte strings, and the answers to what is wrong with them. */
import ipaddr from 'ipaddr.js';
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

/** One complaint about a field; the names are those of the reference. */
export interface FieldError {
  readonly field: 'User' | 'IPAddress' | 'RuleName';
  readonly message: 'This field is required' | 'This field must be a valid IP address';
}

export function invalidFields(errors: readonly FieldError[]): HttpAnswer {
  return { ...jsonAnswer(400, { errors }), problem: `invalid fields: ${errors.map(({ field }) => field).join(', ')}` };
}

/** Text as a byte string; '' when it is absent or empty, undefined when it is no text. */
export function textField(fields: JsonFields, name: string): string | undefined {
  const value = fields[name] ?? '';
  return typeof value === 'string' ? fromUtf8(value) : undefined;
}

/** A list of texts; `'absent'` without one, undefined when it is something else. */
export function listField(fields: JsonFields, name: string): readonly string[] | 'absent' | undefined {
  const value = fields[name] ?? 'absent';
  if (value === 'absent') return 'absent';
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === 'string');
  return texts.length === value.length ? texts.map(fromUtf8) : undefined;
}

/** A JSON object inside of another; undefined for everything else. */
export function objectField(fields: JsonFields, name: string): JsonFields | undefined {
  const value = fields[name];
  return isObject(value) ? value : undefined;
}

export function isAddress(text: string): boolean {
  return ipaddr.isValid(text) && !/^\d+$/.test(text);
}

function isObject(value: unknown): value is JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
