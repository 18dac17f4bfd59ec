/** Certificates and keys that data sources name. */
import { readFileSync } from 'node:fs';
import { SqlError } from './types.ts';

/** Throws `SqlError` as Go words it. */
export function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new SqlError(`open ${path}: no such file or directory`);
  }
}
