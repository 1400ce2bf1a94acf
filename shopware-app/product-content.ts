/** Texts, manufacturer, unit, categories, properties and visibility of a product: what is shared by its variants. Pure. */
import { type ProductDraft, visibilities } from './catalogue-draft.ts';
import { type CatalogueRow, shownName } from './catalogue-rows.ts';
import { asText, type Sheet } from './field-sheet.ts';
import { htmlOf, sameHtml } from './long-text.ts';
import type { Ground, Look } from './product-look.ts';
import type { Baggage } from './product-parts.ts';
import { chosenChannels } from './references.ts';
import type { Json } from './sync.ts';

interface Content {
  readonly fields: ProductDraft;
  readonly row: CatalogueRow | undefined;
  readonly id: string;
  readonly look: Look;
  readonly ground: Ground;
  readonly baggage: Baggage;
}

/** The fields to write; rows to create first and rows to take away go into the baggage. */
export function contentOf(sheet: Sheet, of: Content): Json {
  const { fields, row } = of;
  const { product } = fields;
  const written: Record<string, unknown> = {};
  if (sheet.write('name', { wanted: product.name, current: row?.name ?? undefined, parse: asText, required: true }))
    written.name = product.name;
  const longText = product.longText === undefined ? undefined : htmlOf(product.longText);
  const description = row === undefined ? undefined : (row.description ?? '');
  if (sheet.write('longText', { wanted: longText, current: description, same: sameHtml, parse: asText })) written.description = longText;
  return { ...written, ...referenceFields(sheet, of), ...listFields(sheet, of) };
}

function referenceFields(sheet: Sheet, { fields, row, look, baggage }: Content): Json {
  const written: Record<string, unknown> = {};
  for (const [field, key, name, known] of [
    ['manufacturer', 'manufacturerId', fields.product.brand, row?.manufacturer],
    ['unit', 'unitId', fields.product.unit, row?.unit],
  ] as const) {
    const named = name?.trim() ? look[field](name) : undefined;
    const labels = new Map([
      ...(known ? [[known.id, shownName(known)] as const] : []),
      ...(named ? [[named.id, named.label] as const] : []),
    ]);
    const current = row === undefined ? undefined : (row[key] ?? '');
    const label = (id: string): string => labels.get(id) ?? id;
    if (named === undefined || !sheet.write(field, { wanted: named.id, current, parse: asText, label })) {
      if (named === undefined) sheet.write(field, { wanted: undefined, current, parse: asText });
      continue;
    }
    written[key] = named.id;
    baggage.references.push(...named.create);
  }
  return written;
}

function listFields(sheet: Sheet, { fields, row, id, look, ground, baggage }: Content): Json {
  const channels = chosenChannels(look.channels, fields.salesChannels);
  const written: Record<string, unknown> = {};
  const take = (entity: string, rows: readonly Json[]): void => {
    for (const one of rows) baggage.removals.push({ entity, action: 'delete', row: one });
  };

  const root = fields.rootCategory ?? channels.find(({ navigationCategoryId }) => navigationCategoryId)?.navigationCategoryId ?? undefined;
  const places = fields.product.categories.flatMap((source) => {
    const path = fields.categoryNames[source];
    return path === undefined || path.length === 0 ? [] : [look.categories.place(path, root)];
  });
  const labels = new Map(places.map((place) => [place.id, place.label]));
  const categories = sheet.merge('categories', {
    wanted: [...labels.keys()],
    current: row?.categories.map((category) => category.id) ?? [],
    label: (one) => labels.get(one) ?? look.categories.label(one),
  });
  if (categories.add.length > 0) written.categories = categories.add.map((one) => ({ id: one }));
  for (const place of places) if (categories.add.includes(place.id)) baggage.references.push(...place.create);
  take(
    'product_category',
    categories.remove.map((categoryId) => ({ productId: id, categoryId })),
  );

  const traits = fields.product.properties
    .filter(({ name, value }) => name.trim() !== '' && value.trim() !== '')
    .map((trait) => look.option(trait));
  const known = new Map(
    row?.properties.map((option) => [option.id, `${option.group ? shownName(option.group) : ''}: ${shownName(option)}`]),
  );
  for (const trait of traits) known.set(trait.id, trait.label);
  const properties = sheet.merge('properties', {
    wanted: [...new Set(traits.map((trait) => trait.id))],
    current: row?.properties.map((option) => option.id) ?? [],
    label: (one) => known.get(one) ?? one,
  });
  if (properties.add.length > 0) written.properties = properties.add.map((one) => ({ id: one }));
  for (const trait of traits) if (properties.add.includes(trait.id)) baggage.references.push(...trait.create);
  take(
    'product_property',
    properties.remove.map((optionId) => ({ productId: id, optionId })),
  );

  const shown = new Map(row?.visibilities.map((one) => [one.salesChannelId, one]));
  // Only where it stands nowhere in a channel: how visible it is there already is the merchant's.
  const visibility = sheet.merge('visibility', {
    wanted: channels.map((channel) => channel.id),
    current: [...shown.keys()],
    label: (one) => {
      const channel = look.channels.find((candidate) => candidate.id === one);
      return channel ? shownName(channel) : one;
    },
  });
  const level = visibilities[fields.visibility];
  if (visibility.add.length > 0) {
    written.visibilities = visibility.add.map((salesChannelId) => ({
      id: ground.idOf('product_visibility', id, salesChannelId),
      salesChannelId,
      visibility: level,
    }));
  }
  take(
    'product_visibility',
    visibility.remove.flatMap((channel) => (shown.has(channel) ? [{ id: shown.get(channel)?.id }] : [])),
  );
  return written;
}
