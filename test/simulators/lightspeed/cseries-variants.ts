/** Variants: how they show, how they are written. Stock levels are absolute. */
import { type CSeriesState, textOf, type Variant } from './cseries-state.ts';
import { decimal, type Fields, grossOf, isFalse, netOf, Refusal, reference, stamp } from './cseries-wire.ts';

const numbers = new Set([
  ...['priceCost', 'oldPriceExcl', 'oldPriceIncl', 'stockAlert', 'stockMinimum', 'stockBuyMinimum', 'stockBuyMaximum'],
  ...['weight', 'volume', 'colli', 'sizeX', 'sizeY', 'sizeZ', 'unitPrice', 'sortOrder'],
]);
const words = new Set(['articleCode', 'ean', 'sku', 'hs', 'unitUnit', 'weightUnit', 'volumeUnit', 'sizeUnit']);

export function showVariant(state: CSeriesState, variant: Variant, language: string): Fields {
  const to = state.linker(language);
  const number = (field: string, otherwise = 0): unknown => variant.more[field] ?? otherwise;
  const word = (field: string, otherwise = ''): unknown => variant.more[field] ?? otherwise;
  const exact = (field: string): string => Number(variant.more[field] ?? 0).toFixed(3);
  return {
    id: variant.id,
    createdAt: stamp(variant.createdAt),
    updatedAt: stamp(variant.updatedAt),
    isDefault: variant.isDefault,
    sortOrder: variant.sortOrder,
    articleCode: word('articleCode'),
    ean: word('ean'),
    sku: word('sku'),
    hs: variant.more.hs ?? null,
    unitPrice: number('unitPrice'),
    unitUnit: word('unitUnit'),
    priceExcl: decimal(variant.priceExcl),
    priceIncl: decimal(variant.priceIncl),
    priceCost: number('priceCost'),
    oldPriceExcl: number('oldPriceExcl'),
    oldPriceIncl: number('oldPriceIncl'),
    stockTracking: word('stockTracking', 'disabled'),
    stockLevel: variant.stockLevel,
    stockAlert: number('stockAlert'),
    stockMinimum: number('stockMinimum'),
    stockSold: 0,
    // The platform spells it both ways.
    stockBuyMininum: number('stockBuyMinimum', 1),
    stockBuyMinimum: number('stockBuyMinimum', 1),
    stockBuyMaximum: number('stockBuyMaximum', 10_000),
    ...{ weight: number('weight'), weightValue: exact('weight'), weightUnit: word('weightUnit', 'g') },
    ...{ volume: number('volume'), volumeValue: 0, volumeUnit: word('volumeUnit', 'ml'), colli: number('colli') },
    ...{ sizeX: number('sizeX'), sizeY: number('sizeY'), sizeZ: number('sizeZ') },
    ...{ sizeXValue: exact('sizeX'), sizeYValue: exact('sizeY'), sizeZValue: exact('sizeZ'), sizeUnit: word('sizeUnit', 'cm') },
    matrix: false,
    title: textOf(state, variant.texts, language, 'title'),
    taxType: null,
    image: false,
    tax: reference(to, `taxes/${variant.taxId}`, variant.taxId),
    product: reference(to, `products/${variant.productId}`, variant.productId),
    movements: reference(to, `variants/movements?variant=${variant.id}`, false),
    metafields: reference(to, `variants/${variant.id}/metafields`, false),
    additionalcost: false,
    options: [],
  };
}

function numberOf(field: string, value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new Refusal(422, `Invalid variant ${field}`, { [field]: 'invalid' });
  return number;
}

/** Sets what the body names. Of the two prices one is computed from the tax; with both `knobs.priceWins` says which counts. */
export function writeVariant(state: CSeriesState, variant: Variant, fields: Fields, language: string): void {
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'priceIncl' || field === 'priceExcl' || field === 'product') continue;
    if (field === 'title') {
      if (String(value ?? '').trim() === '') throw new Refusal(422, 'Invalid variant title', { title: 'invalid' });
      variant.texts = { ...variant.texts, [language]: { title: String(value) } };
    } else if (field === 'stockLevel') variant.stockLevel = Math.trunc(numberOf(field, value));
    else if (field === 'stockTracking') {
      if (!['disabled', 'enabled', 'indicator'].includes(String(value))) throw new Refusal(422, 'Invalid variant stockTracking');
      variant.more.stockTracking = value;
    } else if (field === 'isDefault') variant.isDefault = !isFalse(value);
    else if (field === 'tax') {
      const tax = state.tables.taxes.get(Number(value));
      if (tax === undefined) throw new Refusal(422, 'Invalid variant tax', { tax: 'invalid' });
      variant.taxId = tax.id;
    } else if (numbers.has(field)) variant.more[field] = numberOf(field, value);
    else if (words.has(field)) variant.more[field] = String(value ?? '');
    else state.unexpected.push(`a field that no variant has: ${field}`);
  }
  const rate = state.tables.taxes.get(variant.taxId)?.rate ?? 0;
  const both = 'priceIncl' in fields && 'priceExcl' in fields;
  const by = both ? state.knobs.priceWins : 'priceExcl' in fields ? 'excl' : 'incl';
  if (by === 'excl') {
    variant.priceExcl = Math.round(numberOf('priceExcl', fields.priceExcl) * 10_000);
    // Gross prices have whole cents.
    variant.priceIncl = Math.round(grossOf(variant.priceExcl, rate) / 100) * 100;
  } else if ('priceIncl' in fields) {
    variant.priceIncl = Math.round(numberOf('priceIncl', fields.priceIncl) * 10_000);
    variant.priceExcl = netOf(variant.priceIncl, rate);
  } else if ('tax' in fields) variant.priceExcl = netOf(variant.priceIncl, rate);
}
