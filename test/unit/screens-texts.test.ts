import { describe, expect, it } from 'vitest';
import { catalogue as catalogueDe } from '../../app-server/screens/src/texts/catalogue-de.ts';
import { catalogue as catalogueEn } from '../../app-server/screens/src/texts/catalogue-en.ts';
import { catalogue as catalogueNl } from '../../app-server/screens/src/texts/catalogue-nl.ts';
import { causes as causesDe } from '../../app-server/screens/src/texts/causes-de.ts';
import { causes as causesEn } from '../../app-server/screens/src/texts/causes-en.ts';
import { causes as causesNl } from '../../app-server/screens/src/texts/causes-nl.ts';
import { connectors as connectorsDe } from '../../app-server/screens/src/texts/connectors-de.ts';
import { connectors as connectorsEn } from '../../app-server/screens/src/texts/connectors-en.ts';
import { connectors as connectorsNl } from '../../app-server/screens/src/texts/connectors-nl.ts';
import { de } from '../../app-server/screens/src/texts/de.ts';
import { en } from '../../app-server/screens/src/texts/en.ts';
import { fields as fieldsDe } from '../../app-server/screens/src/texts/fields-de.ts';
import { fields as fieldsEn } from '../../app-server/screens/src/texts/fields-en.ts';
import { fields as fieldsNl } from '../../app-server/screens/src/texts/fields-nl.ts';
import { nl } from '../../app-server/screens/src/texts/nl.ts';
import { systems as systemsDe } from '../../app-server/screens/src/texts/systems-de.ts';
import { systems as systemsEn } from '../../app-server/screens/src/texts/systems-en.ts';
import { systems as systemsNl } from '../../app-server/screens/src/texts/systems-nl.ts';

const languages = {
  en: flat({ ...en, catalogue: catalogueEn, causes: { ...causesEn, ...connectorsEn }, fields: fieldsEn, systems: systemsEn }),
  de: flat({ ...de, catalogue: catalogueDe, causes: { ...causesDe, ...connectorsDe }, fields: fieldsDe, systems: systemsDe }),
  nl: flat({ ...nl, catalogue: catalogueNl, causes: { ...causesNl, ...connectorsNl }, fields: fieldsNl, systems: systemsNl }),
};
const others = ['de', 'nl'] as const;
/** The guide and its words while nothing else is connected, and what the till alone reports. */
const ofTheTill = [
  ...['names.tillWithin', 'wizard.connect.', 'records.search', 'causes.till.', 'notes.', 'reasons.locked'],
  // What is kept there when a person is erased.
  'systems.erasure.',
];

/** What the parts of the server report; a code that is missing here is shown in the server's English. */
const codesSoFar = [
  'network.unreachable{host}',
  'network.timeout{host,seconds}',
  'network.broken-off{host}',
  'network.redirected{host,to}',
  'network.private-address{host}',
  'network.bad-address',
  'till.credentials',
  'till.refused-request',
  'till.refused',
  'till.not-answering-soap',
  'till.article-not-numeric{sku}',
  'till.article-missing{sku}',
  'till.article-for-kind-missing{kind}',
  'till.amount-mismatch{difference}',
  'till.vat-rate-unknown{rate}',
  'till.vat-code-ambiguous{rate,codes}',
  'till.currency{currency}',
  'till.order-differs{shop,till}',
  'till.payment-unclear{order}',
  'target.order-gone{order}',
  'direction-conflict',
  'look-first',
  'mistakes-found{count,sample}',
  'till.payment-method-missing{method}',
  'shop.credentials',
  'shop.privileges-missing{privileges}',
  'mapping.row-missing{field,value}',
  'mapping.value-missing{field}',
  'verify.mismatch',
  'stock.brake{known,percent,zeroed}',
  'till.empty-answer{what}',
  'till.bad-cursor',
  'till.amount-unusable{value,decimals}',
  'till.article-twice{product,article}',
  'till.turnover-group-missing{product}',
  'till.stock-refused{subject,reason}',
  'shopware.tax-missing{rate}',
  'shopware.currency-differs{record,currency,wanted}',
  'shopware.price-missing{record}',
  'shopware.number-twice{record}',
  'shopware.variant-misplaced{record}',
  'shopware.variant-without-option{record}',
  'shopware.row-refused{record,field,reason}',
  'shopware.draft-unusable{record}',
  'shopware.number-taken{record}',
  'shopware.rows-refused{record}',
  'shopware.busy{host}',
  'lease-lost',
  'connection.paused',
  'unexpected',
  'attempts-used-up',
  'settings-changed',
];
const reasons = [
  ...['not-yet-paid', 'not-at-status', 'before-start', 'deleted-in-source', 'cancelled', 'unchanged', 'exists'],
  ...['filtered-out', 'not-stocked', 'stock-unknown', 'not-in-shop', 'not-in-till', 'no-stock-article', 'not-managed'],
  ...['has-variants', 'edited', 'kept', 'inactive', 'awaits-turn', 'in-doubt', 'held-back'],
];

describe('the texts of the screens', () => {
  for (const language of others) {
    it(`say the same things in English and in ${language}`, () => {
      expect(Object.keys(languages[language]).sort()).toEqual(Object.keys(languages.en).sort());
    });

    it(`name the same values in English and in ${language}`, () => {
      for (const [key, text] of Object.entries(languages.en)) {
        expect({ key, names: placeholders(languages[language][key] ?? '') }).toEqual({ key, names: placeholders(text) });
      }
    });

    it(`have as many plural forms in ${language} as in English`, () => {
      for (const [key, text] of Object.entries(languages.en)) {
        expect({ key, forms: (languages[language][key] ?? '').split('|').length }).toEqual({ key, forms: text.split('|').length });
      }
    });
  }

  it('never name a platform that is sold under other names', () => {
    const named = Object.values(languages).flatMap((texts) => Object.values(texts).filter((text) => /ecwid|lightspeed/i.test(text)));
    expect(named).toEqual([]);
  });

  it('say "the till" only where nothing else can be meant: elsewhere the flow in view names its own ends', () => {
    for (const texts of Object.values(languages)) {
      const general = Object.entries(texts).filter(
        ([key]) => !key.endsWith('-in-till') && !ofTheTill.some((start) => key.startsWith(start)),
      );
      expect(general.filter(([, text]) => /\b(?:the|your|de|uw|die|der|ihrer?) (?:till|kassa|kasse)\b/i.test(text))).toEqual([]);
    }
  });

  it('hold nothing that the message format would take for its own', () => {
    const odd = Object.values(languages).flatMap((texts) =>
      Object.values(texts).filter((text) => /[@$%]\{|@[:.]/.test(text) || text.trim() === ''),
    );
    expect(odd).toEqual([]);
  });

  it('have a sentence for every cause known so far, which names only what is reported with it', () => {
    for (const entry of codesSoFar) {
      const [code = '', named = ''] = entry.replace('}', '').split('{');
      const text = languages.en[`causes.${code}`];
      expect(text, code).toBeDefined();
      if (named) expect(placeholders(text ?? ''), code).toEqual(named.split(',').sort());
    }
  });

  it('have a sentence for every reason to leave a record out', () => {
    for (const reason of reasons) expect(languages.en[`reasons.${reason}`], reason).toBeDefined();
  });
});

function flat(tree: object, path = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') found[at] = value;
    else Object.assign(found, flat(value as object, at));
  }
  return found;
}

function placeholders(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort();
}
