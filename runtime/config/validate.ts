/** Runs the schema and turns its issues into diagnostics with path, value, what is allowed, and place. */
import * as z from 'zod';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { nearest } from '../contract/nearest.ts';
import { messages } from './messages.ts';
import { withoutCredentials } from './redact.ts';
import { type Config, configSchema } from './schema/index.ts';
import { inputSchema, type Shaped } from './shape.ts';
import type { Origin } from './source.ts';

export interface Validated {
  /** Without the values that are wrong, so that checks of several keys find what else there is; absent: hopeless. */
  readonly config: Config | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of the wrong values (`server.backends[1]`). */
  readonly wrongPaths: readonly string[];
}

/** Validates a shaped tree and fills in the defaults. */
export function validate({ value, origins }: Shaped): Validated {
  if (!isRecord(value) || !('server' in value)) {
    return { config: undefined, diagnostics: [messages.noServer(origins.get(''))], wrongPaths: [] };
  }
  const result = configSchema.safeParse(value, { reportInput: true });
  if (result.success) return { config: result.data, diagnostics: [], wrongPaths: [] };
  const { issues } = result.error;
  const rest = issues.reduce<unknown>((tree, { path }) => without(tree, path), value);
  return {
    config: configSchema.safeParse(rest).data,
    diagnostics: issues.map((issue) => describe(issue, origins)),
    wrongPaths: issues.map(({ path }) => pathText(path)),
  };
}

/** A copy of the tree without the value at the path; a list with a wrong element goes as a whole. */
function without(tree: unknown, [key, ...rest]: Path): unknown {
  if (!isRecord(tree) || key === undefined) return tree;
  const { [key]: inner, ...others } = tree;
  const isLast = rest.length === 0 || Array.isArray(inner);
  return isLast ? others : { ...others, [key]: without(inner, rest) };
}

type Path = readonly PropertyKey[];

function describe(issue: z.core.$ZodIssue, origins: ReadonlyMap<string, Origin>): Diagnostic {
  const subject = { path: pathText(issue.path), origin: originOf(issue.path, origins) };
  const isSecret = hidesValue(issue.path);
  const found = isSecret ? '(hidden)' : shown(issue.input);
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) {
        return messages.missing(subject, isOwnText(issue.message) ? issue.message : 'missing');
      }
      return messages.wrongType(
        subject,
        EXPECTED[issue.expected] ?? issue.expected,
        isSection(issue) ? kindOf(issue.input) : found,
      );
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

/** What stands where a section belongs is no more than named: `basic_auth: "user:password"`. */
function isSection(issue: z.core.$ZodIssueInvalidType): boolean {
  return issue.expected === 'object';
}

function kindOf(input: unknown): string {
  return typeof input === 'string' ? 'text' : typeof input === 'object' ? shown(input) : `a ${typeof input}`;
}

const EXPECTED: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
};

/** Sections and lists are only named: they may contain secrets. So may addresses. */
function shown(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (isRecord(input)) return 'a section';
  return withoutCredentials(JSON.stringify(input) ?? 'nothing');
}

/** Only single values are worth repeating; a whole section is not. */
function withValue(message: string, input: unknown, found: string): string {
  return typeof input === 'string' || typeof input === 'number' ? `${message}, found ${found}` : message;
}

function isOwnText(message: string): boolean {
  return !/^(Too|Invalid) /.test(message);
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

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
