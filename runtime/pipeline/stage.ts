/**
 * One step of the pipeline. A stage says its place and which logins it is for, and ends with `next` or a verdict;
 * `order` is pinned by test/pipeline/order.test.ts.
 */
import type { Login, LoginMode } from '../login/login.ts';
import type { Verdict } from '../login/verdict.ts';
import type { Generation } from './generation.ts';

/** `next` hands the login to the following stage; a verdict ends the pipeline. */
export type StageOutcome = 'next' | Verdict;

export interface Stage {
  readonly name: string;
  /** Smaller runs earlier. */
  readonly order: number;
  readonly modes: readonly LoginMode[];
  /**
   * May answer at once: only a stage that has to wait returns a promise. Expected trouble (a script error, Redis away)
   * is a `tempfail` verdict; anything thrown is reported and becomes one.
   */
  run(login: Login, generation: Generation): StageOutcome | Promise<StageOutcome>;
}

/** Checks a stage declaration; the default export of each file in `stages/` goes through it. */
export function defineStage(stage: Stage): Stage {
  return stage;
}
