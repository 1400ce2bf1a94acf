/** What mappings and settings choose from. */
import type { VocabularyItem } from '../../connector.ts';
import { Failure } from '../../failure.ts';
import { readTree } from './categories.ts';
import type { Store } from './retailer.ts';
import { nameOf } from './sale-order.ts';
import type { CategoryRow } from './wire.ts';

/** Longest list that a form shows. */
const mostProducts = 2_000;

/** Throws fix-data for an unknown list. */
export async function readVocabulary(store: Store, list: string): Promise<readonly VocabularyItem[]> {
  switch (list) {
    case 'outlets':
    case 'branches':
    case 'salesChannels':
      return named(await store.outlets());
    case 'registers': {
      const outlets = new Map((await store.outlets()).map(({ id, name }) => [id, name ?? id]));
      return (await store.registers()).map(({ id, name, outlet_id: outlet }) => {
        const hint = outlets.get(outlet ?? '');
        return { value: id, label: name ?? id, ...(hint !== undefined && { hint }) };
      });
    }
    case 'users':
      return (await store.users()).map(({ id, display_name: shown, username }) => ({ value: id, label: shown ?? username ?? id }));
    case 'paymentMethods':
    case 'paymentTypes':
      return named(await store.paymentTypes());
    case 'taxes':
      return (await store.taxes()).map(({ id, name, rateBp }) => ({ value: id, label: name, hint: `${rateBp / 100} %` }));
    case 'taxRates': {
      const rates = [...new Set((await store.taxes()).map(({ rateBp }) => rateBp))].sort((a, b) => b - a);
      return rates.map((rate) => ({ value: String(rate), label: `${rate / 100} %` }));
    }
    case 'categories':
    case 'productCategories': {
      const { rows } = await readTree(store);
      const byId = new Map(rows.map((row) => [row.id, row]));
      return rows.map((row) => ({ value: row.id, label: pathOf(row, byId) })).sort((a, b) => a.label.localeCompare(b.label));
    }
    case 'products':
    case 'articles':
      await store.goods.sync();
      return [...store.goods.all()]
        .flatMap((row) => (row.sku === undefined ? [] : [{ value: row.sku, label: nameOf(row), hint: row.sku }]))
        .slice(0, mostProducts);
    case 'brands':
      return named(await store.brands());
    // A till ships nothing by itself, speaks the language of its user and knows no list of countries.
    case 'shippingMethods':
    case 'languages':
    case 'countries':
      return [];
    default:
      throw new Failure({
        remedy: 'fix-data',
        code: 'lightspeed.list-unknown',
        message: `Lightspeed has no list ${list} to choose from.`,
        params: { list },
      });
  }
}

const named = (rows: readonly { readonly id: string; readonly name?: string | undefined }[]): VocabularyItem[] =>
  rows.map(({ id, name }) => ({ value: id, label: name ?? id }));

/** Names from the top; a circle ends after as many steps as there are categories. */
function pathOf(row: CategoryRow, byId: ReadonlyMap<string, CategoryRow>): string {
  const names = [row.name ?? row.id];
  let parent = byId.get(row.parent_category_id ?? '');
  while (parent !== undefined && names.length <= byId.size) {
    names.unshift(parent.name ?? parent.id);
    parent = byId.get(parent.parent_category_id ?? '');
  }
  return names.join(' / ');
}
