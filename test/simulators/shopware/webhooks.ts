/** Addresses, signs and delivers what the shop tells; repeats, doubles, loses and shuffles it on demand. */
import type { Random } from '../shared/seeded-random.ts';
import type { Database, Row } from './database.ts';
import type { Emit, ShopEvent } from './events.ts';
import { phpJson, sign, systemLanguage } from './wire.ts';

/** In whose name webhooks are sent. */
export interface Sender {
  readonly shopUrl: string;
  readonly shopId: string;
  readonly secret: string;
  readonly appVersion: string;
  readonly appActive: boolean;
  readonly swVersion: string;
  readonly privileges: ReadonlySet<string> | undefined;
}

export interface Delivery {
  readonly eventId: string;
  readonly event: string;
  readonly webhook: string;
  readonly url: string;
  readonly attempt: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** HTTP status; undefined when nobody answered or nothing was sent. */
  readonly status: number | undefined;
  readonly outcome: 'delivered' | 'failed' | 'dropped';
  readonly error?: string;
}

export interface Webhooks {
  /** `sync`: the shop waits for the answer, once, and forgets failures (the core's default). `queue`: four attempts. `dropped`: nothing arrives. Lifecycle events are always sync. */
  mode: 'sync' | 'queue' | 'dropped';
  /** Every delivery comes this many times more; with `freshIds` each under an event id of its own. */
  setDuplicates(extra: number, options?: { freshIds?: boolean }): void;
  /** Other orders than `fifo` hold the queue until `idle()`. */
  setOrder(order: 'fifo' | 'reverse' | 'random'): void;
  /** 1 = as in a real shop (1 s, 2 s, 4 s between attempts). */
  setRetryDelayFactor(factor: number): void;
  readonly deliveries: readonly Delivery[];
  /** The same bytes again, as a replay or a proxy's repetition would bring them. Resolves to the status. */
  resend(delivery: Delivery): Promise<number | undefined>;
  /** A webhook of free contents, e.g. with a wrong secret. */
  forge(
    event: string,
    payload: unknown,
    options: { url: string; secret?: string; shopId?: string; eventId?: string },
  ): Promise<number | undefined>;
  /** Lets held deliveries go and resolves when nothing is under way any more. */
  idle(): Promise<void>;
  reset(): void;
}

interface Job {
  readonly webhook: Row;
  readonly event: string;
  readonly payload: unknown;
  readonly eventId: string;
  readonly attempt: number;
}

const retryDelaysMs = [1000, 2000, 4000];
const errorsUntilOff = 10;

export function createWebhooks(
  db: Database,
  { sender, random }: { sender: () => Sender | undefined; random: Random },
): Webhooks & { readonly emit: Emit } {
  const deliveries: Delivery[] = [];
  const queue: Job[] = [];
  let order: 'fifo' | 'reverse' | 'random' = 'fifo';
  let duplicates = 0;
  let freshIds = false;
  let retryDelayFactor = 0.001;
  let working: Promise<void> | undefined;
  const waiting = new Set<Promise<void>>();

  const post = async (
    url: string,
    body: string,
    options: { headers: Record<string, string>; timeoutMs: number },
  ): Promise<{ status?: number; error?: string }> => {
    try {
      const response = await fetch(url, { method: 'POST', body, headers: options.headers, signal: AbortSignal.timeout(options.timeoutMs) });
      await response.arrayBuffer();
      return { status: response.status };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };

  const signedRequest = (
    from: Sender,
    content: { event: string; payload: unknown; eventId: string },
  ): { body: string; headers: Record<string, string> } => {
    const source = { url: from.shopUrl, eventId: content.eventId, shopId: from.shopId, appVersion: from.appVersion };
    const body = phpJson({ data: { payload: content.payload, event: content.event }, source, timestamp: Math.floor(Date.now() / 1000) });
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GuzzleHttp/7',
      'sw-version': from.swVersion,
      'sw-context-language': systemLanguage,
      'sw-user-language': 'en-GB',
      'shopware-shop-signature': sign(body, from.secret),
    };
    return { body, headers };
  };

  const attempt = async (job: Job, timeoutMs: number): Promise<boolean> => {
    const from = sender();
    if (!from) return true;
    const { body, headers } = signedRequest(from, job);
    const url = String(job.webhook.url);
    const { status, error } = await post(url, body, { headers, timeoutMs });
    const ok = status !== undefined && status >= 200 && status < 300;
    const { eventId, event, attempt: number } = job;
    deliveries.push({
      eventId,
      event,
      webhook: String(job.webhook.name),
      url,
      attempt: number,
      body,
      headers,
      status,
      outcome: ok ? 'delivered' : 'failed',
      ...(error === undefined ? {} : { error }),
    });
    return ok;
  };

  const work = async (): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const ok = await attempt(job, 20_000);
      const { webhook } = job;
      if (ok) {
        webhook.errorCount = 0;
        continue;
      }
      const delayMs = retryDelaysMs[job.attempt - 1];
      if (delayMs !== undefined) {
        const again = { ...job, attempt: job.attempt + 1 };
        const pause = new Promise<void>((resolve) => {
          setTimeout(() => {
            queue.push(again);
            resolve();
          }, delayMs * retryDelayFactor);
        });
        waiting.add(pause);
        pause.then(() => {
          waiting.delete(pause);
          start();
        });
        continue;
      }
      const errors = Number(webhook.errorCount) + 1;
      Object.assign(webhook, errors >= errorsUntilOff ? { active: false, errorCount: 0 } : { errorCount: errors });
    }
  };
  const start = (): void => {
    working ??= work().finally(() => {
      working = undefined;
      if (queue.length > 0) start();
    });
  };

  const jobsOf = (event: ShopEvent, from: Sender): Job[] => {
    const lifecycle = event.name.startsWith('app.');
    if (!from.appActive && !lifecycle) return [];
    const allowed = event.reads.every((entity) => from.privileges?.has(`${entity}:read`) ?? true);
    if (!allowed) return [];
    return db
      .all('webhook')
      .filter((webhook) => webhook.eventName === event.name && webhook.active === true)
      .flatMap((webhook) => {
        const payload = event.payload({ onlyLiveVersion: webhook.onlyLiveVersion === true });
        if (payload === undefined) return [];
        const eventId = random.hex(32);
        const copies = lifecycle ? 0 : duplicates;
        return Array.from({ length: 1 + copies }, (_, at) => ({
          webhook,
          event: event.name,
          payload,
          attempt: 1,
          eventId: at > 0 && freshIds ? random.hex(32) : eventId,
        }));
      });
  };

  const webhooks: Webhooks & { readonly emit: Emit } = {
    mode: 'sync',
    deliveries,
    setOrder: (wanted) => {
      order = wanted;
    },
    setDuplicates: (extra, options) => {
      duplicates = extra;
      freshIds = options?.freshIds ?? false;
    },
    setRetryDelayFactor: (factor) => {
      retryDelayFactor = factor;
    },
    emit: async (...events) => {
      for (const event of events) {
        const from = sender();
        if (!from) return;
        for (const job of jobsOf(event, from)) {
          const mode = job.event.startsWith('app.') ? 'sync' : webhooks.mode;
          if (mode === 'sync') await attempt(job, 5000);
          else if (mode === 'queue') queue.push(job);
          else
            deliveries.push({
              eventId: job.eventId,
              event: job.event,
              webhook: String(job.webhook.name),
              url: String(job.webhook.url),
              attempt: 0,
              body: '',
              headers: {},
              status: undefined,
              outcome: 'dropped',
            });
        }
      }
      if (queue.length > 0 && order === 'fifo') start();
    },
    resend: async (delivery) => (await post(delivery.url, delivery.body, { headers: { ...delivery.headers }, timeoutMs: 20_000 })).status,
    forge: async (event, payload, options) => {
      const from = sender();
      if (!from) throw new Error('the app is not installed');
      const named = { ...from, secret: options.secret ?? from.secret, shopId: options.shopId ?? from.shopId };
      const { body, headers } = signedRequest(named, { event, payload, eventId: options.eventId ?? random.hex(32) });
      return (await post(options.url, body, { headers, timeoutMs: 20_000 })).status;
    },
    idle: async () => {
      if (order !== 'fifo') queue.splice(0, queue.length, ...(order === 'reverse' ? [...queue].reverse() : random.shuffle(queue)));
      if (queue.length > 0) start();
      while (working || waiting.size > 0) await Promise.all([working, ...waiting]);
    },
    reset: () => {
      webhooks.mode = 'sync';
      order = 'fifo';
      duplicates = 0;
      freshIds = false;
      retryDelayFactor = 0.001;
      queue.length = 0;
      deliveries.length = 0;
    },
  };
  return webhooks;
}
