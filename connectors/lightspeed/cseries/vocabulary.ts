/** Lists of the shop that mappings choose from. */
import type { VocabularyItem } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import type { Forest, Tree } from './categories.ts';
import { all, firstPage, scan } from './listing.ts';
import { methodKey } from './orders.ts';
import type { Shop } from './shop.ts';
import { type CategoryRow, CountryRow, codeOf, LanguageRow, MethodRow, VariantRow } from './wire.ts';

/** A list to choose from, not an inventory. */
const mostArticles = 500;

/** Throws Failure fix-data for a list that the connector does not have. */
export async function readVocabulary(shop: Shop, forest: Forest, list: string): Promise<readonly VocabularyItem[]> {
  const api = shop.live;
  switch (list) {
    case 'paymentMethods':
      return [...(await methods('paymentmethods')), { value: 'gift-card', label: 'Gift card' }];
    case 'shippingMethods':
    case 'deliveryMethods':
      return methods('shippingmethods');
    case 'taxes':
      return (await shop.taxes()).map(({ id, title, rateBp }) => ({
        value: String(id),
        label: title || `${rateBp / 100} %`,
        hint: `${rateBp / 100} %`,
      }));
    case 'taxRates':
      return [...new Set((await shop.taxes()).map(({ rateBp }) => rateBp))]
        .sort((left, right) => right - left)
        .map((rateBp) => ({ value: String(rateBp), label: `${rateBp / 100} %` }));
    case 'categories': {
      const tree = await forest.tree();
      return tree
        .all()
        .map((row) => ({ value: String(row.id), label: pathOf(tree, row).join(' › ') }))
        .sort((left, right) => left.label.localeCompare(right.label));
    }
    case 'languages':
      return (await firstPage(api, { path: 'languages', row: LanguageRow, label: 'list languages' })).map(({ code, title }) => ({
        value: code,
        label: title || code,
      }));
    case 'countries':
      return (await all(api, { path: 'countries', row: CountryRow.extend({ id: VariantRow.shape.id }), label: 'list countries' })).map(
        ({ code, title }) => ({ value: code.toUpperCase(), label: title || code.toUpperCase() }),
      );
    case 'products':
    case 'articles':
      return articles();
    case 'salesChannels':
      return ['main', 'backend', 'mobile', 'facebook', 'api'].map((value) => ({ value, label: value }));
    case 'branches':
      return [{ value: 'shop', label: (await shop.facts()).title }];
    // Questions that only the till of the other product has answers to.
    case 'outlets':
    case 'registers':
    case 'users':
      return [];
    default:
      throw new Failure({
        remedy: 'fix-data',
        code: 'lightspeed.list-unknown',
        message: `The connector for Lightspeed has no list "${list}".`,
        params: { list },
      });
  }

  async function methods(path: 'paymentmethods' | 'shippingmethods'): Promise<VocabularyItem[]> {
    const rows = await firstPage(api, { path, row: MethodRow, label: `list ${path}` });
    return rows.filter(({ id }) => id !== '').map(({ id, title }) => ({ value: methodKey(id), label: title || id }));
  }

  async function articles(): Promise<VocabularyItem[]> {
    const items = new Map<string, VocabularyItem>();
    const query = { fields: 'id,articleCode,sku,ean,title' };
    for await (const page of scan(api, { path: 'variants', row: VariantRow, label: 'list variants', query })) {
      for (const row of page)
        if (codeOf(row) !== '') items.set(codeOf(row), { value: codeOf(row), label: `${codeOf(row)} – ${row.title}` });
      if (items.size >= mostArticles) break;
    }
    return [...items.values()].slice(0, mostArticles);
  }
}

function pathOf(tree: Tree, row: CategoryRow): string[] {
  const names: string[] = [];
  const seen = new Set<number>();
  for (let at: CategoryRow | undefined = row; at !== undefined && !seen.has(at.id); at = tree.byId(at.parent ?? 0)) {
    seen.add(at.id);
    names.unshift(at.title);
  }
  return names;
}
