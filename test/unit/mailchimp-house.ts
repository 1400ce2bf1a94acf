/** A session with a simulated Mailchimp account, and records for it: shared by the tests of the connector. */
import { afterEach, beforeEach, expect } from 'vitest';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import type { Kind, Order } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan } from '../../connectors/connector.ts';
import { createBudget, createExchange, type Send } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { type MailchimpSession, mailchimpConnector } from '../../connectors/mailchimp/index.ts';
import { MailchimpSettings } from '../../connectors/mailchimp/settings.ts';
import type { TableRows } from '../../connectors/mapping.ts';
import { type MailchimpOptions, type MailchimpSimulator, startMailchimp } from '../simulators/mailchimp/simulator.ts';

export const directSend = (): Send =>
  createExchange({ system: 'Mailchimp', budget: createBudget({ concurrency: 5 }), allowPrivateHosts: true });

export interface House {
  readonly mailchimp: MailchimpSimulator;
  /** What time it is, here and there. */
  readonly clock: { now: Date };
  session: MailchimpSession;
  /** What is stored of the connection. */
  settings: MailchimpSettings;
  /** `shown`: members as Mailchimp answers them. */
  reopen(settings?: Readonly<Record<string, unknown>>, shown?: (member: Member) => Member): void;
  /** Requests that change something, inside batches or by themselves. */
  writes(): string[];
  submissions(): number;
  stop(): Promise<void>;
}

export let house: House;

/** A house for each test of the file that calls this at its top. */
export function useHouse(): void {
  beforeEach(async () => {
    house = await startHouse();
  });
  afterEach(async () => {
    expect(house.mailchimp.unexpected).toEqual([]);
    await house.stop();
  });
}

/** Another house in place of this one. */
export async function restart(options: MailchimpOptions): Promise<void> {
  await house.stop();
  house = await startHouse(options);
}

export async function startHouse(options: MailchimpOptions = {}): Promise<House> {
  const clock = { now: new Date('2026-03-01T10:00:00Z') };
  const mailchimp = await startMailchimp({ now: () => clock.now, ...options });
  const connector = mailchimpConnector({
    apiBaseUrl: mailchimp.apiBaseUrlTemplate,
    loginBaseUrl: mailchimp.loginBaseUrl,
    clientId: mailchimp.clientId,
    clientSecret: mailchimp.clientSecret,
  });
  const house: House = {
    mailchimp,
    clock,
    settings: MailchimpSettings.parse({ apiKey: mailchimp.apiKey }),
    session: undefined as unknown as MailchimpSession,
    reopen(settings = house.settings, shown = (member) => member) {
      house.settings = MailchimpSettings.parse(settings);
      house.session = connector.open(house.settings, {
        send: showing(directSend(), shown),
        now: () => clock.now,
        async renew(work) {
          const changed = await work(house.settings);
          if (changed !== undefined) house.settings = { ...house.settings, ...changed };
          return house.settings;
        },
      }) as MailchimpSession;
    },
    writes: () =>
      mailchimp.requests
        .filter(({ method, path }) => method !== 'GET' && path !== '/batches')
        .map(({ method, path }) => `${method} ${path}`),
    submissions: () => mailchimp.requests.filter(({ method, path }) => method === 'POST' && path === '/batches').length,
    stop: () => mailchimp.stop(),
  };
  house.reopen();
  return house;
}

type Member = Readonly<Record<string, unknown>>;

/** Members stand in lists, or are an answer by themselves. */
function showing(send: Send, shown: (member: Member) => Member): Send {
  return async (request) => {
    const response = await send(request);
    if (request.method !== 'GET' || !/\/members\b/.test(request.url) || response.status !== 200) return response;
    const body = JSON.parse(response.body) as { members?: Member[] } & Member;
    return { ...response, body: JSON.stringify(body.members ? { ...body, members: body.members.map(shown) } : shown(body)) };
  };
}

export const source = { id: '0123456789ab', name: 'Koffiebar' };

/** A record through the flow's own rules, as the engine maps it. */
export function draftOf(
  kind: Kind,
  record: { readonly id?: string | undefined; readonly [field: string]: unknown },
  more: {
    values?: Readonly<Record<string, unknown>>;
    tables?: TableRows;
    last?: Draft['last'];
    known?: string;
    reference?: string;
    importing?: NonNullable<Draft['importing']>;
  } = {},
): Draft {
  const writing = mailchimpConnector().writes[kind];
  if (writing === undefined) throw new Error(`no ${kind} is written`);
  const { fields } = mapRecord({
    rules: writing.rules,
    record: { ...record, source },
    values: more.values ?? {},
    tables: more.tables ?? {},
  });
  return {
    id: record.id ?? 'x',
    reference: more.reference ?? `tb-${kind}-${record.id}`,
    revision: 0,
    fields: writing.draft.parse(fields),
    ...(more.last && { last: more.last }),
    ...(more.known !== undefined && { known: more.known }),
    ...(more.importing && { importing: more.importing }),
  };
}

export async function planned(house: House, kind: Kind, drafts: readonly Draft[]): Promise<Plan[]> {
  return (await house.session.plan(kind, drafts)).map((plan) => {
    if (plan instanceof Failure) throw plan;
    return plan;
  });
}

/** Plans and applies; what is not to be written is `undefined`. */
export async function written(house: House, kind: Kind, drafts: readonly Draft[]): Promise<(Outcome | Failure | undefined)[]> {
  const plans = await planned(house, kind, drafts);
  const todo = plans.filter(({ steps }) => steps.some(({ action }) => action !== 'skip'));
  const outcomes = todo.length === 0 ? [] : await house.session.apply(kind, todo);
  return plans.map((plan) => outcomes[todo.indexOf(plan)]);
}

/** As {@link written}, and nothing may fail. */
export async function carried(house: House, kind: Kind, drafts: readonly Draft[]): Promise<(Outcome | undefined)[]> {
  return (await written(house, kind, drafts)).map((outcome) => {
    if (outcome instanceof Failure) throw outcome;
    return outcome;
  });
}

export async function refusal(work: Promise<unknown>): Promise<Failure> {
  const answer = await work.then(
    (value) => (Array.isArray(value) ? value.find((one) => one instanceof Failure) : value),
    (error: unknown) => error,
  );
  if (!(answer instanceof Failure)) throw new Error(`it did not fail: ${JSON.stringify(answer)}`);
  return answer;
}

export const customer = (name: string, more: object = {}) => ({
  id: `c-${name}`,
  email: `${name}@example.nl`,
  firstName: name,
  lastName: 'Jansen',
  vatIds: [],
  guest: false,
  ...more,
});

/** Recorded proof of consent. */
export const yes = (at = '2026-03-01T09:55:00Z') => ({ state: 'subscribed', at, source: 'checkout', text: 'Send me news.' });

type LineWish = Partial<Order['lines'][number]> & { grossMinor: number };
export const line = (wish: LineWish): Order['lines'][number] => ({
  id: 'l1',
  kind: 'product',
  sku: 'LAMP-1',
  name: 'Lamp',
  quantity: 1,
  netMinor: wish.grossMinor,
  taxMinor: 0,
  taxRateBp: 0,
  ...wish,
});

export function order(number: string, more: Partial<Order> = {}): Order {
  const lines = more.lines ?? [line({ grossMinor: 2495, taxMinor: 433, netMinor: 2062 })];
  const totalMinor = more.totalMinor ?? lines.reduce((total, { grossMinor }) => total + grossMinor, 0);
  return {
    id: `o-${number}`,
    number,
    createdAt: '2026-03-01T09:00:00.000Z',
    currency: 'EUR',
    prices: 'gross',
    state: 'in-progress',
    paymentState: 'paid',
    customer: customer('jan'),
    payments: [],
    paidMinor: totalMinor,
    refundedMinor: 0,
    ...more,
    lines,
    totalMinor,
  };
}

export const storeId = (house: House): string => String(house.mailchimp.stores()[0]?.id ?? '');

export async function gathered<T>(of: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of of) all.push(one);
  return all;
}
