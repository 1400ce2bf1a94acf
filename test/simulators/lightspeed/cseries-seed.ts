/** Fills an empty shop: tax rates, categories, brands, and a product for every group of articles. */
import type { SeedArticle } from './articles.ts';
import { changeVariant, createProduct, createVariant } from './cseries-products.ts';
import type { CSeriesState } from './cseries-state.ts';

export function seedShop(state: CSeriesState, articles: readonly SeedArticle[]): void {
  const { taxes, categories, brands, variants } = state.tables;
  const language = state.languages[0] ?? 'nl';
  const time = state.now();
  const dated = { createdAt: time, updatedAt: time };
  const rates = [...new Set([2100, 900, 0, ...articles.map((article) => article.rate)])];
  const taxIds = new Map(
    rates.map((rate) => [rate, taxes.add((id) => ({ id, ...dated, title: `BTW ${rate / 100}%`, rate, isDefault: rate === 2100 })).id]),
  );
  const root = categories.add((id) => ({ id, ...dated, parentId: undefined, texts: { [language]: { title: 'Assortiment' } }, more: {} }));
  categories.add((id) => ({ id, ...dated, parentId: root.id, texts: { [language]: { title: 'Koffie' } }, more: {} }));
  const names = [...new Set(articles.flatMap((article) => article.brand ?? []))];
  const brandIds = new Map(names.map((title) => [title, brands.add((id) => ({ id, ...dated, title, content: '' })).id]));
  const products = new Map<string, number>();
  for (const article of articles) {
    const group = article.product ?? article.code;
    let productId = products.get(group);
    const fields = {
      title: article.variant ?? 'Default',
      ...{ articleCode: article.code, ean: article.ean ?? '', stockTracking: 'enabled', stockLevel: article.stock },
      ...{ tax: taxIds.get(article.rate), priceIncl: article.price / 100 },
    };
    if (productId !== undefined) {
      createVariant(state, productId, fields, language);
      continue;
    }
    const brand = brandIds.get(article.brand ?? '');
    const description = article.description ?? '';
    const text = { title: article.name, fulltitle: article.name, description, content: description };
    const product = createProduct(state, { ...text, visibility: 'visible', ...(brand !== undefined && { brand }) }, language);
    productId = product.id;
    products.set(group, productId);
    const [standard] = variants.find('product', String(productId));
    if (standard !== undefined) changeVariant(state, standard, fields, language);
    state.tables.categoryProducts.add((id) => ({ id, ...dated, categoryId: root.id, productId: product.id, sortOrder: 1 }));
  }
}
