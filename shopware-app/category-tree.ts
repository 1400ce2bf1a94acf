/** The shop's categories, kept as a tree by name: paths are found, and what is missing of them is created from the top down. */
import { CategoryRow, rowsAs, shownName } from './catalogue-rows.ts';
import type { AdminApi } from './client.ts';
import { type IdOf, nameKey } from './ids.ts';
import type { Named } from './names.ts';
import type { SyncRow } from './sync.ts';

export interface CategoryTree {
  /** Path below a root (undefined: at the top). `create` holds the missing rows, parents first. Never empty. */
  place(path: readonly string[], root: string | undefined): Named;
  find(id: string): CategoryRow | undefined;
  /** Names from the top, for people. */
  label(id: string): string;
  learn(rows: readonly SyncRow[]): void;
}

export async function loadCategories(api: AdminApi, idOf: IdOf): Promise<CategoryTree> {
  const rows = rowsAs(
    CategoryRow,
    await api.all('category', {
      sort: [{ field: 'autoIncrement', order: 'ASC' }],
      includes: { category: ['id', 'parentId', 'name', 'description', 'active'] },
    }),
  );
  const byId = new Map<string, CategoryRow>();
  const byName = new Map<string, string>();
  const nameIn = (parentId: string | undefined, name: string): string => `${parentId ?? ''} ${nameKey(name)}`;
  const keep = (row: CategoryRow): void => {
    byId.set(row.id, row);
    const key = nameIn(row.parentId ?? undefined, shownName(row));
    if (!byName.has(key)) byName.set(key, row.id);
  };
  for (const row of rows) keep(row);

  return {
    place(path, root) {
      const create: SyncRow[] = [];
      const passed: string[] = [];
      let parentId = root;
      for (const name of path.map((part) => part.trim())) {
        passed.push(nameKey(name));
        const own = idOf('category', root ?? '', ...passed);
        // Ours under another name: the merchant has renamed or moved it.
        const found = byName.get(nameIn(parentId, name)) ?? (byId.has(own) ? own : undefined);
        if (found === undefined) {
          const row = { id: own, name, active: true, type: 'page', ...(parentId !== undefined && { parentId }) };
          create.push({ entity: 'category', action: 'upsert', row });
        }
        parentId = found ?? own;
      }
      return { id: parentId ?? '', label: path.join(' / '), create };
    },
    find: (id) => byId.get(id),
    label(id) {
      const names: string[] = [];
      for (let row = byId.get(id); row !== undefined && names.length < 20; row = byId.get(row.parentId ?? ''))
        names.unshift(shownName(row));
      return names.join(' / ') || id;
    },
    learn(written) {
      for (const { entity, action, row } of written) {
        if (entity !== 'category' || action !== 'upsert') continue;
        const parsed = CategoryRow.safeParse({ ...byId.get(String(row.id)), ...row });
        if (parsed.success) keep(parsed.data);
      }
    },
  };
}
