/** The articles that a table of article numbers is filled from. */
import { z } from 'zod';
import type { VocabularyItem } from '../connectors/connector.ts';
import { type AdminApi, pageRows } from './client.ts';

/** A name that is inherited comes null in the variant and whole in `translated`. */
const ListedProduct = z.object({
  productNumber: z.string(),
  name: z.string().nullish(),
  childCount: z.number().nullish(),
  translated: z.object({ name: z.string().nullish() }).nullish().catch(undefined),
});

/**
 * Up to 500 active articles by number, those first whose number is more than digits: a till may know articles by digits only, so
 * they are the ones that need a row. What only groups variants is never on an order and is left out.
 */
export async function productListOf(api: AdminApi): Promise<VocabularyItem[]> {
  const page = async (order: 'ASC' | 'DESC') => {
    const criteria = {
      page: 1,
      limit: pageRows,
      filter: [{ type: 'equals', field: 'active', value: true }],
      sort: [{ field: 'productNumber', order }],
      includes: { product: ['id', 'productNumber', 'name', 'childCount', 'translated'] },
    };
    return api.search('product', criteria, { 'sw-inheritance': '1' });
  };
  const first = await page('ASC');
  // Letters stand behind digits: in a larger shop they are at the other end.
  const rows = first.length < pageRows ? first : [...first, ...(await page('DESC'))];
  const labels = new Map<string, string>();
  for (const row of rows) {
    const { data } = ListedProduct.safeParse(row);
    if (data === undefined || (data.childCount ?? 0) > 0) continue;
    const name = data.translated?.name || data.name;
    labels.set(data.productNumber, name ? `${data.productNumber} – ${name}` : data.productNumber);
  }
  return [...labels]
    .map(([value, label]) => ({ value, label }))
    .sort((one, other) => Number(digitsOnly(one.value)) - Number(digitsOnly(other.value)) || compare(one.value, other.value))
    .slice(0, pageRows);
}

const digitsOnly = (number: string): boolean => /^\d+$/.test(number);
const { compare } = new Intl.Collator('en', { numeric: true });
