/** The context of a running script, as host functions see it. */
import type { ScriptClass } from '../contract/host.ts';
import { currentTask, raise } from '../engine/api.ts';
import type { ScriptState } from '../login/script-state.ts';
import type { Services } from '../services/index.ts';

/** Lines a script writes to the log through the host; keys are field names, values are text or numbers. */
export interface ScriptLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface HostCallParts {
  readonly scriptClass: ScriptClass;
  readonly services: Services;
  readonly state: ScriptState;
  readonly log: ScriptLog;
}

/**
 * Given to a task as its `host`: who is calling, what may be used, and what is shared with the other scripts of the
 * login. Host functions receive it as their first parameter.
 */
export class HostCall implements HostCallParts {
  readonly scriptClass: ScriptClass;
  readonly services: Services;
  readonly state: ScriptState;
  readonly log: ScriptLog;
  private closers: Set<() => void> | undefined;
  private hasEnded = false;
  private ending: AbortController | undefined;

  constructor(parts: HostCallParts) {
    this.scriptClass = parts.scriptClass;
    this.services = parts.services;
    this.state = parts.state;
    this.log = parts.log;
  }

  /**
   * Resolves after `ms` milliseconds. A wait beyond the script's deadline never does: the deadline ends it, and a script whose
   * wait was cut short must not go on as if it had ended.
   */
  sleep(ms: number): Promise<void> {
    return ms > currentTask().budget.remainingMs() ? new Promise(() => undefined) : this.services.clock.sleep(ms);
  }

  /**
   * Something the script has opened that must not outlive it; closed at once when the script has ended while it was being
   * opened. Returns how to say that it has been closed before.
   */
  closeAtEnd(close: () => void): () => void {
    if (this.hasEnded) {
      close();
      return () => {};
    }
    this.closers ??= new Set();
    this.closers.add(close);
    return () => void this.closers?.delete(close);
  }

  /** Aborted when the script ends: for what goes on elsewhere while it waits. */
  get ended(): AbortSignal {
    this.ending ??= new AbortController();
    if (this.hasEnded) this.ending.abort();
    return this.ending.signal;
  }

  /** The script has ended, whatever its outcome is. */
  end(): void {
    this.hasEnded = true;
    this.ending?.abort();
    if (this.closers === undefined) return;
    for (const close of this.closers) close();
    this.closers = undefined;
  }
}

/** The call of the running script; a Lua error where Lua runs without a host (a bare engine). */
export function currentCall(): HostCall {
  const host = currentTask().host;
  if (host instanceof HostCall) return host;
  return raise('this function is not available outside of a server script');
}
