/** Tells when one of a program's files changes, appears or goes; saves that come in a bunch are one change. */
import { type FSWatcher, watch } from 'chokidar';
import { FileMarks } from './file-marks.ts';

/** Editors save in several steps; a change counts once nothing more has happened for this long. */
const SETTLE_MS = 40;
/** How often the files are looked at for changes that no event has told. */
const LOOK_MS = 1000;

export interface ProgramWatcher {
  /** Replaces the set of files: what a recompiled program consists of may be different. */
  setFiles(paths: readonly string[]): void;
  close(): Promise<void>;
}

/**
 * Calls `onChange` with the changed paths after each bunch of changes, never twice at the same time: changes that come
 * while it runs are handed over afterwards. Files that do not exist yet may be watched too. Resolves once it watches.
 */
export async function watchProgram(
  paths: readonly string[],
  onChange: (changed: readonly string[]) => Promise<void>,
): Promise<ProgramWatcher> {
  const marks = new FileMarks();
  await marks.note(paths);
  const changes = new ChangeQueue(onChange, marks);
  const watcher = watch([...paths], { ignoreInitial: true, atomic: SETTLE_MS });
  watcher.on('all', (_event, path) => changes.add(path));
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  const watched = new Set(paths);
  const look = setInterval(() => {
    marks.changed(watched).then((found) => {
      for (const path of found) changes.add(path);
    });
  }, LOOK_MS);
  return {
    setFiles: (next) => replaceFiles(watcher, watched, next),
    close: async () => {
      clearInterval(look);
      changes.stop();
      await watcher.close();
    },
  };
}

function replaceFiles(watcher: FSWatcher, watched: Set<string>, next: readonly string[]): void {
  const wanted = new Set(next);
  const gone = [...watched].filter((path) => !wanted.has(path));
  const added = next.filter((path) => !watched.has(path));
  watcher.unwatch(gone);
  watcher.add(added);
  watched.clear();
  for (const path of wanted) watched.add(path);
}

class ChangeQueue {
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private readonly onChange: (changed: readonly string[]) => Promise<void>;
  private readonly marks: FileMarks;

  constructor(onChange: (changed: readonly string[]) => Promise<void>, marks: FileMarks) {
    this.onChange = onChange;
    this.marks = marks;
  }

  add(path: string): void {
    this.pending.add(path);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.pending.clear();
  }

  private async flush(): Promise<void> {
    if (this.running || this.pending.size === 0) return;
    this.running = true;
    const changed = [...this.pending];
    this.pending.clear();
    try {
      await this.marks.note(changed);
      await this.onChange(changed);
    } finally {
      this.running = false;
    }
    await this.flush();
  }
}
