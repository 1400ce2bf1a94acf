/** Webhooks of the audience: asking for them, and what they say (Marketing API 3.0, list webhooks). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Kind } from '../commerce.ts';
import type { Delivery, Heard, News } from '../connector.ts';
import { Failure } from '../failure.ts';
import type { Account } from './account.ts';
import { hashOf, segment } from './ids.ts';
import { type Answer, audienceGone, recordFailure, succeeded } from './refusals.ts';
import type { MailchimpSettings } from './settings.ts';

const events = { subscribe: true, unsubscribe: true, profile: true, cleaned: true, upemail: true, campaign: false } as const;
/** Our own writes are no news to us. */
const sources = { user: true, admin: true, api: false } as const;

const Hook = z.looseObject({
  id: z.string(),
  url: z.string(),
  events: z.record(z.string(), z.boolean()).default({}),
  sources: z.record(z.string(), z.boolean()).default({}),
});
type Hook = z.infer<typeof Hook>;

/** What Mailchimp can tell: people, not purchases. */
const told: readonly Kind[] = ['customer', 'consent'];

export async function subscribe(account: Account, address: string, kinds: readonly Kind[]): Promise<void> {
  const { id } = await account.audience();
  const path = `/lists/${segment(id)}/webhooks`;
  const found = await account.client.get(z.looseObject({ webhooks: z.array(Hook) }), { path, label: 'list webhooks' });
  if (found === undefined) throw audienceGone(id);
  const wanted = kinds.some((kind) => told.includes(kind));
  const [here, ...doubles] = found.webhooks.filter(({ url }) => url === address);
  const stale = [
    ...doubles,
    ...(wanted || here === undefined ? [] : [here]),
    ...found.webhooks.filter(({ url }) => isFormer(url, address)),
  ];
  for (const { id: hook } of stale) {
    const answer = await account.client.ask({ method: 'DELETE', path: `${path}/${segment(hook)}`, label: 'remove webhook' });
    if (!succeeded(answer) && answer.status !== 404) throw refused(answer);
  }
  if (!wanted) return;
  if (here === undefined) await create(account, path, address);
  else if (!isComplete(here)) {
    const body = JSON.stringify({ events, sources });
    const answer = await account.client.ask({ method: 'PATCH', path: `${path}/${segment(here.id)}`, body, label: 'mend webhook' });
    if (!succeeded(answer)) throw refused(answer);
  }
}

/** The key of its signatures is told once, in this answer. */
async function create(account: Account, path: string, address: string): Promise<void> {
  const ask = async (): Promise<string | undefined> => {
    const body = JSON.stringify({ url: address, events, sources });
    const answer = await account.client.ask({ method: 'POST', path, body, label: 'create webhook' });
    if (!succeeded(answer)) throw refused(answer);
    const { signing_secret: secret } = (answer.body ?? {}) as { signing_secret?: unknown };
    return typeof secret === 'string' && secret !== '' ? secret : undefined;
  };
  if (account.renew === undefined) {
    await ask();
    return;
  }
  await account.renew(async (stored) => {
    const signingSecret = await ask();
    // Without a key of its own, that of an earlier webhook would refuse everything.
    return signingSecret === stored.signingSecret ? undefined : ({ signingSecret } as Partial<MailchimpSettings>);
  });
}

const isComplete = (hook: Hook): boolean =>
  Object.entries(events).every(([name, on]) => (hook.events[name] ?? false) === on) &&
  Object.entries(sources).every(([name, on]) => (hook.sources[name] ?? false) === on);

/** The same place under another host, or with another secret at its end. */
function isFormer(url: string, address: string): boolean {
  if (url === address || !URL.canParse(url)) return false;
  const [former, current] = [new URL(url), new URL(address)];
  const place = ({ pathname }: URL): string => pathname.slice(0, pathname.lastIndexOf('/'));
  return (
    former.pathname === current.pathname || (former.origin === current.origin && place(former) !== '' && place(former) === place(current))
  );
}

const refused = (answer: Answer): Failure => {
  const failure = recordFailure(answer, { record: 'webhook', subject: 'webhook' });
  if (answer.status !== 400) return failure;
  return new Failure({
    remedy: 'fix-connection',
    code: 'mailchimp.webhook-refused',
    message:
      'Mailchimp does not take the address for its news; it must be reachable from outside. Changes are fetched every few minutes instead.',
    cause: failure,
  });
};

/** Longest distance between a signature's time and now. */
const signedForSeconds = 300;

export function hear({ method, headers, body, now }: Delivery, { signingSecret, audience }: MailchimpSettings): Heard {
  // Mailchimp looks at an address before it takes it.
  if (method !== 'POST') return [];
  if (signingSecret !== undefined && !isSigned(headers['x-mailchimp-signature'], { body, now, secret: signingSecret })) return 'refused';
  const form = new URLSearchParams(body.toString('utf8'));
  const data = (name: string): string => form.get(`data[${name}]`)?.trim() ?? '';
  const type = form.get('type') ?? '';
  const list = data('list_id');
  if (audience !== undefined && list !== '' && list !== audience) return [];
  const email = data('new_email') || data('email') || data('merges][EMAIL');
  if (email === '' || !(type in kindsOf)) return [];
  // A delivery has no id of its own.
  const eventId = createHash('sha256')
    .update([type, form.get('fired_at') ?? '', email.toLowerCase()].join('|'))
    .digest('hex')
    .slice(0, 32);
  const id = hashOf(email);
  return kindsOf[type as keyof typeof kindsOf].map((kind): News => ({ kind, id, eventId }));
}

const kindsOf = {
  subscribe: ['customer', 'consent'],
  unsubscribe: ['customer', 'consent'],
  cleaned: ['customer', 'consent'],
  profile: ['customer'],
  upemail: ['customer', 'consent'],
} as const satisfies Readonly<Record<string, readonly Kind[]>>;

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.<raw body>`. */
function isSigned(header: string | undefined, of: { body: Buffer; now: Date; secret: string }): boolean {
  const parts = new Map((header ?? '').split(',').map((part) => part.trim().split('=', 2) as [string, string]));
  const at = parts.get('t') ?? '';
  const given = Buffer.from(parts.get('v1') ?? '', 'hex');
  if (!/^\d{1,12}$/.test(at) || Math.abs(of.now.getTime() / 1000 - Number(at)) > signedForSeconds) return false;
  const wanted = createHmac('sha256', of.secret).update(`${at}.`).update(of.body).digest();
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
