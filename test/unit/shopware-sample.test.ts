import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Order } from '../../connectors/commerce.ts';
import { OrderRow } from '../../shopware-app/rows.ts';
import { orderOf } from '../../shopware-app/translate.ts';

const sample = new URL('../../../shared/contracts/data/shopware/samples/order-search.pruned-real.json', import.meta.url);

describe.runIf(existsSync(sample))('an order as a real shop returned it', () => {
  it('becomes a sound canonical order', () => {
    const { data } = JSON.parse(readFileSync(sample, 'utf8')) as { data: unknown[] };
    const translated = orderOf(OrderRow.parse(data[0]));
    expect(Order.parse(translated)).toEqual(translated);
    expect(translated).toMatchObject({
      number: '10077',
      totalMinor: 39501,
      paymentState: 'open',
      paidMinor: 0,
      billing: { city: 'Berlin', country: 'GP' },
      shipping: { city: 'Schöppingen', country: 'SR' },
    });
    expect(translated.lines).toHaveLength(1);
    expect(translated.lines[0]).toMatchObject({ kind: 'product', sku: 'f3b92a7a618544308094cb4713b3ed84', grossMinor: 39501 });
  });
});
