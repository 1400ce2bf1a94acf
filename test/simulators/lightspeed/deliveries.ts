/** Sends webhooks over HTTP; can lose, double and reorder them. Nothing is repeated: neither system documents a second try. */
import type { Random } from '../shared/seeded-random.ts';

export interface DeliveryMode {
  /** Nothing is sent at all. */
  drop: boolean;
  /** Each delivery is sent this many times more. */
  copies: number;
  /** Held back until `release()`, which sends them in random order. */
  hold: boolean;
  signature: 'good' | 'wrong' | 'missing';
}

export interface Message {
  readonly address: string;
  /** `orders/paid` (C-Series), `sale.update` (X-Series). */
  readonly event: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Delivery {
  readonly address: string;
  readonly event: string;
  readonly body: string;
  /** `undefined`: no answer. */
  readonly status: number | undefined;
}

export interface Deliveries {
  readonly mode: DeliveryMode;
  /** In the order of the answers. */
  readonly deliveries: readonly Delivery[];
  /** Sends what was held, shuffled. */
  release(): void;
  /** Resolves when nothing is on its way. Held messages do not count. */
  idle(): Promise<void>;
  send(message: Message): void;
  stop(): void;
}

export function createDeliveries(random: Random): Deliveries {
  const mode: DeliveryMode = { drop: false, copies: 0, hold: false, signature: 'good' };
  const deliveries: Delivery[] = [];
  const waiting: (() => void)[] = [];
  const stopping = new AbortController();
  let held: Message[] = [];
  let open = 0;

  async function post({ address, event, headers, body }: Message): Promise<void> {
    let status: number | undefined;
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(10_000), stopping.signal]);
      const response = await fetch(address, { method: 'POST', redirect: 'manual', headers, body, signal });
      status = response.status;
      await response.arrayBuffer();
    } catch {
      status = undefined;
    }
    if (stopping.signal.aborted) return;
    deliveries.push({ address, event, body, status });
    open -= 1;
    if (open === 0) for (const resolve of waiting.splice(0)) resolve();
  }

  function start(message: Message): void {
    for (let copy = 0; copy <= mode.copies; copy += 1) {
      open += 1;
      void post(message);
    }
  }

  return {
    mode,
    deliveries,
    release() {
      const shuffled = random.shuffle(held);
      held = [];
      for (const message of shuffled) start(message);
    },
    idle: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    send(message) {
      if (mode.drop) return;
      if (mode.hold) held.push(message);
      else start(message);
    },
    stop() {
      stopping.abort();
      open = 0;
      held = [];
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
