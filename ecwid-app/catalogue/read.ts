/** Products of the store as canonical products and stock levels. Pure. */
import { type Price, Product, StockLevel, type Variant } from '../../connectors/commerce.ts';
import { Failure } from '../../connectors/failure.ts';
import { basisPointsOf, minorOf, taxInGross, taxOnNet } from '../../connectors/money.ts';
import type { Profile } from '../profile.ts';
import { secondsOf } from '../wire.ts';
import { attributeOf, StoreProduct, type StoreVariant } from './wire.ts';

interface Which {
  readonly sku?: string;
  readonly combinationId?: string;
}

/**
 * A product with its combinations as variants, or the one combination that `sku` or `combinationId` names. A combination without
 * a SKU of its own has the product's (docs.ecwid.com); its id is `{product}-{combination}`. Prices need the profile.
 */
export function productOf(body: unknown, which: Which = {}, profile?: Profile): Product | undefined {
  const product = storeProduct(body);
  const combination = chosen(product, which);
  if (combination === 'none') return undefined;
  const choices = combination?.options.flatMap(({ value }) => (value === '' ? [] : [value])) ?? [];
  const seconds = product.updateTimestamp ?? secondsOf(product.updated);
  return accepted(
    Product.safeParse({
      id: combination === undefined ? String(product.id) : `${product.id}-${combination.id}`,
      sku: combination?.sku || product.sku,
      name: choices.length === 0 ? product.name : `${product.name} (${choices.join(', ')})`,
      active: product.enabled ?? true,
      ...filled('longText', product.description),
      ...filled('shortText', product.subtitle),
      ...filled('brand', attributeOf(product, 'BRAND')),
      ...filled('ean', attributeOf(combination ?? product, 'UPC') || attributeOf(product, 'UPC')),
      ...priced(combination?.price ?? product.price, product, profile),
      stocked: (combination?.sku ? combination.unlimited : product.unlimited) !== true,
      categories: product.categoryIds.map(String),
      properties: product.attributes.flatMap(({ name, value, type }) =>
        type === 'UPC' || type === 'BRAND' || value === '' ? [] : [{ name, value }],
      ),
      variants: combination === undefined ? product.combinations.map((one) => variantOf(one, product, profile)) : [],
      ...(seconds !== undefined && { updatedAt: new Date(seconds * 1000).toISOString() }),
    }),
    product.id,
  );
}

function variantOf(combination: StoreVariant, product: StoreProduct, profile: Profile | undefined): Variant {
  const attributes = combination.options.filter(({ name, value }) => name !== '' && value !== '');
  return {
    id: `${product.id}-${combination.id}`,
    sku: combination.sku || product.sku,
    name: `${product.name} (${attributes.map(({ value }) => value).join(', ')})`,
    active: product.enabled ?? true,
    ...filled('ean', attributeOf(combination, 'UPC')),
    ...priced(combination.price ?? product.price, product, profile),
    attributes: attributes.map(({ name, value }) => ({ name, value })),
    stocked: (combination.sku ? combination.unlimited : product.unlimited) !== true,
  };
}

/** The store's one place. What is sold without limit has no figure. */
export function stockOf(body: unknown, which: Which = {}): StockLevel | undefined {
  const product = storeProduct(body);
  const combination = chosen(product, which);
  if (combination === 'none') return undefined;
  const own = combination !== undefined && combination.sku !== '' ? combination : product;
  const figure = own.unlimited === true || own.quantity === undefined ? undefined : { value: own.quantity, scale: 0 };
  const seconds = product.updateTimestamp ?? secondsOf(product.updated);
  return accepted(
    StockLevel.safeParse({
      id: combination === undefined ? String(product.id) : `${product.id}-${combination.id}`,
      sku: combination?.sku || product.sku,
      branches: [{ branch: 'shop', ...(figure && { physical: figure, available: figure }) }],
      ...(seconds !== undefined && { updatedAt: new Date(seconds * 1000).toISOString() }),
    }),
    product.id,
  );
}

/** `undefined`: the product itself is meant; `none`: it has nothing of that name. */
function chosen(product: StoreProduct, { sku, combinationId }: Which): StoreVariant | 'none' | undefined {
  if (combinationId !== undefined) return product.combinations.find(({ id }) => String(id) === combinationId) ?? 'none';
  if (sku === undefined || product.sku === sku) return undefined;
  return product.combinations.find((one) => one.sku === sku) ?? 'none';
}

function priced(amount: number | undefined, product: StoreProduct, profile: Profile | undefined): { price?: Price } {
  if (amount === undefined || profile === undefined) return {};
  const { currency } = profile.formatsAndUnits;
  const minor = minorOf(amount, currency);
  const taxRateBp = rateOf(product, profile);
  const gross = profile.taxSettings?.pricesIncludeTax !== false;
  const tax = gross ? taxInGross(minor, taxRateBp) : taxOnNet(minor, taxRateBp);
  return { price: { currency, taxRateBp, grossMinor: gross ? minor : minor + tax, netMinor: gross ? minor - tax : minor } };
}

function rateOf({ tax }: StoreProduct, profile: Profile): number {
  if (tax?.taxable === false) return 0;
  const own = profile.taxSettings?.taxes.find(({ id }) => id !== undefined && tax?.enabledManualTaxes.includes(id));
  return basisPointsOf(own?.defaultTax ?? tax?.defaultLocationIncludedTaxRate ?? 0);
}

const filled = <Name extends string>(name: Name, value: string): Partial<Record<Name, string>> =>
  value.trim() === '' ? {} : ({ [name]: value.trim() } as Partial<Record<Name, string>>);

function storeProduct(body: unknown): StoreProduct {
  const parsed = StoreProduct.safeParse(body);
  if (parsed.success) return parsed.data;
  throw unreadable('product', parsed.error);
}

function accepted<Data>(parsed: { success: true; data: Data } | { success: false; error: unknown }, id: number): Data {
  if (parsed.success) return parsed.data;
  throw unreadable(`product ${id}`, parsed.error);
}

const unreadable = (what: string, cause: unknown): Failure =>
  new Failure({
    remedy: 'fix-data',
    code: 'shop.record-unreadable',
    message: `The store's ${what} cannot be read. Look at it in the Control Panel.`,
    params: { what },
    cause,
  });
