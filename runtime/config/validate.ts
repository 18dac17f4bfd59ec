/** Runs the schema and turns its issues into diagnostics with path, value, what is allowed, and place. */
import * as z from 'zod';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { messages } from './messages.ts';
import { nearest } from './nearest.ts';
import { type Config, configSchema } from './schema/index.ts';
import { inputSchema, type Shaped } from './shape.ts';
import type { Origin } from './source.ts';

export interface Validated {
  readonly config: Config | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Validates a shaped tree and fills in the defaults. */
export function validate({ value, origins }: Shaped): Validated {
  if (!isRecord(value) || !('server' in value)) {
    return { config: undefined, diagnostics: [messages.noServer(origins.get(''))] };
  }
  const result = configSchema.safeParse(value, { reportInput: true });
  if (result.success) return { config: result.data, diagnostics: [] };
  return { config: undefined, diagnostics: result.error.issues.map((issue) => describe(issue, origins)) };
}

type Path = readonly PropertyKey[];

function describe(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, Origin>): Diagnostic {
  const subject = { path: pathText(issue.path), origin: originOf(issue.path, origins) };
  const isSecret = hidesValue(issue.path);
  const found = isSecret ? '(hidden)' : JSON.stringify(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return messages.missing(subject, 'missing');
      return messages.wrongType(subject, EXPECTED[issue.expected] ?? issue.expected, found);
    case 'invalid_value': {
      const allowed = issue.values.map(String);
      const near = typeof issue.input === 'string' ? nearest(issue.input, allowed) : undefined;
      const hint = near ? `did you mean '${near}'? Allowed: ${allowed.join(', ')}` : `allowed: ${allowed.join(', ')}`;
      return messages.wrongValue(subject, issue.message, hint);
    }
    case 'custom':
      return messages.wrongValue(subject, withValue(issue.message, issue.input, found));
    case 'too_small':
    case 'too_big':
      return messages.wrongValue(subject, isOwnText(issue.message) ? issue.message : range(issue, found));
    default:
      return messages.wrongValue(subject, `${issue.message}, found ${found}`);
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
};

/** Only single values are worth repeating; a whole section is not. */
function withValue(message: string, input: unknown, found: string): string {
  return typeof input === 'string' || typeof input === 'number' ? `${message}, found ${found}` : message;
}

function isOwnText(message: string): boolean {
  return !message.startsWith('Too ');
}

function range(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, found: string): string {
  if (issue.origin === 'string') return 'must not be empty';
  const limit =
    issue.code === 'too_small'
      ? `must be ${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`
      : `must be at most ${issue.maximum}`;
  return `${limit}, found ${found}`;
}

/** `server.backends[1]`, as people write it. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** Place of the value, or of the nearest section around it that is in the file. */
export function originOf(path: Path, origins: ReadonlyMap<string, Origin>): Origin | undefined {
  for (let length = path.length; length >= 0; length--) {
    const origin = origins.get(pathText(path.slice(0, length)));
    if (origin !== undefined) return origin;
  }
  return undefined;
}

/** Is there a secret at this path of the schema? */
function hidesValue(path: Path): boolean {
  let schema: z.core.$ZodType = configSchema;
  for (const key of path) {
    const { def } = inputSchema(schema)._zod;
    if (def.type === 'array') schema = def.element;
    else if (def.type === 'object' && typeof key === 'string' && def.shape[key]) schema = def.shape[key];
    else return false;
  }
  return z.globalRegistry.get(schema)?.secret === true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
