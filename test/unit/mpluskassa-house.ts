/** A session with a till and orders for it: shared by the tests of the MplusKASSA connector. */
import { afterEach, beforeEach, expect } from 'vitest';
import { mapRecord } from '../../app-server/mapping/map-record.ts';
import { Order } from '../../connectors/commerce.ts';
import type { Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { createBudget, createExchange } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import type { TableRows } from '../../connectors/mapping.ts';
import { sum, taxInGross } from '../../connectors/money.ts';
import { OrderDraft } from '../../connectors/mpluskassa/draft.ts';
import { OrderFlowSettings } from '../../connectors/mpluskassa/flow-settings.ts';
import { mpluskassa } from '../../connectors/mpluskassa/index.ts';
import { orderRules } from '../../connectors/mpluskassa/mapping.ts';
import { MpluskassaSettings } from '../../connectors/mpluskassa/settings.ts';
import { type MpluskassaOptions, type MpluskassaSimulator, startMpluskassa } from '../simulators/mpluskassa/simulator.ts';

export let till: MpluskassaSimulator;
export let session: Session;

/** A till for each test of the file that calls this at its top. */
export function useTill(): void {
  beforeEach(async () => {
    till = await startMpluskassa();
    reopen();
  });
  afterEach(async () => {
    await till.stop();
    expect(till.unexpected).toEqual([]);
  });
}

/** Another till in place of this one. */
export async function restart(options: MpluskassaOptions): Promise<void> {
  await till.stop();
  till = await startMpluskassa(options);
  reopen();
}

/** The same till, with other settings of its connection. */
export function reopen(settings: Readonly<Record<string, unknown>> = {}): void {
  session = openTill(till, settings);
}

export const kindArticles = {
  shippingArticle: '9001',
  discountArticle: '9002',
  surchargeArticle: '9003',
  giftCardArticle: '9004',
  roundingArticle: '9005',
};

export function line(over: Partial<Order['lines'][number]> & { grossMinor: number }): Order['lines'][number] {
  const taxRateBp = over.taxRateBp ?? 2100;
  const taxMinor = over.taxMinor ?? taxInGross(over.grossMinor, taxRateBp);
  return {
    id: 'line',
    kind: 'product',
    name: 'Regenjas',
    quantity: 1,
    netMinor: over.grossMinor - taxMinor,
    taxMinor,
    taxRateBp,
    ...((over.kind ?? 'product') === 'product' && { sku: '1006' }),
    ...over,
  };
}

/** A paid order of Jan de Vries whose total is what its lines add up to, unless told otherwise. */
export function shopOrder(over: Partial<Order> = {}): Order {
  const lines = over.lines ?? [line({ grossMinor: 8995 })];
  const totalMinor = over.totalMinor ?? sum(lines.map(({ grossMinor }) => grossMinor));
  const address = {
    firstName: 'Jan',
    lastName: 'de Vries',
    street: 'Dorpsstraat 12',
    additional: [],
    postalCode: '1234 AB',
    city: 'Utrecht',
    country: 'NL',
  };
  const paidMinor = over.paidMinor ?? totalMinor;
  return Order.parse({
    id: 'order-1',
    number: '10023',
    createdAt: '2026-06-12T11:45:30.000Z',
    currency: 'EUR',
    prices: 'gross',
    state: 'open',
    paymentState: 'paid',
    customer: { id: 'c1', number: '20001', email: 'Jan@Example.nl', firstName: 'Jan', lastName: 'de Vries' },
    billing: address,
    shipping: address,
    payments: [{ id: 'p1', methodId: 'shop-ideal', methodName: 'iDEAL', amountMinor: paidMinor, state: 'paid' }],
    ...over,
    lines,
    totalMinor,
    paidMinor,
  });
}

export interface FlowValues {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly tables?: TableRows;
}

export function fieldsOf(order: Order, flow: FlowValues = {}): OrderDraft {
  const values = OrderFlowSettings.parse({ ...kindArticles, ...flow.values });
  const tables = { paymentMethods: [{ from: 'shop-ideal', to: 'IDEAL' }], ...flow.tables };
  return OrderDraft.parse(mapRecord({ rules: orderRules, record: order, values, tables }).fields);
}

export function draftOf(order: Order, flow: FlowValues & { reference?: string; revision?: number } = {}): Draft {
  return { id: order.id, reference: flow.reference ?? `tb-${order.id}`, revision: flow.revision ?? 0, fields: fieldsOf(order, flow) };
}

export function openTill(
  till: { host: string; port: number; ident: string; secret: string },
  settings: Readonly<Record<string, unknown>> = {},
): Session {
  const { host, port, ident, secret } = till;
  const send = createExchange({
    system: 'till',
    budget: createBudget(mpluskassa.limits),
    allowPrivateHosts: true,
    secrets: [ident, secret],
  });
  return mpluskassa.open(MpluskassaSettings.parse({ host, port, ident, secret, employeeNumber: 101, ...settings }), {
    send,
    now: () => new Date(),
  });
}

export async function planned(session: Session, draft: Draft): Promise<Plan> {
  const [plan] = await session.plan('order', [draft]);
  if (plan === undefined || plan instanceof Failure) throw plan ?? new Error('no plan');
  return plan;
}

export async function refusal(session: Session, draft: Draft): Promise<Failure> {
  const [plan] = await session.plan('order', [draft]);
  if (!(plan instanceof Failure)) throw new Error('expected a Failure');
  return plan;
}

export async function applied(session: Session, plan: Plan): Promise<Outcome> {
  const [outcome] = await session.apply('order', [plan]);
  if (outcome === undefined || outcome instanceof Failure) throw outcome ?? new Error('no outcome');
  return outcome;
}
