/** Gathers what the mapping of a batch has to know of the world around its records. */
import { createHash } from 'node:crypto';
import type { Category } from '../../connectors/commerce.ts';
import type { Session } from '../../connectors/connector.ts';
import { Failure } from '../../connectors/failure.ts';
import type { Surroundings } from '../mapping/derive.ts';
import type { Engine, Run } from './run.ts';

/** How long a category tree is taken for the truth. */
const treeForMs = 10 * 60_000;
const readAtOnce = 500;

const trees = new WeakMap<Session, { readonly until: number; readonly paths: Promise<Readonly<Record<string, readonly string[]>>> }>();

/** `ids`: of the records in the source that are about to be mapped. */
export async function surroundingsOf(
  engine: Pick<Engine, 'ledger' | 'flows' | 'clock'>,
  run: Run,
  ids: readonly string[],
): Promise<Surroundings> {
  const { connection, connector, session } = run.source;
  const source = { id: systemId(run.flow.tenant, connector.name), name: connection.title };
  switch (run.flow.kind) {
    case 'product':
      return connector.reads.category ? { source, categoryPaths: await categoryPaths(session, engine.clock.now().getTime()) } : { source };
    case 'category':
      // They may just have been made: what was read before does not count.
      return { source, categoryPaths: await readPaths(session) };
    case 'stock':
      return { source, promised: await engine.ledger.promised(run.flow.tenant, connection.id) };
    case 'order':
    case 'customer':
      return { source, passedOn: await passedOn(engine, run, ids) };
    default:
      return { source };
  }
}

/** Names a connected system in targets: the same after a reinstallation, when the connection has a new id. */
function systemId(tenant: string, connector: string): string {
  return createHash('sha256').update(`${tenant}/${connector}`).digest('hex').slice(0, 12);
}

/**
 * Which of these records Tillbridge itself brought to the source: they are no news to where they came from, nor to a target that gets them
 * from there directly. Otherwise a sale would go round in circles, or stand twice in the target.
 */
async function passedOn(
  engine: Pick<Engine, 'ledger' | 'flows'>,
  run: Run,
  ids: readonly string[],
): Promise<NonNullable<Surroundings['passedOn']>> {
  const { tenant, kind, source, target } = run.flow;
  const inward = await engine.flows.into(tenant, source, kind);
  if (inward.length === 0) return {};
  const direct = new Set((await engine.flows.into(tenant, target, kind)).filter(({ on }) => on).map((flow) => flow.source));
  const found = await Promise.all(
    inward.map(async (flow) => {
      const fate = flow.source === target ? ('own-record' as const) : direct.has(flow.source) ? ('carried-directly' as const) : undefined;
      if (fate === undefined) return [];
      return (await engine.ledger.brought(flow, ids)).map((id) => [id, fate] as const);
    }),
  );
  return Object.fromEntries(found.flat());
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
