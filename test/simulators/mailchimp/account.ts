/** What one account holds. Everything is found by key: an account with 20,000 customers answers as fast as an empty one. */
import { createHash } from 'node:crypto';
import type { Random } from '../shared/seeded-random.ts';
import type { Behaviour, Mail, MailReason, MemberStatus, OrderNotice, Source } from './surface.ts';

export type Json = Record<string, unknown>;

export interface Member {
  email: string;
  hash: string;
  /** The short id of webhooks. */
  readonly shortId: string;
  readonly contactId: string;
  readonly webId: number;
  status: MemberStatus;
  /** Who took the member off the list last. */
  leftBy: Source | undefined;
  unsubscribeReason: string | undefined;
  emailType: string;
  readonly mergeFields: Map<string, unknown>;
  readonly interests: Map<string, boolean>;
  readonly permissions: Map<string, boolean>;
  /** When each tag came; milliseconds. */
  readonly tags: Map<string, number>;
  language: string;
  vip: boolean;
  location: Json;
  ipSignup: string;
  timestampSignup: string;
  ipOpt: string;
  timestampOpt: string;
  /** Whole seconds, in milliseconds. */
  lastChanged: number;
  readonly origin: string;
  /** Came by an e-commerce customer, so its opt-in can still subscribe it. */
  readonly byStore: boolean;
}

export interface MergeField {
  readonly mergeId: number;
  tag: string;
  name: string;
  readonly type: string;
  required: boolean;
  defaultValue: string;
  public: boolean;
  displayOrder: number;
  options: Json;
  helpText: string;
}

export interface Hook {
  readonly id: string;
  url: string;
  events: Record<string, boolean>;
  sources: Record<string, boolean>;
  readonly secret: string | undefined;
}

export interface Audience {
  readonly id: string;
  readonly webId: number;
  readonly created: string;
  /** As it was asked for: name, contact, campaign defaults. */
  facts: Json;
  readonly doubleOptin: boolean;
  readonly welcome: boolean;
  readonly permissions: ReadonlyMap<string, string>;
  readonly interests: ReadonlySet<string>;
  readonly automationTags: ReadonlySet<string>;
  /** By the hash of the address. */
  readonly members: Map<string, Member>;
  readonly byContactId: Map<string, Member>;
  /** Hashes of addresses that were deleted for good. */
  readonly forgotten: Set<string>;
  readonly tagIds: Map<string, number>;
  readonly mergeFields: Map<number, MergeField>;
  readonly hooks: Map<string, Hook>;
}

export interface Customer {
  readonly id: string;
  email: string;
  optIn: boolean;
  facts: Json;
  readonly created: string;
  updated: string;
}

export interface Product {
  readonly id: string;
  facts: Json;
  readonly variants: Map<string, Json>;
}

/** An order or a cart. */
export interface Purchase {
  readonly id: string;
  readonly customerId: string;
  facts: Json;
  readonly lines: Map<string, Json>;
  readonly created: string;
  updated: string;
  /** A cart: nobody is to be reminded of it, because it came during a sync or the reminder is out. */
  settled: boolean;
}

export interface Store {
  readonly id: string;
  readonly audienceId: string;
  facts: Json;
  syncing: boolean;
  readonly created: string;
  updated: string;
  readonly customers: Map<string, Customer>;
  /** Ids by address in lower case. */
  readonly customersByEmail: Map<string, Set<string>>;
  readonly products: Map<string, Product>;
  readonly orders: Map<string, Purchase>;
  readonly ordersByCustomer: Map<string, Set<string>>;
  readonly carts: Map<string, Purchase>;
  notices: ReadonlySet<OrderNotice>;
}

export interface Event {
  readonly type: 'subscribe' | 'unsubscribe' | 'profile' | 'upemail' | 'cleaned';
  readonly source: Source;
  readonly data: Json;
}

export interface Account {
  readonly name: string;
  readonly dc: string;
  readonly created: string;
  readonly random: Random;
  readonly behaviour: Behaviour;
  readonly audiences: Map<string, Audience>;
  readonly stores: Map<string, Store>;
  readonly apiKeys: Set<string>;
  readonly tokens: Set<string>;
  readonly mails: Mail[];
  readonly unexpected: string[];
  now(): Date;
  mail(to: string, why: MailReason, about: string): void;
  /** Tells the hooks of the audience. */
  tell(audience: Audience, event: Event): void;
}

/** md5 of the address in lower case. */
export const hashOf = (email: string): string => createHash('md5').update(email.trim().toLowerCase()).digest('hex');

/** `2026-06-01T10:00:00+00:00` */
export const stamp = (at: Date | number): string => `${new Date(at).toISOString().slice(0, 19)}+00:00`;

/** Whole seconds, as the API counts. */
export const second = (at: Date): number => Math.floor(at.getTime() / 1000) * 1000;
