/** Webhooks of the retailer: a form with the field `payload`, signed by HMAC-SHA256 with the client secret. */
import { createHmac } from 'node:crypto';
import type { Deliveries } from './deliveries.ts';
import { showCustomer } from './xseries-customers.ts';
import { showProduct, showStock } from './xseries-products.ts';
import { showSale } from './xseries-sales.ts';
import { type Fields, type Hook, type HookType, Refusal, sayUnknown, uuid, type XSeriesState } from './xseries-state.ts';

const types = new Set([
  ...['sale.update', 'product.update', 'customer.update', 'inventory.update', 'register_closure.create'],
  ...['consignment.send', 'consignment.receive'],
]);

/** The header `X-Signature` for a body. */
export const signBody = (body: string, clientSecret: string): string =>
  `signature=${createHmac('sha256', clientSecret).update(body, 'utf8').digest('hex')},algorithm=HMAC-SHA256`;

export const showHook = ({ id, active, type, url, version }: Hook): Fields => ({ id, active, type, url, version });

function check(state: XSeriesState, fields: Fields): { active: boolean; type: string; url: string } {
  sayUnknown(state, 'webhook', fields, new Set(['id', 'active', 'type', 'url', 'version']));
  const { active = true, type, url } = fields;
  if (typeof type !== 'string' || !types.has(type)) throw new Refusal(422, `Unknown type ${String(type)}`);
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) throw new Refusal(422, 'url must be an address');
  return { active: active === true, type, url };
}

export function createHook(state: XSeriesState, body: Fields): Hook {
  const fields = check(state, body);
  if (state.tables.webhooks.all().some((hook) => hook.type === fields.type && hook.url === fields.url))
    throw new Refusal(409, 'A webhook of this type and address exists');
  return state.tables.webhooks.add({ id: uuid(state.random), deleted_at: null, ...fields });
}

export function changeHook(state: XSeriesState, hook: Hook, body: Fields): void {
  Object.assign(hook, check(state, { ...showHook(hook), ...body }));
  state.tables.webhooks.touch(hook);
}

function payloadOf(state: XSeriesState, type: HookType, id: string): Fields | undefined {
  const { sales, products, customers, stock } = state.tables;
  const sale = type === 'sale.update' ? sales.get(id) : undefined;
  const product = type === 'product.update' ? products.get(id) : undefined;
  const customer = type === 'customer.update' ? customers.get(id) : undefined;
  const level = type === 'inventory.update' ? stock.get(id) : undefined;
  if (sale !== undefined) return showSale(state, sale);
  if (product !== undefined) return showProduct(state, product);
  if (customer !== undefined) return showCustomer(customer);
  return level && { ...showStock(level), count: level.level };
}

export function createTeller(deliveries: Deliveries, clientSecret: string) {
  return (state: XSeriesState, type: HookType, id: string): void => {
    for (const hook of state.tables.webhooks.all()) {
      if (!hook.active || hook.type !== type) continue;
      const payload = JSON.stringify(payloadOf(state, type, id) ?? {});
      const body = new URLSearchParams({ payload, domain_prefix: state.domainPrefix, environment: 'prod' }).toString();
      const { signature } = deliveries.mode;
      const signed = state.knobs.signPayloadOnly ? payload : body;
      deliveries.send({
        ...{ address: hook.url, event: type, body },
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(signature !== 'missing' && { 'x-signature': signBody(signed, signature === 'wrong' ? 'another secret' : clientSecret) }),
        },
      });
    }
  };
}
