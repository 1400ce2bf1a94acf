/** Budgets of requests that begin with the first request and start over when their time is up. */
interface WindowState {
  readonly limit: number;
  /** −1 once a request too many was made. */
  readonly remaining: number;
  /** Seconds until it starts over. */
  readonly reset: number;
  /** When it starts over, epoch ms. */
  readonly until: number;
}

export interface RateWindows {
  /** Counts a request; false when a window is empty. */
  take(): boolean;
  state(): readonly WindowState[];
  /** When the last of the empty windows starts over, epoch ms. */
  waitUntil(): number;
}

export function createRateWindows(lengthsMs: readonly number[], limits: () => readonly number[], now: () => Date): RateWindows {
  const windows = lengthsMs.map((length) => ({ length, start: Number.NEGATIVE_INFINITY, used: 0 }));

  function current() {
    const time = now().getTime();
    for (const window of windows) {
      if (time < window.start + window.length) continue;
      window.start = time;
      window.used = 0;
    }
    return windows.map((window, at) => ({ window, limit: limits()[at] ?? 0 }));
  }

  const state = () =>
    current().map(({ window, limit }) => ({
      limit,
      remaining: Math.max(-1, limit - window.used),
      reset: Math.ceil((window.start + window.length - now().getTime()) / 1000),
      until: window.start + window.length,
    }));

  return {
    take() {
      const open = current();
      const allowed = open.every(({ window, limit }) => window.used < limit);
      for (const { window } of open) window.used += 1;
      return allowed;
    },
    state,
    waitUntil: () => Math.max(...state().map((window) => (window.remaining <= 0 ? window.until : now().getTime()))),
  };
}
