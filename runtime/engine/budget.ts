/**
 * Budgets. JavaScript cannot be interrupted, so emitted code counts: loops and function entries do
 * `if (--B.c < 0) spent()`, and only when the count runs out is the clock read. See docs/architecture.md.
 */
import { getHeapStatistics } from 'node:v8';
import { BudgetExceeded, type BudgetReason, LuaError } from './error.ts';
import { collectGarbage } from './garbage.ts';

/** The register emitted code decrements. One object for ever; the scheduler swaps what it counts for. */
export const B: { c: number; due: boolean } = { c: 0, due: false };

export interface BudgetOptions {
  /** Wall-clock milliseconds from now on, waits included, after which the script ends. */
  readonly deadlineMs: number;
  /**
   * Bytes one script may hold. A single larger allocation is a Lua error, holding more ends the script. What it holds is
   * the growth of the heap while it runs, without garbage.
   */
  readonly memoryBytes: number;
  /** Milliseconds plain code may hold the event loop in one go. Default: `DEFAULT_BLOCKING_MS`. */
  readonly blockingMs?: number;
  /** Monotonic milliseconds. Default: `performance.now`. */
  readonly clock?: () => number;
}

const DEFAULT_BLOCKING_MS = 1000;
/** Suspendable code gives the event loop a turn after this long. */
const TURN_MS = 2;

/** Counts per slice: the first reads the clock early, later ones aim at `SLICE_MS` between two looks. */
const FIRST_SLICE = 64;
/** Bounds the harm when a slice measured in cheap passes is then spent on expensive ones. */
const LARGEST_SLICE = 1 << 15;
const SLICE_MS = 1;
const HEAP_LOOK_MS = 1;
/** Allocations below this are not worth a look at the heap. */
const NOTABLE_BYTES = 1 << 20;
/** Comparing or searching longer strings than this takes more than a pass should: slices become shorter. */
const LONG_STRING = 1 << 16;
/** More than any such work counts, and still a small integer of V8. */
const EXCUSED = 2 ** 30;
/** Of the memory limit: what a script may hold when everything else has been collected on its account. */
const TIGHT = 0.75;

const monotonic = (): number => performance.now();

/** What one task may still use. Time and memory are looked at by `spent`; `B.c` is only the countdown to the next look. */
export class Budget {
  /** Counts left in the current slice while the task does not have the thread. */
  c = FIRST_SLICE;
  readonly clock: () => number;
  readonly deadline: number;
  readonly memoryBytes: number;
  readonly blockingMs: number;
  /** Start of the current stretch on the thread; NaN until the clock was read in it. */
  stretchStart = Number.NaN;
  private slice = FIRST_SLICE;
  private lastLook = Number.NaN;
  private lastHeapLook = Number.NaN;
  private heapAtLook = 0;
  /** The heap when the task was first looked at. */
  private heapBefore = Number.NaN;
  private heldBytes = 0;
  private chargedBytes = 0;
  private largestSlice = LARGEST_SLICE;
  private exceeded: BudgetReason | undefined;

  constructor(options: BudgetOptions) {
    this.clock = options.clock ?? monotonic;
    this.deadline = this.clock() + options.deadlineMs;
    this.memoryBytes = options.memoryBytes;
    this.blockingMs = options.blockingMs ?? DEFAULT_BLOCKING_MS;
  }

  /** The task gets the thread. */
  enter(): void {
    this.stretchStart = Number.NaN;
    this.lastLook = Number.NaN;
    this.lastHeapLook = Number.NaN;
    B.c = this.c;
    B.due = false;
  }

  /** The task gives the thread up. */
  leave(): void {
    this.c = B.c;
  }

  /**
   * Runs work of the host's own, such as compiling a library that the task is the first to need: only the deadline counts
   * it. The task has to have the thread.
   */
  excuse<T>(work: () => T): T {
    const left = B.c;
    const start = this.clock();
    B.c = EXCUSED;
    try {
      return work();
    } finally {
      const took = this.clock() - start;
      B.c = left;
      this.stretchStart += took;
      this.lastLook += took;
    }
  }

  /** Milliseconds until the deadline, never negative. */
  remainingMs(): number {
    return Math.max(0, this.deadline - this.clock());
  }

  /** Looks at clock and heap, refills the slice. Throws `BudgetExceeded`. */
  look(): void {
    if (this.exceeded !== undefined) this.exceed(this.exceeded);
    const now = this.clock();
    this.resize(now);
    if (!(now - this.lastHeapLook < HEAP_LOOK_MS)) this.lookAtHeap(now);
    if (now >= this.deadline) this.exceed('deadline');
    if (now - this.stretchStart >= this.blockingMs) this.exceed('blocking');
    B.c = this.slice;
    B.due = this.turnIsOver();
  }

  /** Has the task held the thread long enough that others should get a turn? Call after `look`. */
  turnIsOver(): boolean {
    return this.lastLook - this.stretchStart >= TURN_MS;
  }

  chargeMemory(bytes: number): void {
    this.chargedBytes += bytes;
    if (bytes > this.memoryBytes) throw new LuaError('not enough memory');
    if (bytes > LONG_STRING) this.shorten(bytes);
    if (this.chargedBytes < NOTABLE_BYTES) return;
    this.chargedBytes = 0;
    this.lookAtHeap(this.clock());
  }

  private resize(now: number): void {
    if (!Number.isNaN(this.lastLook)) {
      const elapsed = Math.max(now - this.lastLook, 0.01);
      const wanted = (this.slice * SLICE_MS) / elapsed;
      this.slice = Math.max(1, Math.min(this.largestSlice, this.slice * 4, Math.floor(wanted)));
    } else {
      this.stretchStart = now;
    }
    this.lastLook = now;
  }

  /** Other tasks change the heap between two stretches: only growth seen within one stretch is this task's. */
  private lookAtHeap(now: number): void {
    const used = usedHeapBytes();
    if (Number.isNaN(this.heapBefore)) this.heapBefore = used;
    if (!Number.isNaN(this.lastHeapLook)) this.heldBytes = Math.max(0, this.heldBytes + used - this.heapAtLook);
    this.lastHeapLook = now;
    this.heapAtLook = used;
    if (this.heldBytes > this.memoryBytes) this.lookAtLiveBytes();
  }

  /**
   * Much of what the heap has grown by may be garbage, also such that went between two stretches, unseen: so a script is only
   * ended when the whole heap without garbage has grown as much since it began.
   */
  private lookAtLiveBytes(): void {
    const tight = this.memoryBytes * TIGHT;
    for (const type of ['minor', 'major'] as const) {
      collectGarbage(type);
      const used = usedHeapBytes();
      this.heldBytes = Math.max(0, this.heldBytes + used - this.heapAtLook);
      this.heapAtLook = used;
      if (type === 'major') this.heldBytes = Math.min(this.heldBytes, Math.max(0, used - this.heapBefore));
      if (this.heldBytes <= tight) return;
    }
    this.exceed('memory');
  }

  /** From now on a pass may handle a string of this size. */
  private shorten(bytes: number): void {
    this.largestSlice = Math.max(1, Math.min(this.largestSlice, Math.floor((LARGEST_SLICE * LONG_STRING) / bytes)));
    this.slice = Math.min(this.slice, this.largestSlice);
    B.c = Math.min(B.c, this.largestSlice);
  }

  /** Throws again at every further check, so that no loop in the script can outlive it. */
  private exceed(reason: BudgetReason): never {
    this.exceeded = reason;
    this.slice = 1;
    B.c = 0;
    throw new BudgetExceeded(reason);
  }
}

let current: Budget | undefined;

/** The budget whose count is in `B`; undefined outside a task (then nothing is limited). */
export function currentBudget(): Budget | undefined {
  return current;
}

/** Gives the thread to `next`; returns the budget that had it. */
export function switchBudget(next: Budget | undefined): Budget | undefined {
  const previous = current;
  previous?.leave();
  current = next;
  B.due = false;
  if (next === undefined) B.c = LARGEST_SLICE;
  else next.enter();
  return previous;
}

function refill(): void {
  if (current === undefined) B.c = LARGEST_SLICE;
  else current.look();
}

/**
 * Plain code: the slice is used up. Refills it, or throws `BudgetExceeded`. Goes through a built-in, which V8 does not
 * inline: it would spend the inlining budget of every hot loop on this rare call, and throw the code away whenever
 * something new happens in it.
 */
export function spent(): void {
  ONCE.forEach(refill);
}

const ONCE: ReadonlySet<unknown> = new Set([undefined]);

/** Library code that did `steps` units of work (about a loop pass each) charges them to the current task. */
export function charge(steps: number): void {
  B.c -= steps;
  if (B.c < 0) spent();
}

/** Library code that is about to allocate a lot. Throws Lua's `not enough memory` when the task may not have that. */
export function chargeMemory(bytes: number): void {
  current?.chargeMemory(bytes);
}

/** Bytes on V8's heap, garbage not yet collected included; half a microsecond. */
export function usedHeapBytes(): number {
  return getHeapStatistics().used_heap_size;
}
