/**
 * One generation: configuration, scripts and services that belong together. A login reads the current generation once
 * and keeps it to its end, so a swap never changes the rules under a running request.
 */
import type { Config } from '../config/index.ts';
import type { ScriptRegistry } from '../scripts/registry.ts';
import type { Services } from '../services/index.ts';

export interface Generation {
  readonly id: number;
  readonly config: Config;
  readonly scripts: ScriptRegistry;
  readonly services: Services;
}
