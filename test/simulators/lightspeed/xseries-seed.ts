/** Fills an empty retailer: outlets, registers, taxes, kinds of payment, a user, and the articles as products. */
import type { SeedArticle } from './articles.ts';
import { createProduct } from './xseries-products.ts';
import { stamp, uuid, type XSeriesState } from './xseries-state.ts';

/** `type_id` of the kinds of payment; the two last are the system's own. */
const paymentTypes = [
  ...[
    { name: 'Cash', type: 1 },
    { name: 'Card', type: 2 },
    { name: 'iDEAL', type: 3 },
    { name: 'Gift Card', type: 118 },
  ],
  ...[
    { name: 'Loyalty', type: 106 },
    { name: 'Cash Rounding', type: 5 },
  ],
];

export function seedRetailer(
  state: XSeriesState,
  wish: { readonly articles: readonly SeedArticle[]; readonly outlets: readonly string[]; readonly registers: number },
): void {
  const { tables, random } = state;
  const time = stamp(state.now());
  const fresh = () => ({ id: uuid(random), deleted_at: null });
  const rates = [...new Set([2100, 900, 0, ...wish.articles.map((article) => article.rate)])];
  const taxIds = new Map(
    rates.map((rate) => [
      rate,
      tables.taxes.add({
        ...fresh(),
        name: rate === 0 ? 'No Tax' : `BTW ${rate / 100}%`,
        rate,
        rateId: uuid(random),
        isDefault: rate === 2100,
      }).id,
    ]),
  );
  for (const { name, type } of paymentTypes) tables.paymentTypes.add({ ...fresh(), name, more: { type_id: type } });
  const person = { username: 'anna', display_name: 'Anna Bakker', email: 'anna@example.com', account_type: 'admin', is_primary_user: true };
  tables.users.add({ ...fresh(), name: 'anna', more: { ...person, created_at: time, updated_at: time } });
  const outlets = wish.outlets.map((name) => {
    const place = { time_zone: 'Europe/Amsterdam', currency: 'EUR', currency_symbol: '€', display_prices: 'inclusive', attributes: [] };
    const tax = { default_tax_id: taxIds.get(2100) ?? '' };
    const outlet = tables.outlets.add({
      ...fresh(),
      name,
      more: { ...place, ...tax, physical_city: 'Utrecht', physical_country_id: 'NL' },
    });
    for (let at = 1; at <= wish.registers; at += 1) {
      const register = {
        outlet_id: outlet.id,
        invoice_prefix: `${name.slice(0, 1).toUpperCase()}${at}-`,
        invoice_suffix: '',
        is_open: true,
      };
      tables.registers.add({ ...fresh(), name: `${name} kassa ${at}`, more: register });
    }
    return outlet.id;
  });
  tables.categories.add({ ...fresh(), name: 'Assortiment', more: {} });
  tables.tags.add({ ...fresh(), name: 'Webshop', more: {} });
  const brands = new Map(
    [...new Set(wish.articles.flatMap((one) => one.brand ?? []))].map((name) => [
      name,
      tables.brands.add({ ...fresh(), name, more: {} }).id,
    ]),
  );
  for (const article of wish.articles) {
    const brand = brands.get(article.brand ?? '');
    createProduct(state, {
      ...{ name: article.name, sku: article.code, description: article.description ?? '', price_including_tax: article.price / 100 },
      ...{ all_outlets_tax: { tax_id: taxIds.get(article.rate) }, ...(brand !== undefined && { brand_id: brand }) },
      product_codes: article.ean === undefined ? [] : [{ type: 'EAN', code: article.ean }],
      inventory: outlets.map((outlet_id, at) => ({ outlet_id, current_amount: at === 0 ? article.stock : 0 })),
    });
  }
  const [shippingId] = createProduct(state, { name: 'Verzendkosten', sku: state.shippingSku, price_including_tax: 4.95 });
  const shipping = tables.products.get(shippingId ?? '');
  if (shipping !== undefined) shipping.hasInventory = false;
}
