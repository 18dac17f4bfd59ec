/**
 * One step of the pipeline. A stage says its place and which logins it is for, and ends with `next` or a verdict;
 * `order` is pinned by test/pipeline/order.test.ts.
 */
import { Misdeclared } from '../contract/misdeclared.ts';
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

/** Declares a stage: the default export of each file in `stages/`. */
export function defineStage(stage: Stage): Stage {
  return stage;
}

/**
 * The stages in the order in which a login meets them; `files` are where they are declared, in the order of `stages`.
 * Throws Misdeclared when a stage is not named like its file or two share a place, and names the files.
 */
export function inOrder(stages: readonly Stage[], files: readonly string[]): readonly Stage[] {
  const fileOf = new Map(stages.map((stage, at) => [stage, files[at] ?? ''] as const));
  const ordered = [...stages].sort((left, right) => left.order - right.order);
  for (const [at, stage] of ordered.entries()) {
    const [file, next] = [fileOf.get(stage) ?? '', ordered[at + 1]];
    if (!file.endsWith(`/${stage.name}.ts`))
      throw new Misdeclared(`${file}: the stage '${stage.name}' has to be named like its file`);
    if (next?.order === stage.order) {
      throw new Misdeclared(`${file} and ${fileOf.get(next)} have the same place: order ${stage.order}`);
    }
  }
  return ordered;
}
