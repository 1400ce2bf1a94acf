/** What tests and the sandbox may do with the simulated Mailchimp account, beside calling its API. */
import type { Faults } from '../shared/faulty-server.ts';

export type MemberStatus = 'subscribed' | 'unsubscribed' | 'cleaned' | 'pending' | 'transactional' | 'archived';
/** Who did it: the person, somebody in Mailchimp's own screens, or a call to the API. */
export type Source = 'user' | 'admin' | 'api';
export type OrderNotice = 'pending' | 'paid' | 'refunded' | 'cancelled' | 'shipped';
/** A record as the API shows it. */
export type Shown = Record<string, unknown>;

export interface MailchimpOptions {
  readonly port?: number;
  /** Default `us19`. */
  readonly dc?: string;
  readonly accountName?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** What the consent page does: sends the merchant back at once (default), or shows a button first. */
  readonly consent?: 'at-once' | 'ask';
  /** The audience that is there from the start. */
  readonly audience?: AudienceWish;
  /** Every request takes this long and keeps its connection meanwhile. Milliseconds. */
  readonly latencyMs?: number;
  readonly behaviour?: Partial<Behaviour>;
  readonly seed?: number;
  readonly now?: () => Date;
}

/** Where the documents leave a choice; all of it can be changed while the simulator runs. */
export interface Behaviour {
  /** Requests of one account that may run at the same moment: 10. One more gets 429 without Retry-After. */
  connections: number;
  /** What too many requests get: a problem document, a bare 429 or a bare 403, both without JSON. */
  overload: 'problem' | 'bare-429' | 'bare-403';
  /** More undelivered webhooks than this, and every request gets 429: 500. */
  pendingWebhooks: number;
  /** Who cannot be subscribed again by the API: those who left themselves or were cleaned, everybody who ever left, nobody. */
  compliance: 'user' | 'any' | 'off';
  /** Whether archived members are in the list of members when no status is asked for. */
  archivedInLists: boolean;
  /** Webhooks made from now on are signed; the secret is in the answer that made them. */
  signedWebhooks: boolean;
  /** Addresses (lower case) that are refused because they look fake. */
  readonly fakeAddresses: Set<string>;
  latencyMs: number;
}

export interface AudienceWish {
  readonly name?: string;
  readonly doubleOptin?: boolean;
  /** Texts of the marketing permissions; with any, the audience has them switched on. */
  readonly marketingPermissions?: readonly string[];
  /** A welcome mail is sent to everybody who gets subscribed: on unless told. */
  readonly welcome?: boolean;
  /** Adding one of these tags starts an automation. */
  readonly automationTags?: readonly string[];
  /** Ids of interests that members may have. */
  readonly interests?: readonly string[];
}

export interface MemberWish {
  readonly audienceId?: string;
  /** Default `subscribed`. */
  readonly status?: Exclude<MemberStatus, 'archived'>;
  /** Default `admin`: imported by somebody in Mailchimp's screens. `user`: by a sign-up form. */
  readonly how?: Source;
  readonly mergeFields?: Readonly<Record<string, unknown>>;
  readonly language?: string;
  readonly tags?: readonly string[];
}

export interface Deed {
  readonly audienceId?: string;
  /** Default `user`. */
  readonly how?: Source;
}

export type MailReason =
  /** Please confirm that you want our mails. */
  | 'double-opt-in'
  | 'welcome'
  | 'tag-automation'
  | 'order-pending'
  | 'order-paid'
  | 'order-refunded'
  | 'order-cancelled'
  | 'order-shipped'
  | 'abandoned-cart';

export interface Mail {
  readonly to: string;
  readonly why: MailReason;
  /** The audience id, or store id and order or cart id with a slash between. */
  readonly about: string;
  readonly at: Date;
}

export interface ApiRequest {
  readonly method: string;
  /** Behind `/3.0`, as sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly status: number;
  /** Parsed; `undefined` without a body. */
  readonly body: unknown;
  readonly answer: unknown;
  /** Inside a batch, or a request of its own. */
  readonly via: 'http' | 'batch';
}

export interface WebhookMode {
  /** Nothing is sent at all. */
  drop: boolean;
  /** Sent this many times more. */
  duplicates: number;
  /** Each delivery is held back for a random while of up to this many milliseconds. */
  disorderMs: number;
  /** Of hooks that are signed. */
  signature: 'good' | 'wrong' | 'missing';
  /** Added to the time in the signature, in seconds. */
  signedOffsetSeconds: number;
  /** How long a simulated minute lasts in the schedule of repetitions, in milliseconds. */
  minuteMs: number;
}

export interface WebhookDelivery {
  readonly url: string;
  readonly type: string;
  readonly body: string;
  readonly tries: number;
  /** `undefined`: no answer. */
  readonly status: number | undefined;
}

export interface Webhooks {
  readonly mode: WebhookMode;
  /** Every try, in the order of the answers. */
  readonly deliveries: readonly WebhookDelivery[];
  /** Given up after the last repetition. */
  readonly lost: readonly WebhookDelivery[];
  /** Sends a list webhook as if it had happened, to every hook of the audience. `data` may nest. */
  send(audienceId: string, type: string, data: Readonly<Record<string, unknown>>): void;
  /** Resolves when nothing is on its way or waiting to be repeated. */
  idle(): Promise<void>;
}

export interface BatchMode {
  /** How many looks at a batch do not say `finished` although it is: 1. */
  looks: number;
  /** Operations are carried out in a random order, as nothing promises another: true. */
  shuffled: boolean;
  /** How long an address of results works, in milliseconds: ten minutes. */
  urlLifetimeMs: number;
  /** The address of results sends the client on to another one. */
  redirect: boolean;
  /** This many requests for results fail with 503 first. */
  failures: number;
}

export interface Batches {
  readonly mode: BatchMode;
  /** Port of the results, beside the one of the API. */
  readonly archiveUrl: string;
  /** Batches stay pending until the returned function is called. */
  pause(): () => void;
  /** Resolves when no batch waits or runs. */
  idle(): Promise<void>;
}

export interface MailchimpSimulator {
  /** The one port of log-in, API and sandbox page. Without a trailing slash. */
  readonly url: string;
  /** `<url>/<dc>`: what `https://<dc>.api.mailchimp.com` is in the real world; `/3.0` follows. */
  readonly apiBaseUrl: string;
  /** The same with `{dc}` in it, for the setting. */
  readonly apiBaseUrlTemplate: string;
  /** What `https://login.mailchimp.com` is in the real world; `/oauth2/…` follows. */
  readonly loginBaseUrl: string;
  /** The sandbox page. */
  readonly pageUrl: string;
  readonly dc: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A key that works from the start. */
  readonly apiKey: string;
  /** The audience that is there from the start. */
  readonly audienceId: string;
  readonly behaviour: Behaviour;
  readonly faults: Faults;
  /** Every request to the API and every operation of a batch, in order of the answers. */
  readonly requests: readonly ApiRequest[];
  /** Requests, fields and parameters that the real API does not know: a test that leaves one here has found a mistake. */
  readonly unexpected: readonly string[];
  /** What is in `unexpected`, taken out: a test that meant it says so. */
  takeUnexpected(): string[];
  clearRequests(): void;
  readonly mails: readonly Mail[];
  /** The most requests that ran at the same moment, and how many were turned away. */
  readonly traffic: { readonly peak: number; readonly refused: number };
  readonly webhooks: Webhooks;
  readonly batches: Batches;

  /** Requests wait, connections open, until the returned function is called. */
  hold(): () => void;

  issueApiKey(): string;
  issueToken(): string;
  /** A code as the consent page hands it to the redirect address. */
  code(redirectUri: string): string;
  /** That key or token does not work any more; without one, none does. */
  revoke(credential?: string): void;

  /** Returns its id. */
  addAudience(wish?: AudienceWish): string;
  deleteAudience(audienceId: string): void;
  addMember(email: string, wish?: MemberWish): Shown;
  /** As the API shows it, by e-mail address; `undefined` when there is none. */
  member(email: string, audienceId?: string): Shown | undefined;
  members(audienceId?: string): Shown[];
  /** The names of a member's tags. */
  tags(email: string, audienceId?: string): string[];
  /** The person follows the link of the double opt-in mail. */
  confirm(email: string, deed?: Deed): void;
  unsubscribe(email: string, deed?: Deed): void;
  /** Bounced for good, or complained. */
  clean(email: string, reason?: 'hard' | 'abuse', deed?: Deed): void;
  /** Fires upemail and profile. */
  changeEmail(from: string, to: string, deed?: Deed): void;
  changeProfile(email: string, mergeFields: Readonly<Record<string, unknown>>, deed?: Deed): void;
  archive(email: string, deed?: Deed): void;

  stores(): Shown[];
  store(storeId: string): Shown | undefined;
  customers(storeId: string): Shown[];
  customer(storeId: string, id: string): Shown | undefined;
  products(storeId: string): Shown[];
  product(storeId: string, id: string): Shown | undefined;
  orders(storeId: string): Shown[];
  order(storeId: string, id: string): Shown | undefined;
  carts(storeId: string): Shown[];
  /** Order notifications that the merchant has switched on in Mailchimp; none from the start. */
  notify(storeId: string, notices: readonly OrderNotice[]): void;
  /** Time passes: every cart that came while the store was not syncing, and has a checkout_url, is mailed about once. */
  abandonCarts(): void;

  stop(): Promise<void>;
}
