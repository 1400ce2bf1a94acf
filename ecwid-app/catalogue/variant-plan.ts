/** Variants of the source against the combinations of the store's product. Nothing is ever removed. Pure. */
import type { Variant } from '../../connectors/commerce.ts';
import { compare, type Field } from '../../connectors/compare.ts';
import type { Draft, PlanStep } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { ProductDraft } from './draft.ts';
import type { Terms } from './terms.ts';
import { attributeOf, type StoreProduct, type StoreVariant } from './wire.ts';

interface Given {
  readonly there: StoreProduct | undefined;
  readonly terms: Terms;
  readonly last: Draft['last'];
  readonly policies: ProductDraft['policies'];
  readonly allowed: { readonly add: boolean; readonly price: boolean; readonly ean: boolean };
  /** The product's own price is about to change, and with it that of combinations that have none. */
  readonly priceChanges: boolean;
}

interface PlannedVariants {
  /** For a product that is there. */
  readonly steps: readonly PlanStep[];
  /** For a product that is made: its options and combinations, in the same request. */
  readonly inCreation?: Readonly<Record<string, unknown>>;
  readonly values: Readonly<Record<string, unknown>>;
}

export function planVariants(fields: ProductDraft, given: Given): PlannedVariants {
  const variants = fields.product.variants.filter(({ active }) => active);
  for (const variant of variants) mustDiffer(variant);
  const { there } = given;
  if (there === undefined) return made(variants, given);
  // A single article here may be a combination of some product there.
  const single = fields.product.variants.length === 0 && there.sku !== fields.product.sku;
  const articles = single ? [{ ...fields.product, attributes: [] }] : variants;
  const planned = articles.map((variant) => planOne(variant, { ...given, there }));
  return {
    steps: planned.flatMap(({ step }) => (step ? [step] : [])),
    values: Object.assign({}, ...planned.map(({ values }) => values)),
  };
}

function made(variants: readonly Variant[], { terms, policies, allowed, priceChanges }: Given): PlannedVariants {
  if (variants.length === 0 || !allowed.add) return { steps: [], values: {} };
  const choices = new Map<string, Set<string>>();
  for (const { name, value } of variants.flatMap(({ attributes }) => attributes)) {
    choices.set(name, (choices.get(name) ?? new Set()).add(value));
  }
  const planned = variants.map((variant) => ({
    variant,
    ...compare(fieldsOf(variant, { found: undefined, basePrice: undefined, terms, allowed, priceChanges }), { last: undefined, policies }),
  }));
  return {
    steps: [],
    inCreation: {
      options: [...choices].map(([name, values]) => ({
        type: 'SELECT',
        name,
        required: true,
        defaultChoice: 0,
        choices: [...values].map((text) => ({ text, priceModifier: 0, priceModifierType: 'ABSOLUTE' })),
      })),
      combinations: planned.map(({ variant, request }) => ({ ...creation(variant), ...request })),
    },
    values: Object.assign({}, ...planned.map(({ values }) => values)),
  };
}

const creation = (variant: Variant) => ({
  options: variant.attributes.map(({ name, value }) => ({ name, value })),
  sku: variant.sku,
  ...(variant.stocked ? { unlimited: false, quantity: 0 } : { unlimited: true }),
});

type Article = Pick<Variant, 'sku' | 'price' | 'ean' | 'attributes'>;

function planOne(
  variant: Article & Partial<Variant>,
  { there, terms, last, policies, allowed, priceChanges }: Given & { there: StoreProduct },
): { step?: PlanStep; values: Readonly<Record<string, unknown>> } {
  const found = there.combinations.find(({ sku }) => sku === variant.sku) ?? there.combinations.find((one) => isSameChoice(one, variant));
  const subject = `variant ${variant.sku}`;
  const id = `variant:${variant.sku}`;
  const compared = compare(fieldsOf(variant, { found, basePrice: there.price, terms, allowed, priceChanges }), { last, policies });
  const { changes, values } = compared;
  if (found === undefined) {
    if (!allowed.add) return { values: {} };
    const body = { ...creation(variant as Variant), ...compared.request };
    const request = { operation: `POST /products/${there.id}/combinations`, body: JSON.stringify(body) };
    return { step: { id, action: 'create', subject, changes: [{ field: `${id}.sku`, after: variant.sku }, ...changes], request }, values };
  }
  const owned = found.sku === variant.sku ? {} : { sku: variant.sku };
  const request = { ...owned, ...compared.request };
  const targetId = String(found.id);
  if (Object.keys(request).length === 0) {
    return { step: { id, action: 'skip', subject, targetId, reason: changes.length > 0 ? 'kept' : 'unchanged', changes }, values };
  }
  const renamed = 'sku' in owned ? [{ field: `${id}.sku`, before: found.sku, after: variant.sku }] : [];
  const operation = `PUT /products/${there.id}/combinations/${found.id}`;
  return {
    step: {
      id,
      action: 'update',
      subject,
      targetId,
      changes: [...renamed, ...changes],
      request: { operation, body: JSON.stringify(request) },
    },
    values,
  };
}

function fieldsOf(
  variant: Article,
  how: Pick<Given, 'terms' | 'allowed' | 'priceChanges'> & { found: StoreVariant | undefined; basePrice: number | undefined },
): Field[] {
  const { found, terms, allowed } = how;
  const list: Field[] = [];
  if (variant.price !== undefined && allowed.price) {
    const wanted = terms.minorOf(variant.price);
    // A combination without a price of its own has the product's.
    const stands = found === undefined ? undefined : (found.price ?? how.basePrice);
    const current = stands === undefined ? undefined : terms.read(stands);
    const wouldMove = found?.price === undefined && how.priceChanges && current === wanted;
    list.push({
      path: `variant:${variant.sku}.price`,
      current: wouldMove ? undefined : current,
      wanted,
      request: { price: terms.write(wanted) },
    });
  }
  if (variant.ean !== undefined && allowed.ean) {
    const others = (found?.attributes ?? []).filter(({ type }) => type !== 'UPC');
    list.push({
      path: `variant:${variant.sku}.ean`,
      current: found && attributeOf(found, 'UPC'),
      wanted: variant.ean,
      request: {
        attributes: [
          ...others.map(({ id, name, value }) => ({ ...(id === undefined ? { name } : { id }), value })),
          { alias: 'UPC', value: variant.ean },
        ],
      },
    });
  }
  return list;
}

function isSameChoice(combination: StoreVariant, variant: Article): boolean {
  const told = (traits: readonly { name: string; value: string }[]): string =>
    traits
      .map(({ name, value }) => `${name.trim()}=${value.trim()}`)
      .sort()
      .join('\n');
  return combination.sku === '' && variant.attributes.length > 0 && told(combination.options) === told(variant.attributes);
}

function mustDiffer({ sku, attributes }: Variant): void {
  if (sku === '') {
    throw new Failure({
      remedy: 'fix-data',
      code: 'shop.sku-missing',
      message: 'A variant has no SKU. Give every variant its own.',
    });
  }
  if (attributes.length > 0) return;
  throw new Failure({
    remedy: 'fix-data',
    code: 'shop.variant-without-choice',
    message: `Variant ${sku} says no colour, size or the like, so customers could not choose it. Give it one in the source.`,
    params: { sku },
  });
}
