/** What became of reloads, for metrics and for people who ask. */
import type { Clock, Services } from '../services/index.ts';

export interface ReloadAttempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why everything stayed as it was; empty when it was successful. Without secrets. */
  readonly problems: readonly string[];
}

export class ReloadJournal {
  readonly #clock: Clock;
  readonly #metrics: Services['metrics'];
  readonly started: number;
  #generation = 1;
  #since: number;
  #last: ReloadAttempt | undefined;
  #waiting: readonly string[];

  /** Begins with the first generation. `waiting`: see the getter. */
  constructor({ clock, metrics }: Pick<Services, 'clock' | 'metrics'>, waiting: readonly string[]) {
    this.#waiting = waiting;
    this.#clock = clock;
    this.#metrics = metrics;
    this.started = clock.now();
    this.#since = this.started;
    for (const result of ['success', 'failure']) metrics.count('nauthilus_config_reloads_total', { result }, 0);
    this.#show(true);
  }

  /** Number of the current generation, from 1. */
  get generation(): number {
    return this.#generation;
  }

  /** When it began, milliseconds since 1970. */
  get since(): number {
    return this.#since;
  }

  get last(): ReloadAttempt | undefined {
    return this.#last;
  }

  /** Names of settings that differ from those in use and need a restart. */
  get waiting(): readonly string[] {
    return this.#waiting;
  }

  succeeded(generation: number, waiting: readonly string[]): void {
    this.#generation = generation;
    this.#since = this.#clock.now();
    this.#last = { at: this.#since, problems: [] };
    this.#waiting = waiting;
    this.#metrics.count('nauthilus_config_reloads_total', { result: 'success' });
    this.#show(true);
  }

  failed(problems: readonly string[]): void {
    this.#last = { at: this.#clock.now(), problems };
    this.#metrics.count('nauthilus_config_reloads_total', { result: 'failure' });
    this.#show(false);
  }

  #show(isGood: boolean): void {
    this.#metrics.set('nauthilus_config_generation', {}, this.#generation);
    this.#metrics.set('nauthilus_config_last_reload_successful', {}, isGood ? 1 : 0);
    this.#metrics.set('nauthilus_config_last_reload_success_timestamp_seconds', {}, Math.floor(this.#since / 1000));
  }
}
