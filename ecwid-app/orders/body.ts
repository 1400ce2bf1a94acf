/**
 * An order in the store's words, its money to the cent. Prices are given with VAT, whatever the store shows; what is given away (discounts,
 * returns, rounding down) is one discount of the order, because the store takes no line below zero. Pure.
 */
import { decimalOf, sum } from '../../connectors/money.ts';
import { signedAllocate } from '../line.ts';
import { nameOf, wordsOf } from '../people/fields.ts';
import type { DraftLine, OrderDraft } from './draft.ts';

export interface Goods {
  readonly productId: number;
  readonly combinationId?: number;
}

interface Ground {
  readonly reference: string;
  /** The store's product with this SKU, where there is exactly one. */
  readonly goodsOf: (sku: string) => Goods | undefined;
  readonly email: string;
  readonly customer: { readonly id: string; readonly acceptMarketing: boolean } | undefined;
  /** What the lines do not explain, a few cents at most. */
  readonly roundingMinor: number;
}

interface Piece {
  readonly line: DraftLine;
  readonly quantity: number;
  readonly priceMinor: number;
  taxMinor: number;
  shippingTaxMinor: number;
}

export function bodyOf(draft: OrderDraft, ground: Ground): Readonly<Record<string, unknown>> {
  const { currency, lines, policy } = draft;
  const money = (amount: number): number => Number(decimalOf(amount, currency));
  const percent = (rateBp: number): number => Number(decimalOf(rateBp, 'EUR'));
  const pieces = lines.filter((line) => isItem(line) && line.grossMinor >= 0).flatMap(piecesOf);
  if (ground.roundingMinor > 0) pieces.push(...piecesOf(roundingLine(ground.roundingMinor)));
  const reductions = lines.filter((line) => !isTender(line) && line.grossMinor < 0);
  const discountMinor = -sum(reductions.map(({ grossMinor }) => grossMinor)) + Math.max(0, -ground.roundingMinor);
  const shipping = lines.filter((line) => line.kind === 'shipping' && line.grossMinor >= 0);
  const giftMinor = -sum(lines.filter(isTender).map(({ grossMinor }) => grossMinor));

  for (const { taxRateBp, taxMinor } of reductions) share(pieces, taxRateBp, taxMinor, 'taxMinor');
  const outside = sum(shipping.map(({ taxRateBp, taxMinor }) => (share(pieces, taxRateBp, taxMinor, 'shippingTaxMinor') ? 0 : taxMinor)));
  const billing = draft.billing ?? draft.customer?.billing;
  const goodsTo = draft.shipping ?? draft.customer?.shipping;
  const vatId = draft.customer?.vatIds[0];
  return {
    email: ground.email,
    ...(ground.customer && { customerId: Number(ground.customer.id) }),
    createDate: `${draft.orderedAt.slice(0, 10)} ${draft.orderedAt.slice(11, 19)} +0000`,
    subtotal: money(sum(pieces.map(({ priceMinor, quantity }) => priceMinor * quantity))),
    total: money(draft.totalMinor),
    tax: money(sum(pieces.map(({ taxMinor, shippingTaxMinor }) => taxMinor + shippingTaxMinor)) + outside),
    pricesIncludeTax: true,
    ...(discountMinor > 0 && {
      discount: money(discountMinor),
      discountInfo: [{ value: money(discountMinor), type: 'ABS', base: 'CUSTOM', description: textOf(reductions) }],
    }),
    ...(giftMinor > 0 && {
      giftCardRedemption: money(giftMinor),
      totalBeforeGiftCardRedemption: money(draft.totalMinor + giftMinor),
    }),
    paymentMethod: [...new Set(draft.payments.map(({ method, name }) => method ?? name))].filter((name) => name !== '').join(', '),
    ...statusesOf(draft),
    ...(vatId !== undefined && { customerTaxId: vatId }),
    ...(billing && { billingPerson: personOf(draft, billing) }),
    ...(goodsTo && { shippingPerson: personOf(draft, goodsTo) }),
    ...((shipping.length > 0 || draft.shippingMethod !== undefined) && {
      shippingOption: {
        shippingMethodName: draft.shippingMethod ?? shipping[0]?.text ?? '',
        shippingRate: money(sum(shipping.map(({ grossMinor }) => grossMinor))),
        shippingRateWithoutTax: money(sum(shipping.map(({ netMinor }) => netMinor))),
        isPickup: false,
        fulfillmentType: 'SHIPPING',
      },
      taxesOnShipping: shipping.map(({ taxRateBp, taxMinor }) => ({
        name: nameOfTax(taxRateBp),
        value: percent(taxRateBp),
        total: money(taxMinor),
      })),
    }),
    items: pieces.map((piece) => itemOf(piece)),
    ...(draft.note !== undefined && { orderComments: draft.note }),
    // Found again by it, see find.ts; of the fields that are free the one that changes least in the store.
    privateAdminNotes: `${draft.number} · ${ground.reference}`,
    extraFields: { tillbridge: ground.reference },
    acceptMarketing: ground.customer?.acceptMarketing ?? false,
    disableAllCustomerNotifications: true,
  };

  function itemOf({ line, quantity, priceMinor, taxMinor, shippingTaxMinor }: Piece): object {
    const goods = line.kind === 'product' && line.sku !== undefined ? ground.goodsOf(line.sku) : undefined;
    return {
      ...goods,
      ...(line.sku !== undefined && { sku: line.sku }),
      name: line.text || line.sku || 'Item',
      quantity,
      price: money(priceMinor),
      tax: money(taxMinor + shippingTaxMinor),
      taxes: [
        {
          name: nameOfTax(line.taxRateBp),
          value: percent(line.taxRateBp),
          total: money(taxMinor + shippingTaxMinor),
          taxOnDiscountedSubtotal: money(taxMinor),
          taxOnShipping: money(shippingTaxMinor),
        },
      ],
      isShippingRequired: line.kind === 'product',
      // The stock is told by its own flow; taking the pieces here as well would count them twice.
      trackQuantity: goods !== undefined && policy.takeStock,
    };
  }
}

const isItem = ({ kind }: DraftLine): boolean => kind !== 'shipping';
/** A gift card that pays; one that is sold is an item. */
const isTender = ({ kind, grossMinor }: DraftLine): boolean => kind === 'gift-card' && grossMinor < 0;

/** Pieces of one price each: what cannot be divided by the quantity is two prices that differ by the smallest coin. */
function piecesOf(line: DraftLine): Piece[] {
  const { quantity, grossMinor, taxMinor } = line;
  const low = Math.floor(grossMinor / quantity);
  const dearer = grossMinor - low * quantity;
  const parts = [
    { quantity: quantity - dearer, priceMinor: low },
    { quantity: dearer, priceMinor: low + 1 },
  ].filter((part) => part.quantity > 0);
  const taxes = signedAllocate(
    taxMinor,
    parts.map((part) => part.quantity * part.priceMinor),
  );
  return parts.map((part, index) => ({ line, ...part, taxMinor: taxes[index] ?? 0, shippingTaxMinor: 0 }));
}

/** Lays a tax on the items of its rate; where there are none, one that is taken off goes to all of them. False: it has no place. */
function share(pieces: readonly Piece[], rateBp: number, taxMinor: number, where: 'taxMinor' | 'shippingTaxMinor'): boolean {
  const ofRate = pieces.filter(({ line }) => line.taxRateBp === rateBp);
  const over = ofRate.length > 0 || where === 'shippingTaxMinor' ? ofRate : pieces;
  if (over.length === 0 || taxMinor === 0) return taxMinor === 0;
  const shares = signedAllocate(
    taxMinor,
    over.map(({ priceMinor, quantity }) => priceMinor * quantity),
  );
  over.forEach((piece, index) => {
    piece[where] += shares[index] ?? 0;
  });
  return true;
}

const roundingLine = (amountMinor: number): DraftLine => ({
  kind: 'rounding',
  sku: undefined,
  text: 'Rounding',
  quantity: 1,
  grossMinor: amountMinor,
  netMinor: amountMinor,
  taxMinor: 0,
  taxRateBp: 0,
});

const textOf = (lines: readonly DraftLine[]): string =>
  [...new Set(lines.map(({ text }) => text))]
    .filter((text) => text !== '')
    .join(', ')
    .slice(0, 200) || 'Discount';

const nameOfTax = (rateBp: number): string => `VAT ${rateBp / 100} %`;

function personOf(draft: OrderDraft, address: NonNullable<OrderDraft['billing']>): object {
  const customer = draft.customer ?? { firstName: '', lastName: '' };
  const name = `${address.firstName} ${address.lastName}`.trim() || nameOf({ customer: customer as NonNullable<OrderDraft['customer']> });
  const phone = address.phone ?? draft.customer?.phone;
  return {
    ...(name !== undefined && name !== '' && { name }),
    ...(address.company !== undefined && { companyName: address.company }),
    ...wordsOf(address),
    ...(phone !== undefined && { phone }),
  };
}

export interface Statuses {
  readonly paymentStatus: string;
  readonly fulfillmentStatus: string;
}

/** A part payment is not a payment to the store; how much of a refund went back it cannot be told. */
export function statusesOf({ state, paymentState, deliveryState, policy }: OrderDraft): Statuses {
  if (state === 'cancelled') return { paymentStatus: 'CANCELLED', fulfillmentStatus: 'WILL_NOT_DELIVER' };
  const paymentStatus =
    { paid: 'PAID', refunded: 'REFUNDED', 'partially-refunded': 'PARTIALLY_REFUNDED', cancelled: 'CANCELLED' }[paymentState as string] ??
    'AWAITING_PAYMENT';
  if (state === 'completed') return { paymentStatus, fulfillmentStatus: deliveryState === 'returned' ? 'RETURNED' : 'DELIVERED' };
  switch (deliveryState) {
    case 'shipped':
      return { paymentStatus, fulfillmentStatus: 'SHIPPED' };
    case 'returned':
      return { paymentStatus, fulfillmentStatus: 'RETURNED' };
    case undefined:
      return { paymentStatus, fulfillmentStatus: policy.fulfilment === 'delivered' ? 'DELIVERED' : 'AWAITING_PROCESSING' };
    default:
      return { paymentStatus, fulfillmentStatus: 'AWAITING_PROCESSING' };
  }
}
