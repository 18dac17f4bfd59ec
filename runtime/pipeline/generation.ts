/**
 * One generation: configuration, scripts and services that belong together. A login reads the current generation once
 * and keeps it to its end, so a swap never changes the rules under a running request.
 */
import type { Config } from '../config/index.ts';
import type { ScriptRuntime } from '../scripts/script-runtime.ts';
import type { Services } from '../services/index.ts';
import type { AccountQueue } from './accounts.ts';
import type { Lease } from './lease.ts';
import type { MemoryCache } from './memory-cache.ts';
import type { PostActionLane } from './post-action-lane.ts';
import type { ReloadJournal } from './reload-journal.ts';

export interface Generation {
  readonly id: number;
  readonly config: Config;
  readonly scripts: ScriptRuntime;
  readonly services: Services;
  /** New with each generation: what the old scripts answered is forgotten with them. */
  readonly memory: MemoryCache;
  /** Held by whatever still works with the generation: its services stay open for so long. */
  readonly lease: Lease;
  /** As long as its Redis. */
  readonly accounts: AccountQueue;
  /** Outlives generations, as the other below. */
  readonly postActions: PostActionLane;
  readonly reloads: ReloadJournal;
}
