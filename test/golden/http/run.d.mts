/** Types of the parts of run.mjs that tests use. */
export interface GoldenCase {
  readonly name: string;
}

export interface GoldenGroup {
  readonly name: string;
  /** Servers that the cases talk to. */
  readonly needs?: readonly string[];
  readonly cases: readonly GoldenCase[];
}

export interface GoldenTopic {
  readonly topic: string;
  readonly groups: readonly GoldenGroup[];
}

export interface OpenGroup {
  close(): Promise<void>;
}

export function loadTopics(folder: string): readonly GoldenTopic[];
export function openGroup(group: GoldenGroup, startCommand: string): Promise<OpenGroup>;
/** Differences between expectation and answers; empty when all match. */
export function runCase(golden: GoldenCase, open: OpenGroup): Promise<readonly string[]>;
