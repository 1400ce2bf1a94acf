/** Lists of the shop that mappings and settings choose from. */
import type { VocabularyItem } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import { basisPointsOf } from '../connectors/money.ts';
import type { AdminApi, Criteria } from './client.ts';
import { productListOf } from './product-list.ts';
import type { References } from './references.ts';
import { ListRow } from './rows.ts';

/** Throws fix-data for a list that Shopware does not have. */
export async function vocabularyOf(api: AdminApi, references: References, list: string): Promise<VocabularyItem[]> {
  const named = async (entity: string): Promise<VocabularyItem[]> =>
    (await rowsOf(api, entity)).map((row) => ({ value: row.id, label: labelOf(row), ...inactive(row) }));
  switch (list) {
    case 'paymentMethods':
      return named('payment-method');
    case 'shippingMethods':
      return named('shipping-method');
    case 'salesChannels':
      return named('sales-channel');
    case 'products':
      return productListOf(api);
    case 'countries':
      // Orders name a country by its ISO code, so that is what tables are keyed by.
      return (await rowsOf(api, 'country')).flatMap((row) =>
        row.iso ? [{ value: row.iso.toUpperCase(), label: labelOf(row), ...inactive(row) }] : [],
      );
    case 'categories': {
      const tree = await references.categories();
      return (await rowsOf(api, 'category')).map((row) => ({ value: row.id, label: tree.label(row.id), ...inactive(row) }));
    }
    case 'taxRates':
      return taxRatesOf(await rowsOf(api, 'tax', { rules: {} }));
    default:
      throw new Failure({
        remedy: 'fix-data',
        code: 'shopware.unknown-list',
        message: `Shopware has no list ${list} to choose from.`,
        params: { list },
      });
  }
}

async function rowsOf(api: AdminApi, entity: string, associations: Criteria = {}): Promise<ListRow[]> {
  const rows = await api.all(entity, {
    sort: [{ field: 'id', order: 'ASC' }],
    ...(Object.keys(associations).length > 0 && { associations }),
  });
  return rows.flatMap((row) => {
    const parsed = ListRow.safeParse(row);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Every rate that an order can show: those of the taxes, those of their countries, and 0 for orders without tax. Values are basis points. */
function taxRatesOf(taxes: readonly ListRow[]): VocabularyItem[] {
  const labels = new Map<number, string>([[0, '0 %']]);
  for (const tax of taxes) {
    for (const { taxRate } of tax.rules ?? []) if (!labels.has(basisPointsOf(taxRate))) labels.set(basisPointsOf(taxRate), `${taxRate} %`);
  }
  for (const tax of taxes) {
    if (tax.taxRate !== undefined) labels.set(basisPointsOf(tax.taxRate), `${labelOf(tax)} (${tax.taxRate} %)`);
  }
  return [...labels].sort(([one], [other]) => one - other).map(([rateBp, label]) => ({ value: String(rateBp), label }));
}

function labelOf(row: ListRow): string {
  return row.translated?.distinguishableName || row.translated?.name || row.name || row.id;
}

function inactive(row: ListRow): { hint?: string } {
  return row.active === false ? { hint: 'inactive' } : {};
}
