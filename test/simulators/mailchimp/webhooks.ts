/** Sends list webhooks as forms with nested names, again and again until somebody answers 2xx. */
import { createHmac } from 'node:crypto';
import type { Random } from '../shared/seeded-random.ts';
import type { Audience, Hook, Json } from './account.ts';
import type { Source, WebhookDelivery, WebhookMode } from './surface.ts';

/** Minutes after the first try; growing, and over after some 75 minutes. */
const repeatAfterMinutes = [1, 4, 12, 32, 75];
const patienceMs = 10_000;

interface Parcel {
  readonly hook: Hook;
  readonly type: string;
  readonly body: string;
}

/** `data[merges][FNAME]=Jan` */
function nested(form: URLSearchParams, name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) form.append(name, String(value ?? ''));
  else for (const [key, inner] of Object.entries(value)) nested(form, `${name}[${key}]`, inner);
}

/** `t=<unix>,v1=<hex>` over the raw body (webhook signatures, 2026). */
export const signature = (secret: string, unix: number, body: string): string =>
  `t=${unix},v1=${createHmac('sha256', secret).update(`${unix}.${body}`).digest('hex')}`;

export function createWebhooks(options: { readonly random: Random; readonly now: () => Date }) {
  const mode: WebhookMode = { drop: false, duplicates: 0, disorderMs: 0, signature: 'good', signedOffsetSeconds: 0, minuteMs: 1 };
  const deliveries: WebhookDelivery[] = [];
  const lost: WebhookDelivery[] = [];
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

  function signed({ hook, body }: Parcel): Record<string, string> {
    if (hook.secret === undefined || mode.signature === 'missing') return {};
    const unix = Math.floor(options.now().getTime() / 1000) + mode.signedOffsetSeconds;
    return { 'x-mailchimp-signature': signature(mode.signature === 'wrong' ? 'not-the-secret' : hook.secret, unix, body) };
  }

  async function attempt(parcel: Parcel, tries: number): Promise<void> {
    const { hook, type, body } = parcel;
    let status: number | undefined;
    try {
      const response = await fetch(hook.url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'MailChimp', ...signed(parcel) },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(patienceMs), stopping.signal]),
      });
      status = response.status;
      await response.arrayBuffer();
    } catch {
      status = undefined;
    }
    if (stopping.signal.aborted) return;
    const delivery = { url: hook.url, type, body, tries, status };
    deliveries.push(delivery);
    if (status !== undefined && status >= 200 && status < 300) return done();
    const minutes = repeatAfterMinutes[tries - 1];
    if (minutes === undefined) {
      lost.push(delivery);
      return done();
    }
    later((minutes - (repeatAfterMinutes[tries - 2] ?? 0)) * mode.minuteMs, () => void attempt(parcel, tries + 1));
  }

  function send(hook: Hook, type: string, data: Json): void {
    if (mode.drop) return;
    const form = new URLSearchParams({ type, fired_at: options.now().toISOString().slice(0, 19).replace('T', ' ') });
    nested(form, 'data', data);
    const parcel = { hook, type, body: form.toString() };
    for (let copy = 0; copy <= mode.duplicates; copy += 1) {
      open += 1;
      if (mode.disorderMs > 0) later(options.random.int(0, mode.disorderMs), () => void attempt(parcel, 1));
      else void attempt(parcel, 1);
    }
  }

  return {
    mode,
    deliveries: deliveries as readonly WebhookDelivery[],
    lost: lost as readonly WebhookDelivery[],
    pending: () => open,
    /** To the hooks that want the event and its source. */
    tell(audience: Audience, event: { type: string; source: Source; data: Json }): void {
      for (const hook of audience.hooks.values())
        if (hook.events[event.type] === true && hook.sources[event.source] === true) send(hook, event.type, event.data);
    },
    /** To every hook. */
    tellAll(audience: Audience, type: string, data: Json): void {
      for (const hook of audience.hooks.values()) send(hook, type, data);
    },
    idle: () => (open === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve))),
    stop(): void {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      open = 0;
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
