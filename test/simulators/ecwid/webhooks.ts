/** Sends events until they are answered as the platform wants it; can lose, double, reorder and spoil them. */
import { randomUUID } from 'node:crypto';
import type { Random } from '../shared/seeded-random.ts';
import type { ShopEvent } from './events.ts';
import { signEvent } from './payload.ts';

/** Only these count as delivered (docs.ecwid.com, "how to process webhooks"). */
const success = new Set([200, 201, 202, 204, 209]);

/** Minutes after which a failed delivery is repeated: 15, 30, 45 min, then hourly up to 24 h; 27 in all. */
const repeatAfterMinutes = [15, 30, 45, ...Array.from({ length: 24 }, (_, hour) => (hour + 1) * 60)];

interface WebhookMode {
  /** Sent this many times more. */
  duplicates: number;
  /** Each of them is an event of its own, with its own id. */
  freshIds: boolean;
  /** Each delivery is held back for a random while of up to this many milliseconds. */
  disorderMs: number;
  /** Nothing is sent at all. */
  drop: boolean;
  signature: 'good' | 'wrong' | 'missing';
  /** Added to eventCreated, in seconds. */
  createdOffsetSeconds: number;
  /** Numbers as strings, as one of the platform's samples has them. */
  strings: boolean;
  /** `application.subscription_status_changed`, as the platform's own Java client spells it. */
  snakeCase: boolean;
  /** How long a simulated minute lasts in the schedule of repetitions, in milliseconds. */
  minuteMs: number;
}

interface Delivery {
  readonly eventId: string;
  readonly eventType: string;
  readonly tries: number;
  /** `undefined`: no answer. */
  readonly status: number | undefined;
}

interface Message {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly signature: string | undefined;
}

export interface Webhooks {
  readonly mode: WebhookMode;
  /** Every try, in the order of the answers. */
  readonly deliveries: readonly Delivery[];
  /** Given up after the last repetition. */
  readonly lost: readonly Delivery[];
  /** Resolves when nothing is on its way or waiting to be repeated. */
  idle(): Promise<void>;
  /** Sends an event as if it had happened. */
  send(event: ShopEvent): void;
  stop(): void;
}

export function createWebhooks(options: {
  readonly storeId: number;
  readonly clientSecret: string;
  readonly random: Random;
  readonly now: () => Date;
  /** `undefined` while no app is connected. */
  readonly target: () => string | undefined;
}): Webhooks {
  const mode: WebhookMode = {
    duplicates: 0,
    freshIds: false,
    disorderMs: 0,
    drop: false,
    signature: 'good',
    createdOffsetSeconds: 0,
    strings: false,
    snakeCase: false,
    minuteMs: 1,
  };
  const deliveries: Delivery[] = [];
  const lost: Delivery[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const waiting: (() => void)[] = [];
  const stopping = new AbortController();
  let open = 0;

  function done(): void {
    open -= 1;
    if (open === 0) for (const resolve of waiting.splice(0)) resolve();
  }

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  }

  function messageOf(event: ShopEvent): Message {
    const id = randomUUID();
    const created = Math.floor(options.now().getTime() / 1000) + mode.createdOffsetSeconds;
    const type = mode.snakeCase ? event.eventType.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : event.eventType;
    const told = mode.strings ? String : (value: number | string) => value;
    const body = JSON.stringify({
      eventId: id,
      eventCreated: told(created),
      storeId: told(options.storeId),
      entityId: told(event.entityId),
      eventType: type,
      ...(event.data && { data: event.data }),
    });
    const signed = signEvent(created, id, mode.signature === 'wrong' ? 'not-the-secret' : options.clientSecret);
    return { id, type, body, signature: mode.signature === 'missing' ? undefined : signed };
  }

  async function attempt(event: Message, tries: number): Promise<void> {
    const target = options.target();
    let status: number | undefined;
    if (target !== undefined) {
      try {
        const response = await fetch(`${target}?eventtype=${encodeURIComponent(event.type)}`, {
          method: 'POST',
          redirect: 'manual',
          headers: {
            'content-type': 'application/json',
            ...(event.signature !== undefined && { 'x-ecwid-webhook-signature': event.signature }),
          },
          body: event.body,
          signal: AbortSignal.any([AbortSignal.timeout(10_000), stopping.signal]),
        });
        status = response.status;
        await response.arrayBuffer();
      } catch {
        status = undefined;
      }
    }
    if (stopping.signal.aborted) return;
    const delivery = { eventId: event.id, eventType: event.type, tries, status };
    deliveries.push(delivery);
    const minutes = repeatAfterMinutes[tries - 1];
    if (status !== undefined && success.has(status)) return done();
    if (minutes === undefined) {
      lost.push(delivery);
      return done();
    }
    const sinceFirst = repeatAfterMinutes[tries - 2] ?? 0;
    later((minutes - sinceFirst) * mode.minuteMs, () => void attempt(event, tries + 1));
  }

  return {
    mode,
    deliveries,
    lost,
    idle: () => (open === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    send(event) {
      if (mode.drop || options.target() === undefined) return;
      const once = messageOf(event);
      for (let copy = 0; copy <= mode.duplicates; copy += 1) {
        const message = copy === 0 || !mode.freshIds ? once : messageOf(event);
        open += 1;
        if (mode.disorderMs > 0) later(options.random.int(0, mode.disorderMs), () => void attempt(message, 1));
        else void attempt(message, 1);
      }
    },
    stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      open = 0;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
