/**
 * Why a login was decided as it was: what each stage found, step by step. It names things and counts them: scripts, rules,
 * networks, attributes. No value is in it that a client, a script or a backend has given, so there is nothing to hide.
 */

/** Names and numbers of one step as text; the first pair says what it is about (`script`, `rule`, `backend`, …). */
export type Note = Readonly<Record<string, NoteValue>>;
type NoteValue = string | number | boolean | readonly string[];

/** What one stage did; without `ms` it had nothing to do, and `result` says why. */
export interface StageRecord {
  readonly stage: string;
  readonly result: string;
  /** Milliseconds. */
  readonly ms?: number;
  readonly notes: readonly Note[];
}

/** Made only for logins that somebody asks about; stages and scripts write to it, in the order in which they run. */
export class Explanation {
  readonly stages: StageRecord[] = [];
  #notes: Record<string, NoteValue>[] = [];
  #stage = '';
  #isClosed = false;
  #stepStartedAt = 0;

  /** A stage begins: the following notes are its. */
  begin(stage: string): void {
    this.#stage = stage;
    this.#notes = [];
  }

  end(result: string, ms: number): void {
    this.stages.push({ stage: this.#stage, result, ms: shortMs(ms), notes: this.#notes });
    this.#stage = '';
    this.#notes = [];
  }

  skip(stage: string, why: string): void {
    this.stages.push({ stage, result: `skipped: ${why}`, notes: [] });
  }

  note(note: Note): void {
    if (!this.#isClosed) this.#notes.push({ ...note });
  }

  /** A step begins that is timed; `now` in monotonic milliseconds. */
  beginStep(now: number): void {
    this.#stepStartedAt = now;
  }

  /** Milliseconds since then. */
  stepMs(now: number): number {
    return shortMs(now - this.#stepStartedAt);
  }

  /** What came of the step that was noted last. */
  conclude(result: string): void {
    const last = this.#notes.at(-1);
    if (last !== undefined && !this.#isClosed) last.result = result;
  }

  /** What follows the answer (post actions) adds nothing. Gives what was noted after the stages. */
  close(): readonly Note[] {
    this.#isClosed = true;
    return this.#notes;
  }
}

/** Milliseconds to the microsecond. */
export function shortMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
