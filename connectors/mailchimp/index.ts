/** Mailchimp: audiences, members and what they bought, spoken to through the Marketing API 3.0. */
import type { Kind } from '../commerce.ts';
import type { Connector, Io, Session } from '../connector.ts';
import { Failure } from '../failure.ts';
import { openAccount } from './account.ts';
import { defaultLoginBaseUrl, mailchimpAuthorization } from './authorization.ts';
import { planCarts } from './carts.ts';
import { checkAccount } from './check.ts';
import { defaultApiBaseUrl } from './client.ts';
import { planConsents } from './consents.ts';
import { planCustomers } from './customers.ts';
import { erase } from './erasure.ts';
import { hear, subscribe } from './hooks.ts';
import { mailchimpWrites } from './mapping.ts';
import { changedMembers, overlapMs, readMembers } from './members.ts';
import { changedOrders, overlapMs as orderOverlapMs, readOrders } from './order-read.ts';
import { planOrders } from './orders.ts';
import { planProducts } from './products.ts';
import { applyPlans } from './requests.ts';
import { MailchimpSettings } from './settings.ts';
import { createShelf } from './shelf.ts';
import { planStock } from './stock.ts';
import { consentOf, customerOf } from './translate.ts';
import { readVocabulary } from './vocabulary.ts';

export interface MailchimpOptions {
  /** With `{dc}` where the data centre stands. Default: Mailchimp's own. */
  readonly apiBaseUrl?: string;
  readonly loginBaseUrl?: string;
  /** This server's registration with Mailchimp. Without it merchants enter an API key. */
  readonly clientId?: string;
  readonly clientSecret?: string;
}

export type MailchimpSession = Session & Required<Pick<Session, 'erase'>>;

const members = { overlapMs, pollEveryMs: 300_000, batch: 500 } as const;

export function mailchimpConnector(options: MailchimpOptions = {}): Connector<MailchimpSettings> {
  const { apiBaseUrl = defaultApiBaseUrl, loginBaseUrl = defaultLoginBaseUrl, clientId, clientSecret } = options;
  return {
    name: 'mailchimp',
    title: 'Mailchimp',
    settings: MailchimpSettings,
    // Ten connections of one user over all apps (Marketing API 3.0, limits); half of them are for the others.
    limits: { concurrency: 5 },
    reads: {
      customer: members,
      consent: members,
      // The account's list of orders cannot be asked for what changed.
      order: { overlapMs: orderOverlapMs, pollEveryMs: 900_000, batch: 50 },
    },
    writes: mailchimpWrites,
    ...(clientId !== undefined &&
      clientSecret !== undefined && { authorization: mailchimpAuthorization({ loginBaseUrl, clientId, clientSecret }) }),
    hear,
    open: (settings, io): MailchimpSession => openSession(settings, io, apiBaseUrl),
  };
}

function openSession(settings: MailchimpSettings, io: Io<MailchimpSettings>, apiBaseUrl: string): MailchimpSession {
  const account = openAccount(settings, io, apiBaseUrl);
  const shelf = createShelf(account);
  return {
    check: () => checkAccount(account),
    changed(kind, cursor) {
      switch (kind) {
        case 'customer':
          return changedMembers(account, { cursor });
        case 'consent':
          return changedMembers(account, { cursor, statuses: ['unsubscribed', 'cleaned'] });
        case 'order':
          return changedOrders(account, cursor);
        default:
          throw unsupported(kind);
      }
    },
    async read(kind, ids) {
      switch (kind) {
        case 'customer':
          return (await readMembers(account, ids)).map((member) => member && customerOf(member));
        case 'consent':
          return (await readMembers(account, ids)).map((member) => member && consentOf(member));
        case 'order':
          return readOrders(account, shelf, ids);
        default:
          throw unsupported(kind);
      }
    },
    async plan(kind, drafts) {
      switch (kind) {
        case 'customer':
          return planCustomers(account, drafts);
        case 'consent':
          return planConsents(account, drafts);
        case 'order':
          return planOrders(account, shelf, drafts);
        case 'cart':
          return planCarts(account, shelf, drafts);
        case 'product':
          return planProducts(account, drafts);
        case 'stock':
          return planStock(account, shelf, drafts);
        default:
          throw unsupported(kind);
      }
    },
    apply: (kind, plans) => applyPlans({ account, shelf }, kind, plans),
    vocabulary: (list) => readVocabulary(account, list),
    subscribe: (address, kinds) => subscribe(account, address, kinds),
    wake: () => account.wake(),
    erase: (email) => erase(account, email),
  };
}

const unsupported = (kind: Kind): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'mailchimp.kind-unsupported',
    message: `The connector for Mailchimp does not carry ${kind} records.`,
    params: { kind },
  });
