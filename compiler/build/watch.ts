/** Tells when one of a program's files changes, appears or goes; saves that come in a bunch are one change. */
import { resolve } from 'node:path';
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
 * Calls `onChange`, which must not reject, with the changed paths (as they were given) after each bunch of changes, never
 * twice at the same time: changes that come while it runs are handed over afterwards. Files that do not exist yet may be
 * watched too. Resolves once it watches, and calls nothing before.
 */
export async function watchProgram(
  paths: readonly string[],
  onChange: (changed: readonly string[]) => Promise<void>,
): Promise<ProgramWatcher> {
  const watched = byPlace(paths);
  const marks = new FileMarks();
  await marks.note([...watched.keys()]);
  const changes = new ChangeQueue(async (places) => {
    await marks.note(places.filter((place) => watched.has(place)));
    await onChange(places.map((place) => watched.get(place) ?? place));
  });
  const watcher = watch([...watched.keys()], { ignoreInitial: true, atomic: SETTLE_MS });
  await new Promise<void>((ready) => watcher.once('ready', ready));
  // What happened before is found by looking.
  watcher.on('all', (_event, place) => changes.add(place));
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    for (const place of await marks.changed()) changes.add(place);
    isLooking = false;
  };
  const looks = setInterval(() => void look(), LOOK_MS);
  return {
    setFiles: (next) => replaceFiles(watcher, marks, watched, byPlace(next)),
    close: async () => {
      clearInterval(looks);
      changes.stop();
      await watcher.close();
    },
  };
}

/** Events name files in another way than they were given (`./a.lua`): here all have the name that `resolve` gives. */
function byPlace(paths: readonly string[]): Map<string, string> {
  return new Map(paths.map((path) => [resolve(path), path]));
}

function replaceFiles(
  watcher: FSWatcher,
  marks: FileMarks,
  watched: Map<string, string>,
  next: ReadonlyMap<string, string>,
): void {
  const gone = [...watched.keys()].filter((place) => !next.has(place));
  const added = [...next.keys()].filter((place) => !watched.has(place));
  watcher.unwatch(gone);
  marks.forget(gone);
  watcher.add(added);
  void marks.note(added);
  watched.clear();
  for (const [place, path] of next) watched.set(place, path);
}

class ChangeQueue {
  private readonly pending = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private stopped = false;
  private readonly handOver: (places: readonly string[]) => Promise<void>;

  constructor(handOver: (places: readonly string[]) => Promise<void>) {
    this.handOver = handOver;
  }

  add(place: string): void {
    if (this.stopped) return;
    this.pending.add(place);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, SETTLE_MS);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.pending.clear();
  }

  private async flush(): Promise<void> {
    if (this.running || this.pending.size === 0) return;
    this.running = true;
    const changed = [...this.pending];
    this.pending.clear();
    try {
      await this.handOver(changed);
    } finally {
      this.running = false;
    }
    // What has come meanwhile and not settled yet has its own time.
    if (this.timer === undefined) await this.flush();
  }
}
