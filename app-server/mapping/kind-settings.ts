/** What a flow asks whatever its target is, by the kind that it carries: the target's own questions come after these. */
import { z } from 'zod';
import type { Kind } from '../../connectors/commerce.ts';
import { type Connector, fieldPolicies, type KindWriting } from '../../connectors/connector.ts';
import { emptyAsAbsent, meta, sendWhen } from '../../connectors/questions.ts';
import { comparisons, type Filter } from './filters.ts';
import { stockFormulas } from './stock.ts';

/** `custom.webshop is true; price.grossMinor at-least 100`: one condition after another, all have to hold. */
const conditions = z
  .string()
  .max(2_000)
  .default('')
  .superRefine((text, context) => {
    for (const part of partsOf(text)) {
      if (filterOf(part) === undefined) {
        context.addIssue({ code: 'custom', message: `“${part}” is no condition. Write: field, one of ${comparisons.join(', ')}, value.` });
      }
    }
  });

const productShape = {
  onlyWebshop: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: { en: 'Only webshop articles', de: 'Nur Webshop-Artikel', nl: 'Alleen webshopartikelen' },
        help: {
          en: 'Articles without the webshop flag stay where they are.',
          de: 'Artikel ohne das Kennzeichen Webshop bleiben, wo sie sind.',
          nl: 'Artikelen zonder de vlag webshop blijven waar ze zijn.',
        },
        group: 'selection',
      }),
    ),
  filters: conditions.meta(
    meta({
      label: { en: 'Further conditions', de: 'Weitere Bedingungen', nl: 'Verdere voorwaarden' },
      help: {
        en: 'All have to hold, separated by semicolons: categories is 9; price.grossMinor at-least 100',
        de: 'Alle müssen zutreffen, getrennt durch Semikolon: categories is 9; price.grossMinor at-least 100',
        nl: 'Alle moeten kloppen, gescheiden door puntkomma’s: categories is 9; price.grossMinor at-least 100',
      },
      group: 'selection',
      advanced: true,
    }),
  ),
  offer: z
    .boolean()
    .default(true)
    .meta(meta({ label: { en: 'Price and visibility', de: 'Preis und Sichtbarkeit', nl: 'Prijs en zichtbaarheid' }, group: 'extent' })),
  content: z
    .boolean()
    .default(true)
    .meta(meta({ label: { en: 'Texts and attributes', de: 'Texte und Eigenschaften', nl: 'Teksten en kenmerken' }, group: 'extent' })),
  deletion: z
    .enum(['ignore', 'deactivate'])
    .default('ignore')
    .meta(
      meta({
        label: { en: 'When an article ends', de: 'Wenn ein Artikel endet', nl: 'Als een artikel eindigt' },
        options: {
          ignore: { en: 'Leave it in the shop', de: 'Im Shop lassen', nl: 'In de shop laten' },
          deactivate: { en: 'Switch it off in the shop', de: 'Im Shop abschalten', nl: 'In de shop uitzetten' },
        },
        group: 'extent',
      }),
    ),
};

const stockShape = {
  formula: z
    .enum(stockFormulas)
    .default('available')
    .meta(
      meta({
        label: { en: 'What is published', de: 'Was veröffentlicht wird', nl: 'Wat wordt gepubliceerd' },
        options: {
          available: {
            en: 'Available (without reservations)',
            de: 'Verfügbar (ohne Reservierungen)',
            nl: 'Beschikbaar (zonder reserveringen)',
          },
          physical: { en: 'On the shelf', de: 'Im Regal', nl: 'In het schap' },
          'available-plus-incoming': { en: 'Available and incoming', de: 'Verfügbar und unterwegs', nl: 'Beschikbaar en onderweg' },
        },
      }),
    ),
  stockBranches: z
    .string()
    .default('')
    .meta(
      meta({
        label: { en: 'Branches that count', de: 'Filialen, die zählen', nl: 'Filialen die meetellen' },
        help: {
          en: 'Numbers separated by commas. Empty: all.',
          de: 'Nummern durch Komma getrennt. Leer: alle.',
          nl: 'Nummers gescheiden door komma’s. Leeg: alle.',
        },
      }),
    ),
  buffer: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .meta(meta({ label: { en: 'Pieces kept back', de: 'Zurückgehaltene Stücke', nl: 'Achtergehouden stuks' } })),
  cap: z.preprocess(emptyAsAbsent, z.coerce.number().int().min(0).max(1_000_000).optional()).meta(
    meta({
      label: { en: 'Never publish more than', de: 'Nie mehr veröffentlichen als', nl: 'Nooit meer publiceren dan' },
      advanced: true,
    }),
  ),
  managed: z
    .boolean()
    .default(true)
    .meta(
      meta({
        label: {
          en: 'The shop stops selling at zero',
          de: 'Der Shop verkauft bei null nicht weiter',
          nl: 'De shop stopt met verkopen bij nul',
        },
      }),
    ),
  brakePercent: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(30)
    .meta(
      meta({
        label: {
          en: 'Ask when more than this share falls to zero at once (%)',
          de: 'Nachfragen, wenn mehr als dieser Anteil auf einmal auf null fällt (%)',
          nl: 'Vragen als meer dan dit deel ineens naar nul gaat (%)',
        },
        advanced: true,
      }),
    ),
};

const orderShape = { sendWhen };

export const customerMatches = ['email', 'number', 'external-id', 'phone'] as const;

const customerShape = {
  match: z
    .enum(customerMatches)
    .default('email')
    .meta(
      meta({
        label: { en: 'Customers are the same when they have', de: 'Kunden sind dieselben bei', nl: 'Klanten zijn dezelfde bij' },
        help: {
          en: 'Where several could be meant, nothing is guessed: you choose.',
          de: 'Wo mehrere gemeint sein können, wird nicht geraten: Sie wählen.',
          nl: 'Waar er meer bedoeld kunnen zijn, wordt niet gegokt: u kiest.',
        },
        options: {
          email: { en: 'the same e-mail address', de: 'gleicher E-Mail-Adresse', nl: 'hetzelfde e-mailadres' },
          number: { en: 'the same customer number', de: 'gleicher Kundennummer', nl: 'hetzelfde klantnummer' },
          'external-id': { en: 'the same external id', de: 'gleicher externer ID', nl: 'dezelfde externe id' },
          phone: { en: 'the same telephone number', de: 'gleicher Telefonnummer', nl: 'hetzelfde telefoonnummer' },
        },
        group: 'customers',
      }),
    ),
};

const shapes: Partial<Record<Kind, Readonly<Record<string, z.ZodType>>>> = {
  order: orderShape,
  customer: customerShape,
  product: productShape,
  stock: stockShape,
};

const policyOptions = {
  always: { en: 'On creating and updating', de: 'Beim Anlegen und Ändern', nl: 'Bij aanmaken en bijwerken' },
  'on-create': { en: 'On creating only', de: 'Nur beim Anlegen', nl: 'Alleen bij aanmaken' },
  never: { en: 'Never', de: 'Nie', nl: 'Nooit' },
} as const;

/** A connector whose flows also ask what their kind asks: forms, checks and suggestions need no other change. */
export function withKindSettings(connector: Connector): Connector {
  const writes = Object.entries(connector.writes).map(([kind, writing]) => [
    kind,
    { ...writing, settings: widened(kind as Kind, writing) },
  ]);
  return { ...connector, writes: Object.fromEntries(writes) as Connector['writes'] };
}

function widened(kind: Kind, writing: KindWriting): z.ZodType {
  const own = writing.settings instanceof z.ZodObject ? writing.settings.shape : {};
  const policies = (writing.policies ?? []).map(({ field, title, default: usual }) => [
    policyName(field),
    z
      .enum(fieldPolicies)
      .default(usual)
      .meta(meta({ label: title, options: policyOptions, group: 'fields', advanced: true })),
  ]);
  return z.object({ ...shapes[kind], ...own, ...(Object.fromEntries(policies) as Record<string, z.ZodType>) });
}

const policyName = (field: string): string => `policy_${field}`;

export function policiesOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (name.startsWith('policy_') ? [[name.slice('policy_'.length), value]] : [])),
  );
}

export function filtersOf(values: Readonly<Record<string, unknown>>): Filter[] {
  const written = partsOf(String(values.filters ?? '')).flatMap((part) => filterOf(part) ?? []);
  // A source without that flag has nothing to leave out.
  return values.onlyWebshop === true ? [{ field: 'custom.webshop', comparison: 'is-not', value: 'false' }, ...written] : written;
}

const partsOf = (text: string): string[] =>
  text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

function filterOf(text: string): Filter | undefined {
  const [, field = '', word = '', value = ''] = /^(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(text) ?? [];
  const comparison = comparisons.find((known) => known === word);
  return comparison === undefined ? undefined : { field, comparison, value };
}
