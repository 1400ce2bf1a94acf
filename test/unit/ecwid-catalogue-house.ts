/** A simulated store, an open session on it, and drafts as the catalogue flows make them. */
import { afterEach, beforeEach } from 'vitest';
import type { Draft, Outcome, Plan, Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import { ecwidConnector } from '../../ecwid-app/index.ts';
import { type EcwidOptions, type EcwidSimulator, startEcwid } from '../simulators/ecwid/simulator.ts';
import { directSend } from './ecwid-house.ts';

export let store: EcwidSimulator;
export let clock: Date;
export let session: Session;

export const connector = () => ecwidConnector({ apiBaseUrl: store.apiBaseUrl });
export function reopen(): void {
  const settings = { storeId: store.storeId, accessToken: store.tokens()?.accessToken ?? '' };
  session = connector().open(settings, { send: directSend(), now: () => clock });
}
export async function restart(options: EcwidOptions = {}): Promise<void> {
  await store?.stop();
  clock = new Date('2026-03-01T10:00:00Z');
  store = await startEcwid({ now: () => clock, ...options });
  store.install();
  reopen();
}

export const later = (seconds: number) => {
  clock = new Date(clock.getTime() + seconds * 1000);
};
export const price = (grossMinor: number, taxRateBp = 2100) => ({
  currency: 'EUR',
  grossMinor,
  netMinor: grossMinor - Math.round((grossMinor * taxRateBp) / (10_000 + taxRateBp)),
  taxRateBp,
});
export const lamp = (fields: object = {}) => ({
  id: 'T1',
  sku: '5001',
  name: 'Lamp',
  active: true,
  longText: 'Warm light.',
  brand: 'Licht & Co',
  ean: '8712345678906',
  price: price(4995),
  categories: ['g7'],
  ...fields,
});
export const shirt = (fields: object = {}) => ({
  id: 'T2',
  sku: '5100',
  name: 'Shirt',
  active: true,
  price: price(1995),
  variants: ['S', 'M', 'L'].map((size, index) => ({
    id: `T2-${size}`,
    sku: `510${index + 1}`,
    name: `Shirt ${size}`,
    active: true,
    ean: `871000000000${index}`,
    price: price(size === 'L' ? 2195 : 1995),
    attributes: [{ name: 'Size', value: size }],
  })),
  ...fields,
});
export const last = new Map<string, Readonly<Record<string, unknown>>>();

export const draftOf = (product: { id: string }, more: object = {}): Draft => ({
  id: product.id,
  reference: `tb-${product.id}`,
  revision: 0,
  fields: { product, categoryNames: { g7: ['Home', 'Lights'] }, ...more },
  ...(last.has(product.id) && { last: last.get(product.id) ?? {} }),
});
export const stockDraft = (sku: string, quantity: number, managed = true): Draft => ({
  id: `stock-${sku}`,
  reference: `tb-stock-${sku}`,
  revision: 0,
  fields: { sku, quantity, managed },
});

/** As the engine does it: plans, carries out what is not all skipped, and keeps the values. */
export async function carry(kind: 'product' | 'stock' | 'category', drafts: readonly Draft[]) {
  const plans = await session.plan(kind, drafts);
  const good = plans.filter((plan): plan is Plan => !(plan instanceof Failure));
  const writing = good.filter((plan) => plan.steps.some((step) => step.action !== 'skip'));
  const outcomes = writing.length === 0 ? [] : await session.apply(kind, writing);
  const results = plans.map((plan): Outcome | Failure | 'skipped' => {
    if (plan instanceof Failure) return plan;
    return outcomes[writing.indexOf(plan)] ?? 'skipped';
  });
  results.forEach((result, index) => {
    const id = drafts[index]?.id ?? '';
    if (typeof result === 'object' && 'values' in result && result.values) last.set(id, result.values);
  });
  return { plans, results };
}
export const failuresIn = (results: readonly unknown[]) => results.filter((result) => result instanceof Failure);
export const writes = () => store.calls.filter(({ method, path }) => method !== 'GET' && path !== '/batch');
export const batches = () => store.calls.filter(({ method, path }) => method === 'POST' && path === '/batch');
export const reasons = (plan: Plan | Failure | undefined) =>
  plan instanceof Failure || !plan ? [plan?.code] : plan.steps.map((step) => step.reason);
export const inStore = (sku: string) => {
  const found = [...store.shop.shelves.products.values()].filter((product) => product.sku === sku);
  if (found.length !== 1) throw new Error(`the store has ${found.length} products with SKU ${sku}`);
  return found[0] as (typeof found)[number];
};

/** A fresh store for each test of the file that calls this at its top. */
export function useStore(): void {
  beforeEach(async () => {
    last.clear();
    await restart();
  });
  afterEach(() => store.stop());
}
