/** Are two settings the same? Compared by a digest, so that no secret is kept to compare with. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Secret } from '../config/index.ts';

/** The same text for the same settings, secrets included, and the same contents of files (`''`: none). */
export function fingerprint(settings: unknown, files: readonly string[] = []): string {
  const hash = createHash('sha256').update(JSON.stringify(revealed(settings)) ?? '');
  for (const file of files) hash.update(`\n${file}\n`).update(contentsOf(file));
  return hash.digest('base64');
}

/** Secrets print as stars, whatever they are. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}

/** Whoever needs the file says what is wrong with it. */
function contentsOf(file: string): Buffer | string {
  if (file === '') return '';
  try {
    return readFileSync(file);
  } catch {
    return 'unreadable';
  }
}
