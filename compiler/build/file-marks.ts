/** What files looked like when they were last read: events get lost, on some file systems all of them. */
import { stat } from 'node:fs/promises';

export class FileMarks {
  readonly #marks = new Map<string, string>();

  /** Remembers what the files look like now; call it before they are read. */
  async note(paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map(async (path) => this.#marks.set(path, await markOf(path))));
  }

  /** Files that look otherwise than when they were noted; those never noted are noted. */
  async changed(paths: Iterable<string>): Promise<readonly string[]> {
    const looks = await Promise.all([...paths].map(async (path) => [path, await markOf(path)] as const));
    const found: string[] = [];
    for (const [path, mark] of looks) {
      const before = this.#marks.get(path);
      if (before === undefined) this.#marks.set(path, mark);
      else if (before !== mark) found.push(path);
    }
    return found;
  }
}

async function markOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return 'missing';
  }
}
