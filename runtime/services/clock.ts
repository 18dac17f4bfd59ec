/** The only source of time, so that tests decide it. */

/** Cancels a timer; calling it again or after the timer fired does nothing. */
type Cancel = () => void;

export interface Clock {
  /** Wall clock in milliseconds since 1970, with fractions where the system has them. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes backwards. For latencies and deadlines. */
  monotonic(): number;
  /** Runs `action` once after `ms` milliseconds. A pending timer does not keep the process alive. */
  after(ms: number, action: () => void): Cancel;
  /** Runs `action` every `ms` milliseconds until cancelled. Does not keep the process alive. */
  every(ms: number, action: () => void): Cancel;
  /** Resolves after `ms` milliseconds and keeps the process alive meanwhile. */
  sleep(ms: number): Promise<void>;
}

/** Node turns longer timers into 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  monotonic: () => performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms).unref();
    return () => clearTimeout(timer);
  },
  every: (ms, action) => {
    const timer = setInterval(action, ms).unref();
    return () => clearInterval(timer);
  },
  sleep: async (ms) => {
    // Timers count from the start of the event loop's turn and may fire early by the time already spent in it.
    const end = performance.now() + ms;
    for (let left = ms; left > 0; left = end - performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(Math.ceil(left), LONGEST_TIMER_MS)));
    }
  },
};
