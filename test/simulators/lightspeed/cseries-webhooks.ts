/** Webhooks of the shop: what they listen to, and messages with `X-Signature` = md5(body + secret). */
import { createHash } from 'node:crypto';
import { languageOf, showCustomer } from './cseries-customers.ts';
import { showLines, showOrder } from './cseries-orders.ts';
import { showProduct } from './cseries-products.ts';
import type { CSeriesState, Hook } from './cseries-state.ts';
import { showVariant } from './cseries-variants.ts';
import { type Fields, isFalse, Refusal, stamp } from './cseries-wire.ts';
import type { Deliveries } from './deliveries.ts';

const groups = new Set([
  ...['customers', 'invoices', 'orders', 'products', 'quotes', 'reviews', 'returns', 'shipments', 'subscriptions', 'tickets'],
  ...['variants', 'contacts'],
]);
const actions = new Set(['created', 'updated', 'deleted', 'paid', 'shipped', 'answered', '*']);

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

/** Hexadecimal md5 of the raw body followed by the secret; not an HMAC. */
export const signBody = (rawBody: string, secret: string): string => md5(rawBody + secret);

/** The secret of an installed public app. */
export const installedSecret = (token: string, appSecret: string): string => md5(token + appSecret);

/** Signature of an install callback: the parameters sorted as `k=v` without separators, then the secret of the app. */
export const signInstall = (parameters: Readonly<Record<string, string>>, appSecret: string): string =>
  md5(
    Object.entries(parameters)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join('') + appSecret,
  );

export const showHook = (hook: Hook): Fields => ({
  id: hook.id,
  createdAt: stamp(hook.createdAt),
  updatedAt: stamp(hook.updatedAt),
  ...hook.fields,
  language: languageOf(hook.fields.language),
});

/** The same address may listen to the same event twice. */
export function writeHook(state: CSeriesState, hook: Hook, body: Fields): void {
  for (const [name, value] of Object.entries(body)) {
    if (name === 'isActive') hook.fields.isActive = !isFalse(value);
    else if (name === 'address' || name === 'itemGroup' || name === 'itemAction' || name === 'language' || name === 'format')
      hook.fields[name] = String(value);
    else state.unexpected.push(`a field that no webhook has: ${name}`);
  }
  const { itemGroup, itemAction, language, format, address } = hook.fields;
  const valid = groups.has(itemGroup) && actions.has(itemAction) && ['json', 'xml'].includes(format) && /^https?:\/\//.test(address);
  if (!valid || !state.languages.includes(language)) throw new Refusal(422, 'Invalid data input.');
  if (format === 'xml') state.unexpected.push('a webhook in XML, which this shop cannot send');
}

function payloadOf(state: CSeriesState, group: string, id: number, language: string): Fields | undefined {
  const { orders, customers, products, variants } = state.tables;
  if (group === 'orders') {
    const order = orders.get(id);
    if (order === undefined) return undefined;
    const customer = customers.get(order.placed.customerId ?? 0);
    const embedded = {
      customer: customer === undefined ? undefined : showCustomer(state, customer, language),
      products: showLines(state, order, language),
    };
    return { order: showOrder(state, order, language, embedded) };
  }
  const customer = group === 'customers' ? customers.get(id) : undefined;
  const product = group === 'products' ? products.get(id) : undefined;
  const variant = group === 'variants' ? variants.get(id) : undefined;
  if (customer !== undefined) return { customer: showCustomer(state, customer, language) };
  if (product !== undefined) return { product: showProduct(state, product, language) };
  return variant === undefined ? undefined : { variant: showVariant(state, variant, language) };
}

/** Sends an event to every active webhook that listens to it. */
export function createTeller(deliveries: Deliveries, secret: () => string) {
  return (state: CSeriesState, group: string, action: string, id: number): void => {
    for (const hook of state.tables.webhooks.all()) {
      const { isActive, itemGroup, itemAction, language, address } = hook.fields;
      if (!isActive || itemGroup !== group || (itemAction !== action && itemAction !== '*')) continue;
      const body = JSON.stringify(payloadOf(state, group, id, language) ?? {});
      const { signature } = deliveries.mode;
      deliveries.send({
        address,
        event: `${group}/${action}`,
        body,
        headers: {
          'content-type': 'application/json',
          'x-shop-id': String(state.shopId),
          'x-cluster-id': 'eu1',
          'x-event': `${group}/${action}`,
          'x-format': 'json',
          'x-language': language,
          [`x-${group.slice(0, -1)}-id`]: String(id),
          'x-request-id': state.random.hex(32),
          ...(signature !== 'missing' && { 'x-signature': signBody(body, signature === 'wrong' ? 'another secret' : secret()) }),
        },
      });
    }
  };
}
