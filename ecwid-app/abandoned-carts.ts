/** Carts that were left behind at the checkout, as the store keeps them: only of people who gave an address and said yes to news. */
import { z } from 'zod';
import { Cart } from '../connectors/commerce.ts';
import { Failure } from '../connectors/failure.ts';
import { basisPointsOf, minorOf, sum, taxOnNet } from '../connectors/money.ts';
import type { Profile } from './profile.ts';
import { customerOfOrder } from './translate.ts';
import { OrderItem, Person, secondsOf } from './wire.ts';

const WireCart = z.looseObject({
  cartId: z.string().min(1),
  email: z.string().nullish(),
  /** Only a spoken yes is one: the platform would take "never asked" for a yes as well. */
  acceptMarketing: z.boolean().nullish(),
  hidden: z.boolean().nullish(),
  total: z.number().finite().nullish(),
  pricesIncludeTax: z.boolean().nullish(),
  customerId: z.union([z.number(), z.string()]).transform(String).nullish(),
  lang: z.string().nullish(),
  createDate: z.string().nullish(),
  createTimestamp: z.number().nullish(),
  updateDate: z.string().nullish(),
  updateTimestamp: z.number().nullish(),
  /** It became an order (official client, carts). */
  recoveredOrderId: z.union([z.number(), z.string()]).nullish(),
  paymentStatus: z.string().nullish(),
  billingPerson: Person.nullish(),
  shippingPerson: Person.nullish(),
  items: z
    .array(OrderItem)
    .nullish()
    .transform((value) => value ?? []),
});

/** `undefined` for a cart that is nobody's, or whose owner may not be written to. Throws fix-data when it cannot be read. */
export function cartOf(body: unknown, profile: Profile): Cart | undefined {
  const parsed = WireCart.safeParse(body);
  if (!parsed.success) throw unreadable(parsed.error);
  const wire = parsed.data;
  const email = wire.email?.trim() ?? '';
  if (email === '' || wire.acceptMarketing !== true) return undefined;
  const { currency } = profile.formatsAndUnits;
  const gross = wire.pricesIncludeTax ?? profile.taxSettings?.pricesIncludeTax ?? true;
  const { storeUrl } = profile.generalInfo;
  const createdAt = instant(wire.createTimestamp ?? secondsOf(wire.createDate ?? undefined));
  const updatedAt = instant(wire.updateTimestamp ?? secondsOf(wire.updateDate ?? undefined));
  const cart = Cart.safeParse({
    id: wire.cartId,
    customer: {
      ...customerOfOrder(wire.billingPerson ?? wire.shippingPerson ?? undefined),
      email,
      ...(wire.customerId && wire.customerId !== '0' && { id: wire.customerId }),
      guest: !wire.customerId || wire.customerId === '0',
      ...(wire.lang && { language: wire.lang }),
      permission: { state: 'subscribed', source: 'checkout', ...(createdAt !== undefined && { at: createdAt }) },
    },
    currency,
    totalMinor: minorOf(wire.total ?? 0, currency),
    lines: wire.items.flatMap((item, index) => {
      if (item.quantity < 1) return [];
      const unitMinor = minorOf(item.price, currency);
      const amountMinor = unitMinor * item.quantity;
      const rateBp = sum(item.taxes.map(({ value }) => basisPointsOf(value)));
      return [
        {
          id: String(item.id ?? `item-${index}`),
          sku: item.sku ?? '',
          name: item.name ?? item.sku ?? 'Item',
          quantity: item.quantity,
          grossMinor: gross ? amountMinor : amountMinor + taxOnNet(amountMinor, rateBp),
        },
      ];
    }),
    // The cart lies in the visitor's browser; the store's page of it is where he goes on (storefront docs, cart page).
    ...(storeUrl !== '' && { url: `${storeUrl.replace(/#.*$/, '')}#!/~/cart` }),
    closed: (wire.recoveredOrderId ?? undefined) !== undefined || wire.hidden === true || wire.paymentStatus === 'PAID',
    ...(updatedAt !== undefined && { updatedAt }),
  });
  if (!cart.success) throw unreadable(cart.error);
  return cart.data;
}

const instant = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();

const unreadable = (cause: unknown): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.record-unreadable',
    message: "The store's cart cannot be read. Look at it in the Control Panel.",
    params: { what: 'cart' },
    cause,
  });
