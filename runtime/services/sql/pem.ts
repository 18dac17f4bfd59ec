/** Certificates and keys that data sources name. */
import { readSmallFile } from '../whole-file.ts';
import { SqlError } from './types.ts';

/** Throws `SqlError` as Go words it. */
export function readPem(path: string): string {
  try {
    return readSmallFile(path).toString('utf8');
  } catch {
    throw new SqlError(`open ${path}: no such file or directory`);
  }
}
