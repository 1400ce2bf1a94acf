/** Lines and payments of a sale to be written. Pure. Prices and taxes are per piece, in whole cents, and every cent of the order is accounted for. */
import { Failure } from '../../failure.ts';
import { sum } from '../../money.ts';
import type { DraftLine, DraftPayment, OrderDraft } from '../drafts.ts';

export interface SaleItem {
  readonly productId: string;
  readonly sku: string;
  readonly taxId: string;
  readonly quantity: number;
  /** Per piece, without tax. */
  readonly priceMinor: number;
  /** Per piece. */
  readonly taxMinor: number;
}

export interface SaleTender {
  /** Payment type of the store. */
  readonly typeId: string;
  readonly amountMinor: number;
  readonly at: string;
}

interface Pieces {
  readonly quantity: number;
  readonly priceMinor: number;
  readonly taxMinor: number;
}

/** Largest difference between lines and payment that goes onto the product for rounding, in minor units. */
const roundingLimit = 5;

/**
 * Net and tax over a number of pieces in whole cents per piece. What does not divide goes as one cent each onto the first pieces, as parts of
 * their own: 10.00 + 2.10 over 3 is 1 × (3.34 + 0.70) and 2 × (3.33 + 0.70). The parts always add up to both amounts.
 */
export function pieces(line: { readonly quantity: number; readonly netMinor: number; readonly taxMinor: number }): readonly Pieces[] {
  const { quantity } = line;
  const spread = (amount: number): { base: number; extra: number; sign: number } => {
    const base = Math.trunc(amount / quantity);
    return { base: base === 0 ? 0 : base, extra: Math.abs(amount - base * quantity), sign: Math.sign(amount) };
  };
  const net = spread(line.netMinor);
  const tax = spread(line.taxMinor);
  const bounds = [...new Set([0, net.extra, tax.extra, quantity])].sort((a, b) => a - b);
  return bounds.slice(1).map((end, index) => {
    const start = bounds[index] ?? 0;
    return {
      quantity: end - start,
      priceMinor: net.base + (start < net.extra ? net.sign : 0),
      taxMinor: tax.base + (start < tax.extra ? tax.sign : 0),
    };
  });
}

export interface LineContext {
  /** Throws where the store has none, or several. */
  productOf(line: DraftLine): { readonly id: string; readonly sku: string };
  taxOf(line: Pick<DraftLine, 'taxId' | 'taxRateBp'>): string;
}

/** What was captured, or the total where nothing of it has been paid yet. */
export function amountToExplain({ paidMinor, refundedMinor, totalMinor, policy }: OrderDraft): number {
  const captured = paidMinor + refundedMinor;
  return captured > 0 && (policy.sendWhen === 'paid' || captured > totalMinor) ? captured : totalMinor;
}

/** Throws fix-data when more than the rounding limit stays unexplained. */
export function buildItems(draft: OrderDraft, context: LineContext): readonly SaleItem[] {
  const items = draft.lines.flatMap((line) => itemsOf(line, context));
  const difference = amountToExplain(draft) - grossOf(items);
  if (difference === 0) return items;
  const { roundingProduct } = draft.policy;
  if (roundingProduct === undefined || Math.abs(difference) > roundingLimit) throw differing(draft.number, difference);
  const rounding: DraftLine = {
    kind: 'rounding',
    product: roundingProduct,
    sku: roundingProduct,
    text: '',
    quantity: 1,
    grossMinor: difference,
    netMinor: difference,
    taxMinor: 0,
    taxRateBp: 0,
    taxId: undefined,
  };
  return [...items, ...itemsOf(rounding, context)];
}

function itemsOf(line: DraftLine, { productOf, taxOf }: LineContext): SaleItem[] {
  const { id, sku } = productOf(line);
  const taxId = taxOf(line);
  return pieces(line).map((part) => ({ productId: id, sku, taxId, ...part }));
}

export function grossOf(items: readonly SaleItem[]): number {
  return sum(items.map(({ quantity, priceMinor, taxMinor }) => quantity * (priceMinor + taxMinor)));
}

const taken: ReadonlySet<DraftPayment['state']> = new Set(['paid', 'partially-paid', 'partially-refunded', 'refunded']);

/** What was captured, by payment type. Throws fix-data when a method has no counterpart or the payments do not reach the sum. */
export function tendersOf(draft: OrderDraft, known: ReadonlySet<string>): readonly SaleTender[] {
  const captured = Math.min(draft.paidMinor + draft.refundedMinor, amountToExplain(draft));
  if (captured <= 0) return [];
  const received = draft.payments.filter(({ state, amountMinor }) => taken.has(state) && amountMinor > 0);
  const [only, ...others] = received;
  const tender = (payment: Pick<DraftPayment, 'method' | 'name' | 'at'>, amountMinor: number): SaleTender => ({
    typeId: typeOf(payment, known),
    amountMinor,
    at: payment.at ?? draft.orderedAt,
  });
  if (others.length === 0) {
    const usual = { method: draft.policy.defaultPaymentMethod, name: '', at: undefined };
    return [tender(only ?? draft.payments.at(-1) ?? usual, captured)];
  }
  let left = captured;
  const tenders = received.flatMap((payment) => {
    const amount = Math.min(left, payment.amountMinor);
    left -= amount;
    return amount > 0 ? [tender(payment, amount)] : [];
  });
  if (left > 0) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'lightspeed.payments-differ',
      message: `Order ${draft.number} counts as paid, but its payments are ${left} cents short. Correct the payments in the source.`,
      params: { order: draft.number, difference: left },
    });
  }
  return tenders;
}

function typeOf({ method, name }: Pick<DraftPayment, 'method' | 'name'>, known: ReadonlySet<string>): string {
  if (method === undefined) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'lightspeed.payment-method-missing',
      message: `The payment method “${name}” has no counterpart in Lightspeed. Add it to the table of payment methods.`,
      params: { method: name },
    });
  }
  if (!known.has(method)) {
    throw new Failure({
      remedy: 'fix-data',
      code: 'lightspeed.payment-method-unknown',
      message: `The payment type that was chosen for “${name}” is no longer in Lightspeed. Correct the table of payment methods.`,
      params: { method: name },
    });
  }
  return method;
}

const differing = (order: string, difference: number): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'lightspeed.amounts-differ',
    message: `The lines of order ${order} do not explain what was paid; ${difference} cents are missing. Choose a product for rounding (up to ${roundingLimit} cents), or enter the order by hand.`,
    params: { order, difference },
  });
