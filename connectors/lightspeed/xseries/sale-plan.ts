/** Plans for orders that become sales: what is there already, and the exact request that brings it there. Never writes. */
import { z } from 'zod';
import type { Draft, Plan, PlanNote, PlanStep } from '../../connector.ts';
import { Failure, failureOf } from '../../failure.ts';
import { decimalOf, sum } from '../../money.ts';
import { minorIn } from '../decimals.ts';
import { drafted } from '../drafted.ts';
import { type DraftLine, OrderDraft } from '../drafts.ts';
import { unreadable } from './client.ts';
import { type PlannedCustomer, planCustomer } from './customer-plan.ts';
import { ambiguousSku, productMissing } from './goods.ts';
import { outletFor, type Store } from './retailer.ts';
import { amountToExplain, buildItems, grossOf, type SaleItem, tendersOf } from './sale-lines.ts';
import { numberOf } from './sale-order.ts';
import { datedRequest, olderRequest, type Place, type SaleWish } from './sale-requests.ts';
import { taxFor } from './taxes.ts';
import { type ProductRow, rowIn, rowsIn, SaleRow } from './wire.ts';

/** One plan or Failure per draft. */
export function planSales(store: Store, drafts: readonly Draft[]): Promise<(Plan | Failure)[]> {
  return Promise.all(drafts.map((draft) => planSale(store, draft).catch(failureOf)));
}

async function planSale(store: Store, source: Draft): Promise<Plan> {
  const draft = drafted(OrderDraft, source);
  const { code } = await store.profile();
  if (draft.currency.toUpperCase() !== code) throw otherCurrency(draft, code);
  const found = await findSale(store, source, draft);
  if (found !== undefined) return existing({ source, draft, found, currency: code });
  const [items, place, types] = await Promise.all([itemsFor(store, draft), placeFor(store, draft), store.paymentTypes()]);
  const tenders = tendersOf(draft, new Set(types.map(({ id }) => id)));
  const customer = await customerFor(store, source, draft);
  const totalMinor = grossOf(items);
  const paidMinor = sum(tenders.map(({ amountMinor }) => amountMinor));
  const state = paidMinor >= totalMinor ? draft.policy.saleState : 'parked';
  const wish: SaleWish = {
    reference: source.reference,
    draft,
    items,
    tenders,
    place,
    state,
    customerId: customer && (customer.id ?? '{{customer}}'),
    currency: code,
  };
  const step: PlanStep = {
    id: 'order',
    action: 'create',
    subject: 'sale',
    changes: [
      { field: 'number', after: draft.number },
      ...draft.lines.map((line, index) => ({ field: `lines[${index}].grossMinor`, after: line.grossMinor })),
      { field: 'totalMinor', after: totalMinor },
      { field: 'paidMinor', after: paidMinor },
    ],
    request: (await store.dated()) ? datedRequest(wish) : olderRequest(wish),
  };
  return {
    id: source.id,
    reference: source.reference,
    steps: [...(customer === undefined ? [] : [customer.step]), step],
    expect: {
      totalMinor,
      paidMinor,
      ...(customer?.id !== undefined && { customer: customer.id }),
      lines: items.map(({ sku, quantity, priceMinor, taxMinor }) => ({ sku, quantity, grossMinor: quantity * (priceMinor + taxMinor) })),
    },
    ...(customer?.id !== undefined && { values: { customer: customer.id } }),
    notes: [...(customer?.notes ?? []), ...notesOf(draft, state)],
  };
}

function notesOf(draft: OrderDraft, state: OrderDraft['policy']['saleState']): PlanNote[] {
  return [
    ...(state === 'parked' && draft.policy.saleState !== 'parked'
      ? [{ code: 'sale-parked', message: 'The order is not paid in full: it becomes a parked sale that is completed at the till.' }]
      : []),
    ...(draft.refundedMinor > 0 ? [refundNote] : []),
  ];
}

const refundNote: PlanNote = {
  code: 'refund-not-booked',
  message: 'Money was given back for this order; book the return in Lightspeed.',
};

/**
 * Our sale from an earlier attempt. The search knows no source ids, but the sale bears the time of the order, so what was sold in that second
 * is looked through for our reference.
 */
async function findSale(store: Store, source: Draft, draft: OrderDraft): Promise<SaleRow | undefined> {
  const at = Date.parse(draft.orderedAt);
  const second = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const query = new URLSearchParams({ type: 'sales', date_from: second(at - 1_000), date_to: second(at + 2_000), page_size: '1000' });
  const page = rowsIn(Trace, await store.client.get(`/2.0/search?${query}`, 'look for sale'));
  if (page === undefined) throw unreadable(store.client.store, 'look for sale', false);
  const hit = page.rows.find((row) => row.source_id === source.reference && !row.deleted_at);
  const id = hit?.id ?? source.known ?? store.sold.get(source.reference);
  if (id === undefined) return undefined;
  const row = rowIn(SaleRow, await store.client.get(`/2.0/sales/${encodeURIComponent(id)}`, 'read sale'));
  if (row === undefined) throw unreadable(store.client.store, 'read sale', false);
  return row;
}

/** Enough to tell that a sale is ours: whatever else of it is odd, it must not be sold again. */
const Trace = z.object({ id: z.string().min(1), source_id: z.string().nullish(), deleted_at: z.string().nullish() });

interface Found {
  readonly source: Draft;
  readonly draft: OrderDraft;
  readonly found: SaleRow;
  readonly currency: string;
}

/** Nothing is written twice. */
function existing({ source, draft, found, currency }: Found): Plan {
  const number = numberOf(found);
  const voided = found.status === 'VOIDED';
  const step: PlanStep = {
    id: 'order',
    action: 'skip',
    subject: 'sale',
    targetId: found.id,
    reason: voided ? 'cancelled-in-till' : 'exists',
    changes: [],
  };
  const plan = {
    id: source.id,
    reference: source.reference,
    target: { id: found.id, number },
    steps: [step],
    ...(found.customer_id !== undefined && { values: { customer: found.customer_id } }),
  };
  if (voided) return { ...plan, notes: [{ code: 'cancelled-in-till', message: 'The sale was voided in Lightspeed; nothing is done.' }] };
  const thereMinor = minorIn(found.total_price, currency) + minorIn(found.total_tax, currency);
  const wantedMinor = amountToExplain(draft);
  if (Math.abs(thereMinor - wantedMinor) > 1) throw differing(draft, { thereMinor, wantedMinor });
  const bookedMinor = sum(found.payments.map(({ amount }) => minorIn(amount, currency)));
  const unpaid = found.status === 'SAVED' && draft.paidMinor > bookedMinor;
  return {
    ...plan,
    notes: [
      ...(unpaid
        ? [{ code: 'payment-not-booked', message: 'The order was paid after the sale was parked; complete the sale at the till.' }]
        : []),
      ...(draft.refundedMinor > 0 ? [refundNote] : []),
    ],
  };
}

/** The register and the user that sales are booked under. Throws fix-data when a choice is gone. */
async function placeFor(store: Store, { policy }: OrderDraft): Promise<Place> {
  const [registers, users] = await Promise.all([store.registers(), store.users()]);
  const outlet = policy.register === undefined || policy.outlet !== undefined ? await outletFor(store, policy.outlet) : undefined;
  const register =
    policy.register === undefined
      ? registers.find((one) => one.outlet_id === outlet?.id)
      : registers.find(({ id }) => id === policy.register);
  if (register === undefined) throw gone('register', 'lightspeed.register-missing');
  const user =
    policy.user === undefined
      ? (users.find((one) => one.is_primary_user === true) ?? users[0])
      : users.find(({ id }) => id === policy.user);
  if (user === undefined) throw gone('user', 'lightspeed.user-missing');
  return { registerId: register.id, userId: user.id };
}

async function itemsFor(store: Store, draft: OrderDraft): Promise<readonly SaleItem[]> {
  const { discount_product_id: discountProduct } = await store.profile();
  const skus = [...draft.lines.map(({ product }) => product), draft.policy.roundingProduct].filter((sku) => sku !== undefined);
  const hits = new Map<string, readonly ProductRow[]>();
  await Promise.all([...new Set(skus)].map(async (sku) => void hits.set(sku, await store.goods.bySku(sku))));
  const standing = draft.lines.some(({ kind, product }) => kind === 'discount' && product === undefined);
  const discount = standing && discountProduct !== undefined ? await store.goods.named(discountProduct) : undefined;
  const taxes = await store.taxes();
  const { no_tax_group_id: untaxed } = await store.profile();
  return buildItems(draft, {
    productOf(line) {
      if (line.product === undefined) {
        if (line.kind === 'discount' && discount !== undefined) return { id: discount.id, sku: discount.sku ?? '' };
        throw line.kind === 'product' ? productMissing(line.sku ?? line.text) : standInMissing(line);
      }
      const [row, ...more] = hits.get(line.product) ?? [];
      if (row === undefined) throw productMissing(line.product);
      if (more.length > 0) throw ambiguousSku(line.product, more.length + 1);
      return { id: row.id, sku: row.sku ?? line.product };
    },
    taxOf: (line) => taxFor(taxes, { ...line, untaxed }).id,
  });
}

/** Nobody without an e-mail address becomes a customer: at the till he is one of those who walk in. */
function customerFor(store: Store, source: Draft, draft: OrderDraft): Promise<PlannedCustomer> | undefined {
  const { customer, billing, shipping } = draft;
  if (customer === undefined || (!customer.email?.trim() && typeof source.chosen !== 'object')) return undefined;
  return planCustomer(store, {
    draft: {
      reference: source.reference,
      ...(source.chosen !== undefined && { chosen: source.chosen }),
      ...(source.sibling && { sibling: source.sibling }),
    },
    customer,
    billing,
    shipping,
    policies: {},
    update: draft.policy.updateCustomers,
    create: true,
  });
}

const otherCurrency = ({ number, currency }: OrderDraft, till: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.currency',
    message: `Order ${number} is in ${currency}, Lightspeed counts in ${till}. Enter it there by hand.`,
    params: { order: number, currency, till },
  });

function differing(draft: OrderDraft, amounts: { thereMinor: number; wantedMinor: number }): Failure {
  const words = (minor: number): string => `${decimalOf(minor, draft.currency)} ${draft.currency}`;
  return new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.order-differs',
    message: `Order ${draft.number} is in Lightspeed already, with ${words(amounts.thereMinor)} instead of ${words(amounts.wantedMinor)}. Correct it there by hand.`,
    params: { order: draft.number, till: amounts.thereMinor, shop: amounts.wantedMinor },
  });
}

const standInMissing = ({ kind }: DraftLine): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.stand-in-missing',
    message: `No product is chosen for lines of the kind ${kind}. Choose one in the settings of the order flow.`,
    params: { kind },
  });

const gone = (what: string, code: string): Failure =>
  new Failure({
    remedy: 'fix-data',
    code,
    message: `The ${what} that was chosen is no longer in Lightspeed. Choose another one in the settings of the order flow.`,
  });
