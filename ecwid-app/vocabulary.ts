/** What the merchant's tables choose from, out of the store's profile. */
import countries from 'i18n-iso-countries';
import { z } from 'zod';
import type { VocabularyItem } from '../connectors/connector.ts';
import { Failure } from '../connectors/failure.ts';
import { basisPointsOf } from '../connectors/money.ts';
import type { Call } from './calls.ts';
import { type Profile, titleOf } from './profile.ts';

export function vocabularyOf(list: string, profile: Profile): readonly VocabularyItem[] {
  switch (list) {
    case 'paymentMethods':
      return paymentMethods(profile);
    case 'shippingMethods':
      return (profile.shipping?.shippingOptions ?? []).map(({ id, title, fulfilmentType, enabled }) => ({
        value: id,
        label: title || id,
        ...hint(enabled === false ? 'off' : fulfilmentType?.toLowerCase()),
      }));
    case 'countries':
      return Object.keys(countries.getAlpha2Codes())
        .map((code) => ({ value: code, label: regionName(code) }))
        .sort((left, right) => left.label.localeCompare(right.label, 'en'));
    case 'taxRates':
      return taxRates(profile);
    case 'taxes':
      return (profile.taxSettings?.taxes ?? []).flatMap(({ id, name, defaultTax, enabled }) =>
        id === undefined
          ? []
          : [{ value: String(id), label: `${name} (${defaultTax ?? 0} %)`, ...hint(enabled === false ? 'off' : undefined) }],
      );
    case 'salesChannels':
      return [{ value: profile.generalInfo.storeId, label: titleOf(profile) }];
    default:
      throw new Failure({ remedy: 'fix-data', code: 'shop.unknown-list', message: `The store has no list "${list}".`, params: { list } });
  }
}

const Groups = z.looseObject({ items: z.array(z.looseObject({ name: z.string().nullish() })) });

/** Customers name their group and nothing else of it, so the name is the key. */
export async function customerGroupsOf({ call }: { call(call: Call): Promise<unknown> }): Promise<VocabularyItem[]> {
  const body = await call({ path: '/customer_groups?limit=100', label: 'read customer groups', scope: 'read_customers' });
  const names = (Groups.safeParse(body).data?.items ?? []).flatMap(({ name }) => name || []);
  return [...new Set(names)].map((name) => ({ value: name, label: name }));
}

/** An order names its method by the title at checkout and nothing else, so the title is the key. */
function paymentMethods(profile: Profile): VocabularyItem[] {
  const byTitle = new Map<string, VocabularyItem>();
  for (const option of profile.payment?.paymentOptions ?? []) {
    const title = option.checkoutTitle || option.paymentProcessorTitle || option.paymentProcessorId;
    if (title === undefined || title === '' || byTitle.has(title)) continue;
    byTitle.set(title, { value: title, label: title, ...hint(option.enabled === false ? 'off' : option.paymentProcessorId) });
  }
  return [...byTitle.values()];
}

/** Basis points. Zero is always there: exports and exempt customers have it. */
function taxRates(profile: Profile): VocabularyItem[] {
  const names = new Map<number, string>([[0, '']]);
  for (const tax of profile.taxSettings?.taxes ?? []) {
    for (const percent of [tax.defaultTax, ...tax.rules.map((rule) => rule.tax)]) {
      if (percent !== undefined && percent >= 0) names.set(basisPointsOf(percent), tax.name);
    }
  }
  return [...names]
    .sort(([left], [right]) => right - left)
    .map(([rate, name]) => ({ value: String(rate), label: `${rate / 100} %`, ...hint(name) }));
}

const hint = (text: string | undefined) => (text === undefined || text === '' ? {} : { hint: text });

const regions = new Intl.DisplayNames(['en'], { type: 'region' });
const regionName = (code: string): string => regions.of(code) ?? code;
