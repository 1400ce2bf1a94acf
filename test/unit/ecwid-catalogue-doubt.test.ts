import { describe, expect, it } from 'vitest';
import type { Plan } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { carry, draftOf, inStore, lamp, later, price, restart, session, stockDraft, store, useStore } from './ecwid-catalogue-house.ts';

useStore();

describe('when the store does not show what is there', () => {
  it('finds its own product although the search lags', async () => {
    store.state.indexLagMs = 30_000;
    await carry('product', [draftOf(lamp())]);
    const changed = draftOf(lamp({ price: price(100) }));
    await carry('product', [changed]);
    expect(inStore('5001').price).toBe(1);
    expect((await carry('product', [draftOf(lamp({ price: price(100) }))])).results).toEqual(['skipped']);
    later(31);
    expect((await carry('product', [draftOf(lamp({ price: price(200) }))])).results).toHaveLength(1);
    expect(inStore('5001').price).toBe(2);
  });

  it('does not take its own last write for somebody’s edit while lists lag', async () => {
    store.state.indexLagMs = 30_000;
    const both = (cents: number) => ['A', 'B'].map((id) => draftOf(lamp({ id, sku: `60${id}`, price: price(cents) })));
    await carry('product', both(100));
    later(31);
    await carry('product', both(200));
    const { plans } = await carry('product', both(300));
    expect(plans.flatMap((plan) => (plan instanceof Failure ? [plan.code] : plan.steps.map(({ action }): string => action)))).toEqual([
      'update',
      'update',
    ]);
    expect([inStore('60A').price, inStore('60B').price]).toEqual([3, 3]);
  });

  it('makes nothing twice when the answer is lost and the search lags', async () => {
    store.state.indexLagMs = 30_000;
    store.shop.shelves.knobs.sameSkuAllowed = true;
    store.faults.add({ kind: 'lose-answer', method: 'POST', path: '/products', times: 1 });
    const first = await carry('product', [draftOf(lamp({ categories: [] }))]);
    expect(first.results).toEqual([expect.objectContaining({ ambiguous: true })]);
    const second = await carry('product', [draftOf(lamp({ categories: [] }))]);
    expect(second.results).toEqual([expect.objectContaining({ remedy: 'retry', code: 'shop.exists-already' })]);
    later(31);
    expect((await carry('product', [draftOf(lamp({ categories: [] }))])).results).toEqual(['skipped']);
    expect(inStore('5001').name).toBe('Lamp');
  });

  it('names a SKU that two products have', async () => {
    store.shop.shelves.knobs.sameSkuAllowed = true;
    store.shop.shelves.create({ name: 'Twin', sku: '1001', price: 1 }, false);
    const beans = { id: 'T9', sku: '1001', name: 'Espresso beans', active: true };
    expect((await carry('product', [draftOf(beans)])).results).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.sku-ambiguous', params: { sku: '1001', count: 2 } }),
    ]);
    expect((await carry('stock', [stockDraft('1001', 1), stockDraft('1002', 1)])).results).toEqual([
      expect.objectContaining({ code: 'shop.sku-ambiguous' }),
      expect.objectContaining({ target: expect.anything() }),
    ]);
  });

  it('names a VAT rate that the store does not have, unless the merchant chose a tax', async () => {
    const odd = lamp({ price: price(100, 600) });
    expect((await carry('product', [draftOf(odd)])).results).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.tax-missing', params: { rate: '6' } }),
    ]);
    await carry('product', [draftOf(odd, { taxId: '2' })]);
    expect(inStore('5001').tax).toEqual({ taxable: true, enabledManualTaxes: [2] });
  });

  it('goes without the catalogue where the permission is missing, and reads on', async () => {
    await restart({ scopes: ['read_store_profile', 'read_orders', 'read_customers', 'read_catalog'] });
    expect((await carry('product', [draftOf(lamp({ categories: [] }))])).results).toEqual([
      expect.objectContaining({ remedy: 'fix-data', code: 'shop.privileges-missing', params: { privileges: 'create_catalog' } }),
    ]);
    expect((await session.read('order', [store.placeOnlinePaid().id]))[0]).not.toBeInstanceOf(Failure);
  });

  it('stops with a dead token and waits when asked to', async () => {
    store.faults.add({ kind: 'throttle', path: '/products', times: 1, retryAfterSeconds: 30 });
    await expect(session.plan('product', [draftOf(lamp())])).rejects.toMatchObject({ remedy: 'wait', waitMs: 30_000 });
    later(31);
    const [plan] = await session.plan('product', [draftOf(lamp())]);
    store.uninstall();
    expect(await session.apply('product', [plan as Plan])).toEqual([expect.objectContaining({ remedy: 'fix-connection' })]);
  });
});
