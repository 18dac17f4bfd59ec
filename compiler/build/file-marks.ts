/** What files looked like when they were last read: events get lost, on some file systems all of them. */
import { stat } from 'node:fs/promises';

export class FileMarks {
  readonly #marks = new Map<string, string>();
  /** Counts beginnings and ends of `note`. */
  #notes = 0;

  /** Remembers what the files look like now; call it before they are read. */
  async note(paths: readonly string[]): Promise<void> {
    this.#notes++;
    await Promise.all(paths.map(async (path) => this.#marks.set(path, await markOf(path))));
    this.#notes++;
  }

  forget(paths: readonly string[]): void {
    for (const path of paths) this.#marks.delete(path);
  }

  /** Files that look otherwise than when they were noted. None if some are noted meanwhile: what was seen is old then. */
  async changed(): Promise<readonly string[]> {
    const notes = this.#notes;
    const looks = await Promise.all([...this.#marks.keys()].map(async (path) => [path, await markOf(path)] as const));
    if (this.#notes !== notes) return [];
    return looks.filter(([path, mark]) => (this.#marks.get(path) ?? mark) !== mark).map(([path]) => path);
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
