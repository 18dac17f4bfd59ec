/**
 * Secrets in files of their own, an addition to the reference: `password_file` with the path of a file stands for `password` with
 * its text, and so for every key that is a secret. Container platforms and service managers hand secrets over like this.
 */
import { readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import type { Diagnostic } from '../contract/diagnostic.ts';
import { messages } from './messages.ts';
import { inputSchema } from './shape.ts';
import type { Raw, RawEntry, RawMap } from './source.ts';

/** What a key is called whose value is the path of a file. */
const ENDING = '_file';

/** More than any key or password; keeps a wrong path from filling the memory. */
const MOST_BYTES = 64 * 1024;

/** The key for the file of a secret. */
export function fileKeyOf(key: string): string {
  return `${key}${ENDING}`;
}

/** The key of the secret that a key for a file stands for; undefined for any other key. */
export function secretOfFileKey(
  key: string,
  properties: Readonly<Record<string, z.core.$ZodType>>,
): string | undefined {
  const name = key.endsWith(ENDING) ? key.slice(0, -ENDING.length) : '';
  return Object.hasOwn(properties, name) && isSecret(properties[name]) ? name : undefined;
}

export function isSecret(schema: z.core.$ZodType | undefined): boolean {
  return schema !== undefined && z.globalRegistry.get(schema)?.secret === true;
}

interface SecretFiles {
  readonly diagnostics: readonly Diagnostic[];
  /** Paths of secrets that are not known for want of their files. */
  readonly missing: readonly string[];
}

/** Puts the texts of the files into the tree, in place of their paths. No text appears in diagnostics. */
export function readSecretFiles(tree: RawMap, schema: z.core.$ZodType): SecretFiles {
  const found: Found = { diagnostics: [], missing: [] };
  visit(tree, schema, '', found);
  return found;
}

interface Found {
  readonly diagnostics: Diagnostic[];
  readonly missing: string[];
}

function visit(raw: Raw, schema: z.core.$ZodType, path: string, found: Found): void {
  const { def } = inputSchema(schema)._zod;
  if (def.type === 'array') {
    const items = raw.kind === 'list' ? raw.items : [raw];
    for (const [at, item] of items.entries()) visit(item, def.element, `${path}[${at}]`, found);
  } else if (def.type === 'object' && raw.kind === 'map') visitSection(raw, def.shape, path, found);
}

function visitSection(
  map: RawMap,
  properties: Readonly<Record<string, z.core.$ZodType>>,
  path: string,
  found: Found,
): void {
  for (const [written, entry] of [...map.entries]) {
    const key = written.toLowerCase();
    const inner = path === '' ? key : `${path}.${key}`;
    const secret = secretOfFileKey(key, properties);
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (secret !== undefined) {
      map.entries.delete(written);
      replace(map, secret, entry, inner, found);
    } else if (property !== undefined) visit(entry.value, property, inner, found);
  }
}

/** The secret of a file takes the place of its path. */
function replace(map: RawMap, secret: string, { keyOrigin, value }: RawEntry, path: string, found: Found): void {
  const subject = { path, origin: value.origin };
  if (value.kind !== 'scalar') {
    found.diagnostics.push(messages.wrongType(subject, 'the path of a file', 'a section or a list'));
    return;
  }
  if (value.value === null || value.spelling === '') return;
  if (isGiven(map, secret)) {
    found.diagnostics.push(messages.twoSecrets(subject, secret));
    return;
  }
  const read = readSecret(value.spelling);
  if ('problem' in read) {
    found.diagnostics.push(messages.secretFile(subject, value.spelling, read.problem));
    found.missing.push(path.slice(0, -ENDING.length));
    return;
  }
  const { text } = read;
  const origin = value.origin;
  map.entries.set(secret, { keyOrigin, value: { kind: 'scalar', origin, value: text, spelling: text } });
}

function isGiven(map: RawMap, key: string): boolean {
  return [...map.entries].some(
    ([written, { value }]) => written.toLowerCase() === key && !(value.kind === 'scalar' && !value.spelling),
  );
}

function readSecret(path: string): { readonly text: string } | { readonly problem: string } {
  try {
    const file = statSync(path);
    if (!file.isFile()) return { problem: 'not a file' };
    if (file.size > MOST_BYTES) return { problem: `more than ${MOST_BYTES} bytes` };
    // Editors and `echo` end a line where the secret has ended.
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { problem: 'empty' } : { text };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { problem: REASONS[code] ?? (code || String(error)) };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  ENOTDIR: 'no such file',
};
