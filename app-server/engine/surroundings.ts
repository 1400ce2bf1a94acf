/** Gathers what the mapping of a batch has to know of the world around its records. */
import type { Category } from '../../connectors/commerce.ts';
import type { Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { Surroundings } from '../mapping/derive.ts';
import type { Engine, Run } from './run.ts';

/** How long a category tree is taken for the truth. */
const treeForMs = 10 * 60_000;
const readAtOnce = 500;

const trees = new WeakMap<Session, { readonly until: number; readonly paths: Promise<Readonly<Record<string, readonly string[]>>> }>();

export async function surroundingsOf(engine: Pick<Engine, 'ledger' | 'clock'>, run: Run): Promise<Surroundings> {
  switch (run.flow.kind) {
    case 'product':
      return run.source.connector.reads.category
        ? { categoryPaths: await categoryPaths(run.source.session, engine.clock.now().getTime()) }
        : {};
    case 'stock':
      return { promised: await engine.ledger.promised(run.flow.tenant, run.source.connection.id) };
    default:
      return {};
  }
}

function categoryPaths(session: Session, now: number): Promise<Readonly<Record<string, readonly string[]>>> {
  const known = trees.get(session);
  if (known && known.until > now) return known.paths;
  const paths = readPaths(session);
  trees.set(session, { until: now + treeForMs, paths });
  paths.catch(() => trees.delete(session));
  return paths;
}

async function readPaths(session: Session): Promise<Readonly<Record<string, readonly string[]>>> {
  const ids: string[] = [];
  for await (const { id } of session.changed('category', undefined)) ids.push(id);
  const categories = new Map<string, Category>();
  for (let from = 0; from < ids.length; from += readAtOnce) {
    for (const record of await session.read('category', ids.slice(from, from + readAtOnce))) {
      // One category that cannot be read is left out; it must not stop every product.
      if (record instanceof Failure && record.remedy === 'fix-data') continue;
      if (record instanceof Failure) throw record;
      const category = record as Category | undefined;
      if (category && !category.deleted) categories.set(category.id, category);
    }
  }
  return Object.fromEntries([...categories.keys()].map((id) => [id, pathOf(categories, id)]));
}

/** A circle in the tree ends where it closes. */
function pathOf(categories: ReadonlyMap<string, Category>, id: string): string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  for (let current = categories.get(id); current && !seen.has(current.id); current = categories.get(current.parentId ?? '')) {
    seen.add(current.id);
    names.unshift(current.name);
  }
  return names;
}
