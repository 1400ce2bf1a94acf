/** Things that products refer to by name: manufacturers, units, property groups and their options. Found by name, else created under an id of ours. */
import { OptionRow, rowsAs, shownName } from './catalogue-rows.ts';
import type { AdminApi, Criteria } from './client.ts';
import { type IdOf, nameKey } from './ids.ts';
import type { SyncRow } from './sync.ts';

/** What a name stands for; `create` holds the rows to be written first where the shop does not have it yet. */
export interface Named {
  readonly id: string;
  readonly label: string;
  readonly create: readonly SyncRow[];
}

export interface Trait {
  readonly name: string;
  readonly value: string;
}

type Simple = 'product_manufacturer' | 'unit';

export interface Names {
  manufacturers(names: readonly string[]): Promise<(name: string) => Named>;
  units(names: readonly string[]): Promise<(name: string) => Named>;
  options(traits: readonly Trait[]): Promise<(trait: Trait) => Named>;
  /** These rows stand in the shop now. */
  learn(rows: readonly SyncRow[]): void;
  forget(): void;
}

/** A shop with more names than this starts its memory anew; nothing is lost but a search. */
const mostRemembered = 50_000;
const oldestMs = 15 * 60_000;
const separator = '\u0000';

export function createNames(api: AdminApi, at: { readonly idOf: IdOf; readonly now: () => Date }): Names {
  const { idOf } = at;
  /** `entity, (group,) name` → id. */
  const known = new Map<string, string>();
  let since = at.now().getTime();
  const keyOf = (...parts: readonly string[]): string => parts.map(nameKey).join(separator);
  const keep = (key: string, id: string): void => {
    if (!known.has(key)) known.set(key, id);
  };
  const refresh = (): void => {
    if (known.size <= mostRemembered && at.now().getTime() - since < oldestMs) return;
    known.clear();
    since = at.now().getTime();
  };

  /** By name, or by the id that we would give: a merchant may have renamed what we created. The oldest of several wins. */
  const lookUp = async (entity: string, of: { names: ReadonlyMap<string, string>; filter?: readonly Criteria[]; both?: string }) => {
    const wanted = [...of.names];
    const rows: OptionRow[] = [];
    for (let from = 0; from < wanted.length; from += 200) {
      const part = wanted.slice(from, from + 200);
      const names = part.map(([name]) => name);
      const queries = [
        { type: 'equalsAny', field: 'name', value: names },
        { type: 'equalsAny', field: 'id', value: part.map(([, id]) => id) },
        ...(of.both === undefined ? [] : [{ type: 'equalsAny', field: of.both, value: names }]),
      ];
      rows.push(
        ...rowsAs(
          OptionRow,
          await api.all(entity.replaceAll('_', '-'), {
            filter: [{ type: 'multi', operator: 'or', queries }, ...(of.filter ?? [])],
            sort: [
              { field: 'createdAt', order: 'ASC' },
              { field: 'id', order: 'ASC' },
            ],
            includes: { [entity]: ['id', 'name', 'translated', 'groupId', ...(of.both === undefined ? [] : [of.both])] },
          }),
        ),
      );
    }
    return rows;
  };

  const simple = async (entity: Simple, names: readonly string[]): Promise<(name: string) => Named> => {
    refresh();
    const own = (name: string): string => idOf(entity, nameKey(name));
    const missing = new Map(names.filter((name) => !known.has(keyOf(entity, name))).map((name) => [name.trim(), own(name)]));
    if (missing.size > 0) {
      const rows = await lookUp(entity, { names: missing, ...(entity === 'unit' && { both: 'shortCode' }) });
      for (const row of rows) keep(keyOf(entity, shownName(row)), row.id);
      const ids = new Set(rows.map(({ id }) => id));
      for (const [name, id] of missing) if (ids.has(id)) keep(keyOf(entity, name), id);
      if (entity === 'unit') for (const [name] of missing) keepShortCode(name, rows);
    }
    return (name) => {
      const label = name.trim();
      const id = known.get(keyOf(entity, label));
      if (id !== undefined) return { id, label, create: [] };
      const row = { id: own(label), name: label, ...(entity === 'unit' && { shortCode: label }) };
      return { id: row.id, label, create: [{ entity, action: 'upsert', row }] };
    };
  };
  const keepShortCode = (name: string, rows: readonly OptionRow[]): void => {
    const match = rows.find((row) => row.shortCode != null && nameKey(row.shortCode) === nameKey(name));
    if (match) keep(keyOf('unit', name), match.id);
  };

  const groupKey = (name: string): string => keyOf('property_group', name);
  const optionKey = (groupId: string, name: string): string => keyOf('property_group_option', groupId, name);
  const ownGroup = (name: string): string => idOf('property_group', nameKey(name));
  const groupOf = (name: string): string => known.get(groupKey(name)) ?? ownGroup(name);
  const ownOption = ({ name, value }: Trait): string => idOf('property_group_option', groupOf(name), nameKey(value));

  const options = async (traits: readonly Trait[]): Promise<(trait: Trait) => Named> => {
    refresh();
    const groups = new Map(traits.filter(({ name }) => !known.has(groupKey(name))).map(({ name }) => [name.trim(), ownGroup(name)]));
    if (groups.size > 0) {
      const rows = await lookUp('property_group', { names: groups });
      for (const row of rows) keep(groupKey(shownName(row)), row.id);
      const ids = new Set(rows.map(({ id }) => id));
      for (const [name, id] of groups) if (ids.has(id)) keep(groupKey(name), id);
    }
    // A group that is not there yet has no options either.
    const missing = traits.filter((trait) => known.has(groupKey(trait.name)) && !known.has(optionKey(groupOf(trait.name), trait.value)));
    if (missing.length > 0) {
      const groupIds = [...new Set(missing.map(({ name }) => groupOf(name)))];
      const rows = await lookUp('property_group_option', {
        names: new Map(missing.map((trait) => [trait.value.trim(), ownOption(trait)])),
        filter: [{ type: 'equalsAny', field: 'groupId', value: groupIds }],
      });
      for (const row of rows) if (row.groupId) keep(optionKey(row.groupId, shownName(row)), row.id);
      const ids = new Set(rows.map(({ id }) => id));
      for (const trait of missing) if (ids.has(ownOption(trait))) keep(optionKey(groupOf(trait.name), trait.value), ownOption(trait));
    }
    return (trait) => {
      const [group, value] = [trait.name.trim(), trait.value.trim()];
      const label = `${group}: ${value}`;
      const groupId = groupOf(group);
      const id = known.get(optionKey(groupId, value));
      if (id !== undefined) return { id, label, create: [] };
      const row = { id: ownOption(trait), groupId, name: value };
      const option: SyncRow = { entity: 'property_group_option', action: 'upsert', row };
      if (known.has(groupKey(group))) return { id: row.id, label, create: [option] };
      return { id: row.id, label, create: [{ entity: 'property_group', action: 'upsert', row: { id: groupId, name: group } }, option] };
    };
  };

  return {
    manufacturers: (names) => simple('product_manufacturer', names),
    units: (names) => simple('unit', names),
    options,
    learn(rows) {
      for (const { entity, action, row } of rows) {
        if (action !== 'upsert' || typeof row.name !== 'string' || typeof row.id !== 'string') continue;
        if (entity === 'product_manufacturer' || entity === 'unit') keep(keyOf(entity, row.name), row.id);
        else if (entity === 'property_group') keep(groupKey(row.name), row.id);
        else if (entity === 'property_group_option') keep(optionKey(String(row.groupId), row.name), row.id);
      }
    },
    forget: () => known.clear(),
  };
}
