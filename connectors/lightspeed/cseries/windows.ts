/**
 * The three windows in which C-Series counts requests (5 minutes, an hour, a day), as its headers tell them:
 * `X-RateLimit-Limit: 300/3000/12000`, `X-RateLimit-Remaining`, `X-RateLimit-Reset` in seconds left. All jobs of a key share them,
 * so the last part of each window is kept for what cannot wait.
 */
import { Failure } from '../../failure.ts';

/** `live`: orders and people who wait; may use the whole window. `bulk`: everything else leaves the reserve alone. */
export type Lane = 'live' | 'bulk';

/**
 * Share of each window that bulk work leaves to live records at least, counting what they have used of it. Twelve times the first window is
 * more than the second one: what is kept of it costs bulk work next to nothing.
 */
const reserved = [0.08, 0.05, 0.05] as const;
/**
 * Bulk work uses up an hour in three quarters of it, and live records go on: what they will need until the window starts over is kept as well,
 * half as much again as they have needed so far or needed in the window before, and never more than half of the window.
 */
const foresight = { factor: 1.5, most: 0.5, shareBeforeSure: 0.25 } as const;
const names = ['5 minutes', 'hour', 'day'] as const;
const lengthsMs = [5 * 60_000, 3_600_000, 24 * 3_600_000] as const;
/** What is kept shrinks as time goes by, so bulk work looks again after this time. */
const lookAgainMs = 5 * 60_000;
/** Resets are told in whole seconds, so two answers about one window differ by that much. */
const sameWindowMs = 2_000;
const withoutHintMs = 60_000;
const longestMs = 24 * 3_600_000;

interface Window {
  readonly limit: number;
  remaining: number;
  readonly resetAt: number;
  /** Requests of live records in it: what they have used of the reserve is not kept for them a second time. */
  live: number;
  /** The same of the window before. */
  readonly liveBefore: number;
}

export interface RateWindows {
  /** Counts a request that is about to leave until the returned function is called. Throws Failure wait when the lane has no room. */
  enter(lane: Lane): () => void;
  /** What the headers of an answer (lower-case names) tell. */
  saw(headers: Readonly<Record<string, string>>): void;
  /** The server said 429: nothing leaves before its time. */
  refused(headers: Readonly<Record<string, string>>): Failure;
  /** Requests that may still be made, the tightest window first known; `undefined` before the first answer. */
  left(): readonly number[] | undefined;
}

export function createRateWindows(now: () => Date): RateWindows {
  let windows: (Window | undefined)[] = [];
  let closedUntil = 0;
  let pending = 0;

  function enter(lane: Lane): () => void {
    const at = now().getTime();
    if (closedUntil > at) throw exhausted(undefined, closedUntil - at);
    const full = windows.flatMap((window, index) => {
      if (window === undefined || window.resetAt <= at) return [];
      const waitMs = window.resetAt - at;
      const free = window.remaining - pending;
      if (lane === 'live') return free > 0 ? [] : [{ index, waitMs }];
      const spare = free - Math.max(0, Math.ceil(window.limit * (reserved[index] ?? 0)) - window.live);
      if (spare <= 0) return [{ index, waitMs }];
      return free > expected(window, index, at) ? [] : [{ index, waitMs: Math.min(waitMs, lookAgainMs) }];
    });
    const longest = full.sort((left, right) => right.waitMs - left.waitMs)[0];
    if (longest !== undefined) throw exhausted(names[longest.index], longest.waitMs);
    if (lane === 'live') for (const window of windows) if (window !== undefined) window.live += 1;
    pending += 1;
    let open = true;
    return () => {
      if (open) pending -= 1;
      open = false;
    };
  }

  function saw(headers: Readonly<Record<string, string>>): void {
    const at = now().getTime();
    const limits = numbersOf(headers['x-ratelimit-limit']);
    const remaining = numbersOf(headers['x-ratelimit-remaining']);
    const resets = numbersOf(headers['x-ratelimit-reset']);
    windows = names.map((_, index) => {
      const known = windows[index];
      const [limit, left, reset] = [limits[index], remaining[index], resets[index]];
      if (limit === undefined || left === undefined || reset === undefined || limit <= 0) return known;
      const resetAt = at + Math.max(0, reset) * 1_000;
      // Answers overtake each other: of one window the smallest number counts.
      const same = known !== undefined && known.resetAt > at && resetAt <= known.resetAt + sameWindowMs;
      if (!same) return { limit, remaining: left, resetAt, live: 0, liveBefore: known?.live ?? 0 };
      return { ...known, limit, remaining: Math.min(known.remaining, left) };
    });
  }

  function refused(headers: Readonly<Record<string, string>>): Failure {
    saw(headers);
    const at = now().getTime();
    const empty = windows.flatMap((window) => (window !== undefined && window.remaining <= 0 ? [window.resetAt - at] : []));
    const told = retryAfterMs(headers['retry-after'], at);
    const waitMs = Math.min(longestMs, Math.max(1_000, told ?? (empty.length > 0 ? Math.max(...empty) : withoutHintMs)));
    closedUntil = Math.max(closedUntil, at + waitMs);
    return exhausted(undefined, waitMs);
  }

  return {
    enter,
    saw,
    refused,
    left() {
      const known = windows.filter((window) => window !== undefined);
      return known.length === 0 ? undefined : known.map(({ remaining }) => Math.max(0, remaining));
    },
  };
}

/** Requests that live records will make until the window starts over, going by those that they have made in it and in the one before. */
function expected({ limit, live, liveBefore, resetAt }: Window, index: number, at: number): number {
  const lengthMs = lengthsMs[index] ?? longestMs;
  const leftMs = Math.min(lengthMs, resetAt - at);
  const elapsedMs = Math.max(lengthMs - leftMs, lengthMs * foresight.shareBeforeSure);
  const perMs = Math.max(live / elapsedMs, liveBefore / lengthMs);
  return Math.min(limit * foresight.most, Math.ceil(perMs * foresight.factor * leftMs));
}

function exhausted(window: string | undefined, waitMs: number): Failure {
  const minutes = Math.max(1, Math.ceil(waitMs / 60_000));
  return new Failure({
    remedy: 'wait',
    code: 'lightspeed.window-exhausted',
    message: `Lightspeed takes no more requests of this key for ${minutes} min${window === undefined ? '' : ` (limit per ${window})`}. It goes on by itself.`,
    params: { minutes, ...(window !== undefined && { window }) },
    waitMs,
  });
}

/** Seconds, or a date (RFC 9110); both are seen. */
function retryAfterMs(header: string | undefined, at: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date - at;
}

const numbersOf = (header: string | undefined): (number | undefined)[] =>
  (header ?? '').split('/').map((part) => (/^\s*-?\d+\s*$/.test(part) ? Number(part) : undefined));
