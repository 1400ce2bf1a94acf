/** The articles that a table of article numbers is filled from. */
import type { VocabularyItem } from '../../connectors/connector.ts';
import type { StoreApi } from './requests.ts';
import { parsed } from './shelf.ts';
import { Page, StoreProduct } from './wire.ts';

const most = 500;
/** Most products of one page (docs.ecwid.com, search products). */
const pageSize = 100;
const fields = 'total,items(id,sku,name,combinations(id,sku,options(name,value)))';

/**
 * Up to 500 articles on sale by SKU, those first whose SKU is more than digits: a till may know articles by digits only, so they are
 * the ones that need a row. Of a larger store what was added last is listed.
 */
export async function productListOf(api: Pick<StoreApi, 'call'>): Promise<VocabularyItem[]> {
  const labels = new Map<string, string>();
  for (let offset = 0; offset < most; offset += pageSize) {
    const query = new URLSearchParams({
      enabled: 'true',
      sortBy: 'ADDED_TIME_DESC',
      offset: String(offset),
      limit: String(pageSize),
      responseFields: fields,
    });
    const { total, items } = parsed(Page, await api.call({ path: `/products?${query}`, label: 'list products', scope: 'read_catalog' }));
    for (const item of items) keep(parsed(StoreProduct, item));
    if (offset + pageSize >= total || items.length === 0) break;
  }
  return [...labels]
    .map(([value, label]) => ({ value, label }))
    .sort((one, other) => Number(digitsOnly(one.value)) - Number(digitsOnly(other.value)) || compare(one.value, other.value))
    .slice(0, most);

  function keep({ sku, name, combinations }: StoreProduct): void {
    if (sku !== '') labels.set(sku, `${sku} – ${name}`);
    for (const combination of combinations) {
      const choices = combination.options.map(({ value }) => value).join(', ');
      if (combination.sku !== '') labels.set(combination.sku, `${combination.sku} – ${name}${choices === '' ? '' : ` (${choices})`}`);
    }
  }
}

const digitsOnly = (number: string): boolean => /^\d+$/.test(number);
const { compare } = new Intl.Collator('en', { numeric: true });
