import type { Fields } from './fields.ts';

/** One SOAP request that reached the till. `body` is the XML as sent, `request` the same read by the schema when it could be. */
export interface Call {
  operation: string;
  /** Epoch ms. */
  at: number;
  body: string;
  request: Fields | undefined;
  /** Answered without fault, and the result says it worked. */
  ok: boolean;
}

/** The latest calls, oldest first; `count` knows all since the last reset. */
export interface Calls extends Array<Call> {
  count(operation?: string): number;
  /** Is told of every call once the till has done with it and before the answer leaves. Returns the end of it. */
  watch(listener: (call: Call) => void): () => void;
  reset(): void;
}

const KEEP = 20_000;

export function callLog(): { calls: Calls; add(call: Call): void } {
  const counts = new Map<string, number>();
  const list: Call[] = [];
  const listeners = new Set<(call: Call) => void>();
  const calls = Object.assign(list, {
    count: (operation?: string): number =>
      operation === undefined ? [...counts.values()].reduce((sum, each) => sum + each, 0) : (counts.get(operation) ?? 0),
    watch: (listener: (call: Call) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset: (): void => {
      counts.clear();
      list.length = 0;
    },
  });
  return {
    calls,
    add: (call) => {
      counts.set(call.operation, (counts.get(call.operation) ?? 0) + 1);
      list.push(call);
      for (const listener of listeners) listener(call);
      if (list.length > KEEP * 2) list.splice(0, KEEP);
    },
  };
}
