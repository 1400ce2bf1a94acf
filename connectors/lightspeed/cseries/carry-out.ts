/** Carries plans out: the steps of one in their order, several plans side by side, what they share (categories, brands) once. */
import type { Outcome, Plan, PlanStep } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import { gone, unreadable } from './faults.ts';
import { each, firstPage, unwrapped } from './listing.ts';
import type { Shop } from './shop.ts';
import { ChangeRow, VariantRow } from './wire.ts';

/** Ids by step, as they come. */
type Made = Map<string, Promise<number>>;

/** Only what this folder writes: a product may be called {{anything}}. */
const inText = /\{\{(product(?:\.variant)?|(?:category|brand):[0-9a-f]{16})\}\}/g;
const inJson = /"\{\{(product(?:\.variant)?|(?:category|brand):[0-9a-f]{16})\}\}"/g;

/** What plans have in common: the first one makes it. */
export const isShared = (step: PlanStep): boolean => step.action === 'create' && (step.subject === 'category' || step.subject === 'brand');

export interface Carried {
  readonly outcome: Outcome;
  /** Answers to the steps that were written, by step. */
  readonly answers: ReadonlyMap<string, unknown>;
}

/** One outcome or Failure per plan. A step that fails leaves the rest of its plan undone. */
export async function carryOut(
  shop: Pick<Shop, 'bulk' | 'once'>,
  plans: readonly Plan[],
  take: (plan: Plan, carried: Carried) => Outcome = (_, { outcome }) => outcome,
) {
  const common: Made = new Map();
  return each(plans, async (plan) => take(plan, await carryOne(shop, plan, common)));
}

async function carryOne({ bulk: api, once }: Pick<Shop, 'bulk' | 'once'>, plan: Plan, common: Made): Promise<Carried> {
  const own: Made = new Map();
  const answers = new Map<string, unknown>();
  const written: string[] = [];
  const idOf = async (step: string): Promise<number | undefined> => (own.get(step) ?? common.get(step)) as Promise<number> | undefined;
  for (const step of plan.steps) {
    if (step.action === 'skip' || step.request === undefined) continue;
    const made = isShared(step) ? common : own;
    const started = made.get(step.id) ?? (isShared(step) ? once(step.id, () => start(step)) : start(step));
    made.set(step.id, started);
    // A failure of what plans share is forgotten with the batch: the next attempt makes it anew.
    await started;
    written.push(step.id);
  }
  const product = await idOf('product');
  const last = plan.steps.findLast(({ id, action }) => action !== 'skip' && common.has(id));
  const created = product ?? (last && (await idOf(last.id))) ?? (await idOf('customer'));
  const target = plan.target ?? (created === undefined ? undefined : { id: String(created), ...numberOf(plan) });
  if (target === undefined) throw gone('create');
  const values = plan.values && (await settled(plan.values));
  return { outcome: { target, written, ...(values && { values }) }, answers };

  async function start(step: PlanStep): Promise<number> {
    const { operation, body } = step.request ?? { operation: '', body: '' };
    const [method = '', path = ''] = operation.split(' ');
    const label = `${{ POST: 'create', PUT: 'update', DELETE: 'remove' }[method] ?? method} ${step.subject}`;
    const filled = await fill(path, inText);
    const text = body === '' ? undefined : await fill(body, inJson);
    const answer = await api.call({
      method: method as 'POST' | 'PUT' | 'DELETE',
      path: filled,
      ...(text !== undefined && { body: text }),
      label,
    });
    if (method === 'DELETE') return 0;
    if (answer === undefined) throw gone(label);
    answers.set(step.id, answer);
    try {
      return unwrapped(ChangeRow, answer, label).id;
    } catch {
      throw unreadable(label, true);
    }
  }

  /** Puts the ids of earlier steps where their names stand. */
  async function fill(text: string, pattern: RegExp): Promise<string> {
    let filled = text;
    for (const [all, name = ''] of text.matchAll(pattern)) {
      const id = name === 'product.variant' ? await variantOf(await idOf('product')) : await idOf(name);
      if (id === undefined) throw new Failure({ remedy: 'retry', code: 'unexpected', message: `Nothing has brought ${name} yet.` });
      filled = filled.replace(all, String(id));
    }
    return filled;
  }

  /** A new product brings a variant by itself. */
  async function variantOf(product: number | undefined): Promise<number> {
    const label = 'read the new variant';
    const rows = await firstPage(api, { path: 'variants', row: VariantRow, label, query: { product: product ?? 0 } });
    const variant = rows.find((row) => row.product === product);
    if (variant === undefined) throw unreadable(label, true);
    return variant.id;
  }

  async function settled(values: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const entries = await Promise.all(
      Object.entries(values).map(async ([field, value]) => [
        field,
        typeof value === 'string' && value.includes('{{') ? await fill(value, inText) : value,
      ]),
    );
    return Object.fromEntries(entries) as Record<string, unknown>;
  }
}

function numberOf(plan: Plan): { number?: string } {
  const sku = plan.steps.find(({ id }) => id.startsWith('variant:'))?.id.slice('variant:'.length);
  return sku === undefined ? {} : { number: sku };
}
