/** A signal for one exchange, aborted after a time or with somebody else's signal. */

export interface TimeLimit {
  readonly signal: AbortSignal;
  /** The exchange is over. */
  release(): void;
}

/**
 * Aborted after `ms` milliseconds (undefined: no limit) and when `ended` is. `AbortSignal.any` would do, but leaves something in
 * `ended` for each call, which threads of scripts keep for as long as the server runs.
 */
export function limitTime(ms: number | undefined, ended: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = ms === undefined ? undefined : setTimeout(abort, ms).unref();
  if (ms === 0 || ended?.aborted === true) abort();
  else ended?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      ended?.removeEventListener('abort', abort);
    },
  };
}
