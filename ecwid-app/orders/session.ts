/** Orders of other systems into the store: written once, found again, and their later fate carried on. Mails nobody, takes no stock twice. */

import { z } from 'zod';
import type { Draft, Outcome, Plan, PlanNote, PlanStep } from '../../connectors/connector.ts';
import { parseDraft } from '../../connectors/draft.ts';
import { Failure, failureOf } from '../../connectors/failure.ts';
import { decimalOf, minorOf, sum } from '../../connectors/money.ts';
import type { StoreApi } from '../catalogue/requests.ts';
import { createShelf } from '../catalogue/shelf.ts';
import { unusable } from '../people/customers.ts';
import { emailKey } from '../people/draft.ts';
import type { People } from '../people/find.ts';
import type { Profile } from '../profile.ts';
import { bodyOf, type Goods, statusesOf } from './body.ts';
import { OrderDraft } from './draft.ts';
import { findOrder, type StoreOrder } from './find.ts';

/** What a difference between lines and total may be to count as rounding, in minor units. */
const roundingMinor = 5;

interface OrderDesk {
  plan(drafts: readonly Draft[]): Promise<(Plan | Failure)[]>;
  apply(plans: readonly Plan[]): Promise<(Outcome | Failure)[]>;
}

export function openOrders(api: StoreApi & { profile(): Promise<Profile> }, people: People): OrderDesk {
  const shelf = createShelf(api);

  async function planOrder(source: Draft, draft: OrderDraft, goodsOf: (sku: string) => Goods | undefined): Promise<Plan> {
    const { currency } = (await api.profile()).formatsAndUnits;
    if (currency !== draft.currency.toUpperCase()) throw otherCurrency(draft, currency);
    const found = await findOrder(api, { known: source.known, reference: source.reference, draft });
    if (found !== undefined) return existing(source, draft, found);
    const base = { id: source.id, reference: source.reference };
    const skip = (reason: string): Plan => ({
      ...base,
      steps: [{ id: 'order', action: 'skip', subject: 'order', reason, changes: [] }],
      notes: [],
    });
    const email = draft.customer?.email?.trim() || draft.policy.emailOtherwise;
    if (email === undefined) return skip('no-email');
    if (draft.totalMinor < 0) return skip('money-given-back');
    const customer = await customerOf(draft);
    const differenceMinor = draft.totalMinor - sum(draft.lines.map(({ grossMinor }) => grossMinor));
    if (Math.abs(differenceMinor) > roundingMinor) throw unexplained(draft, differenceMinor);
    const body = bodyOf(draft, { reference: source.reference, goodsOf, email, customer, roundingMinor: differenceMinor });
    const statuses = statusesOf(draft);
    const step: PlanStep = {
      id: 'order',
      action: 'create',
      subject: 'order',
      changes: [
        { field: 'number', after: draft.number },
        ...draft.lines.map((line, index) => ({ field: `lines[${index}].grossMinor`, after: line.grossMinor })),
        { field: 'totalMinor', after: draft.totalMinor },
        { field: 'paymentStatus', after: statuses.paymentStatus },
      ],
      request: { operation: 'POST /orders', body: JSON.stringify(body) },
    };
    const simple = differenceMinor === 0 && draft.lines.every(({ kind, sku, grossMinor }) => kind === 'product' && sku && grossMinor >= 0);
    return {
      ...base,
      steps: [step],
      values: { ...statuses },
      // What is taken off or added beside the goods has no line of its own in the store that could be compared.
      ...(simple && {
        expect: {
          totalMinor: draft.totalMinor,
          paidMinor: keepsMoney(statuses.paymentStatus) ? draft.totalMinor : 0,
          lines: draft.lines.map(({ sku = '', quantity, grossMinor }) => ({ sku, quantity, grossMinor })),
        },
      }),
      notes: notesOf(draft, goodsOf),
    };
  }

  /** Of several with the address nobody is chosen: the order stands by its address then. */
  async function customerOf(draft: OrderDraft): Promise<{ id: string; acceptMarketing: boolean } | undefined> {
    const key = emailKey(draft.customer?.email);
    const holders = key === '' ? [] : ((await people.withEmails([key])).get(key) ?? []);
    const [only] = holders;
    return holders.length === 1 && only !== undefined ? { id: only.id, acceptMarketing: only.acceptMarketing === true } : undefined;
  }

  async function goodsFor(drafts: readonly OrderDraft[]): Promise<(sku: string) => Goods | undefined> {
    const skus = drafts.flatMap(({ lines }) => lines.flatMap(({ kind, sku }) => (kind === 'product' && sku ? [sku] : [])));
    const hits = await shelf.find(skus);
    return (sku) => {
      const [product, ...more] = hits.get(sku) ?? [];
      if (product === undefined || more.length > 0) return undefined;
      const combination = product.sku === sku ? undefined : product.combinations.find((one) => one.sku === sku);
      return { productId: product.id, ...(combination && { combinationId: combination.id }) };
    };
  }

  async function applyOne(plan: Plan): Promise<Outcome> {
    const [step] = plan.steps;
    const [method, path = ''] = (step?.request?.operation ?? '').split(' ');
    const done = (id: string): Outcome => ({
      target: { id, number: id },
      written: step === undefined ? [] : [step.id],
      ...(plan.values && { values: plan.values }),
    });
    const body = step?.request?.body ?? '{}';
    if (method !== 'POST') {
      const answer = await api.call({ method: 'PUT', path, body, label: 'update order', scope: 'update_orders' });
      if (answer === undefined || plan.target === undefined) throw gone();
      return done(plan.target.id);
    }
    const created = Created.safeParse(await api.call({ method: 'POST', path, body, label: 'create order', scope: 'create_orders' }));
    const id = created.success ? (created.data.orderId ?? created.data.orderid) : undefined;
    if (id === undefined) throw gone();
    return done(id);
  }

  return {
    async plan(drafts) {
      const parsed = drafts.map((draft) => parseDraft(OrderDraft, draft.fields).data);
      const goodsOf = await goodsFor(parsed.filter((fields) => fields !== undefined));
      return Promise.all(
        drafts.map((draft, index) => {
          const fields = parsed[index];
          return fields === undefined ? unusable(draft.id) : planOrder(draft, fields, goodsOf).catch(failureOf);
        }),
      );
    },
    async apply(plans) {
      const outcomes: (Outcome | Failure)[] = [];
      for (const plan of plans) outcomes.push(await applyOne(plan).catch(failureOf));
      return outcomes;
    },
  };
}

/** `orderid` in the documents, `orderId` in the official client. */
const Created = z.looseObject({ orderid: z.string().min(1).optional(), orderId: z.string().min(1).optional() });

const keepsMoney = (paymentStatus: string): boolean => paymentStatus === 'PAID' || paymentStatus === 'PARTIALLY_REFUNDED';

/** Onwards only: nothing that was given back or cancelled becomes paid again by itself. */
const onwards: Readonly<Record<string, readonly string[]>> = {
  AWAITING_PAYMENT: ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELLED'],
  PAID: ['PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELLED'],
  PARTIALLY_REFUNDED: ['REFUNDED', 'CANCELLED'],
};

function existing(source: Draft, draft: OrderDraft, found: StoreOrder): Plan {
  const wanted = statusesOf(draft);
  const thereMinor = minorOf(found.total, draft.currency);
  if (thereMinor !== draft.totalMinor && wanted.paymentStatus !== 'CANCELLED') throw differing(draft, thereMinor);
  const before = found.paymentStatus ?? '';
  const ours = source.last?.paymentStatus;
  const step = { id: 'order', subject: 'order', targetId: found.id } as const;
  const plan = {
    id: source.id,
    reference: source.reference,
    target: { id: found.id, number: found.id },
    notes: draft.refundedMinor > 0 && wanted.paymentStatus === 'PARTIALLY_REFUNDED' ? [refundNote] : [],
  };
  if (before === wanted.paymentStatus || !(onwards[before] ?? []).includes(wanted.paymentStatus)) {
    const values = { paymentStatus: before === wanted.paymentStatus ? before : (ours ?? before) };
    return { ...plan, values, steps: [{ ...step, action: 'skip', reason: 'exists', changes: [] }] };
  }
  const change = { field: 'paymentStatus', before, after: wanted.paymentStatus };
  if (ours !== undefined && ours !== before) {
    return {
      ...plan,
      values: { paymentStatus: ours },
      steps: [{ ...step, action: 'skip', reason: 'kept', changes: [{ ...change, kept: { ours } }] }],
    };
  }
  const body = {
    paymentStatus: wanted.paymentStatus,
    ...(wanted.paymentStatus === 'CANCELLED' && { fulfillmentStatus: 'WILL_NOT_DELIVER' }),
    disableAllCustomerNotifications: true,
  };
  const request = { operation: `PUT /orders/${encodeURIComponent(found.id)}`, body: JSON.stringify(body) };
  return { ...plan, values: { paymentStatus: wanted.paymentStatus }, steps: [{ ...step, action: 'update', changes: [change], request }] };
}

function notesOf(draft: OrderDraft, goodsOf: (sku: string) => Goods | undefined): PlanNote[] {
  const strange = draft.lines.filter(({ kind, sku }) => kind === 'product' && (sku === undefined || goodsOf(sku) === undefined));
  return [
    ...(strange.length > 0
      ? [
          {
            code: 'lines-without-product',
            message: 'Some lines are no products of the store, or it has several with their SKU; they stand in the order by name.',
            params: { count: strange.length },
          },
        ]
      : []),
    ...(draft.paymentState === 'partially-refunded' ? [refundNote] : []),
  ];
}

const refundNote: PlanNote = {
  code: 'refund-not-booked',
  message: 'A part of the money was given back; how much cannot be told to the store. Enter it in the Control Panel.',
};

const words = (amount: number, currency: string): string => `${decimalOf(amount, currency)} ${currency}`;

const otherCurrency = ({ number, currency }: OrderDraft, shop: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.currency',
    message: `Order ${number} is in ${currency}, the store counts in ${shop}. Enter it there by hand.`,
    params: { order: number, currency, shop },
  });

const unexplained = (draft: OrderDraft, differenceMinor: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.order-unexplained',
    message: `The lines of order ${draft.number} differ from its total by ${words(differenceMinor, draft.currency)}. Look at it in the source.`,
    params: { order: draft.number, difference: differenceMinor },
  });

const differing = (draft: OrderDraft, thereMinor: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.order-differs',
    message: `Order ${draft.number} is in the store already, with ${words(thereMinor, draft.currency)} instead of ${words(draft.totalMinor, draft.currency)}. Correct it there by hand.`,
    params: { order: draft.number, store: thereMinor, source: draft.totalMinor },
  });

const gone = (): Failure =>
  new Failure({
    remedy: 'retry',
    code: 'shop.record-gone',
    message: 'What was to be changed is no longer in the store, or the store did not say what it made. It is looked for again.',
    ambiguous: true,
  });
