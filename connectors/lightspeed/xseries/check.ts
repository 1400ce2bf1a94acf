/** The "test connection" button. */
import type { CheckReport } from '../../connector.ts';
import type { Store } from './retailer.ts';

/** Throws a Failure when the store cannot be used. Everything is asked anew. */
export async function checkStore(store: Store): Promise<CheckReport> {
  store.forget();
  const profile = await store.profile();
  const [outlets, registers, users, types, taxes] = await Promise.all([
    store.outlets(),
    store.registers(),
    store.users(),
    store.paymentTypes(),
    store.taxes(),
  ]);
  const name = profile.name ?? store.client.store;
  const count = outlets.length;
  return {
    summary: `${name} (Lightspeed Retail), ${count} ${count === 1 ? 'outlet' : 'outlets'}`,
    facts: [
      { label: 'store', value: name },
      { label: 'currency', value: profile.code },
      { label: 'outlets', value: outlets.map(({ name: outlet, id }) => outlet ?? id).join(', ') },
      { label: 'registers', value: String(registers.length) },
    ],
    warnings: [
      ...reconnectWarning(store),
      ...(registers.length > 0
        ? []
        : [{ code: 'lightspeed.no-register', message: 'The store has no register, so no sales can be booked. Create one in Lightspeed.' }]),
      ...(users.length > 0 ? [] : [{ code: 'lightspeed.no-user', message: 'The store shows no user under whom sales could be booked.' }]),
      ...(types.length > 0
        ? []
        : [{ code: 'lightspeed.no-payment-type', message: 'The store has no payment type, so no paid orders can be booked.' }]),
      ...(taxes.length > 0 ? [] : [{ code: 'lightspeed.no-tax', message: 'The store has no taxes. Create the VAT rates in Lightspeed.' }]),
    ],
  };
}

function reconnectWarning(store: Store): CheckReport['warnings'] {
  const endsAt = store.client.tokens.endsAt();
  if (endsAt === undefined) return [];
  return [
    {
      code: 'lightspeed.reconnect-soon',
      message: `Lightspeed no longer renews our access; it ends at ${endsAt.toISOString()}. Click on Connect once more before then; nothing is lost.`,
      params: { until: endsAt.toISOString() },
    },
  ];
}
