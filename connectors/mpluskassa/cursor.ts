/** Where a poll goes on: a marker of the till, or a moment for whoever starts now. */
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { momentOf, wallClock } from './clock.ts';
import { chosenBranches } from './settings.ts';
import type { Till } from './till.ts';

type Sequence = 'article' | 'articleGroup' | 'relation' | 'order' | 'stock';

const page = 250;
const mostOrigins = 100;
/** So many changes are looked back over: more do not happen between switching on and the first poll. */
const markersBack = 1_000;

/**
 * The marker that was seen last: 0 for the beginning. An instant means "from then on": the till's current markers are taken
 * once per session, lowered to the first change since the instant where the till can tell it. Throws fix-data for anything else.
 */
export async function lastSeen(till: Till, sequence: Sequence, cursor: string | undefined): Promise<number> {
  if (cursor === undefined) return 0;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  const instant = z.iso.datetime({ offset: true }).safeParse(cursor);
  if (!instant.success) throw badCursor();
  const key = `${sequence} ${cursor}`;
  const known = till.origins.get(key);
  if (known !== undefined) return known;
  const origin = await originAt(till, sequence, new Date(instant.data));
  if (till.origins.size >= mostOrigins) till.origins.clear();
  till.origins.set(key, origin);
  return origin;
}

export function badCursor(): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'till.bad-cursor',
    message: 'The place where the last poll of the till ended cannot be read. Start the poll from a date.',
  });
}

/** The newest marker there is. */
export async function headOf(till: Till, sequence: Sequence): Promise<number> {
  const heads = await till.client.call('getCurrentSyncMarkers');
  switch (sequence) {
    case 'article':
      return heads.articleSyncMarker;
    case 'articleGroup':
      return heads.articleGroupSyncMarker ?? 0;
    case 'relation':
      return heads.relationSyncMarker ?? 0;
    case 'order':
      return heads.orderSyncMarker;
    case 'stock':
      return heads.stockId ?? 0;
  }
}

async function originAt(till: Till, sequence: Sequence, since: Date): Promise<number> {
  const head = await headOf(till, sequence);
  if (sequence === 'article') return Math.min(head, (await firstArticleSince(till, since)) - 1);
  if (sequence === 'stock') {
    const firsts = [await firstStockSince(till, since), await firstLevelSince(till, since, head)];
    return Math.min(head, ...firsts.map((first) => first - 1));
  }
  if (sequence === 'order') return Math.min(head, (await firstOrderSince(till, since, head)) - 1);
  if (sequence === 'relation') return Math.min(head, (await firstRelationSince(till, since, head)) - 1);
  return head;
}

/** Orders that were entered between the switching on and the first poll. */
async function firstOrderSince(till: Till, since: Date, head: number): Promise<number> {
  const syncMarker = Math.max(1, head - markersBack);
  const { orderList } = await till.client.call('getOrders', {
    request: { syncMarker, syncMarkerLimit: markersBack, articlePluNumbers: {}, articleBarcodes: {}, includeLineList: false },
  });
  const young = orderList.filter(({ entryTimestamp }) => notBefore(entryTimestamp, since));
  return Math.min(Number.POSITIVE_INFINITY, ...young.flatMap((order) => order.syncMarker ?? []));
}

async function firstRelationSince(till: Till, since: Date, head: number): Promise<number> {
  const syncMarker = Math.max(1, head - markersBack);
  const { relationList } = await till.client.call('getRelations', { request: { syncMarker, syncMarkerLimit: markersBack } });
  const young = relationList.filter(({ changeTimestamp }) => notBefore(changeTimestamp ?? undefined, since));
  return Math.min(Number.POSITIVE_INFINITY, ...young.flatMap((relation) => relation.syncMarker ?? []));
}

/** The till counts in seconds, so what happened in the second of the instant counts as after it. */
function notBefore(clock: Parameters<typeof momentOf>[0], since: Date): boolean {
  const at = momentOf(clock);
  return at !== undefined && at.getTime() >= Math.floor(since.getTime() / 1000) * 1000;
}

async function firstArticleSince(till: Till, since: Date): Promise<number> {
  const { productList } = await till.client.call('getProducts', {
    request: {
      pluNumbers: {},
      syncMarker: 1,
      syncMarkerLimit: page,
      changedSinceTimestamp: wallClock(since),
      changedSinceBranchNumber: till.settings.branchNumber,
    },
  });
  const articles = productList.flatMap(({ articleList }) => articleList);
  const markers = articles.filter(({ changeTimestamp }) => notBefore(changeTimestamp, since)).map(({ syncMarker }) => syncMarker);
  return Math.min(Number.POSITIVE_INFINITY, ...markers.flatMap((marker) => marker ?? []));
}

async function firstStockSince(till: Till, since: Date): Promise<number> {
  const { articleStockHistory } = await till.client.call('getStockHistoryV2', {
    request: {
      branchNumbers: chosenBranches(till.settings),
      fromFinancialDateTime: wallClock(since),
      sinceStockId: 0,
      sinceStockIdLimit: page,
    },
  });
  const rows = articleStockHistory.filter(({ timestamp }) => notBefore(timestamp, since));
  return Math.min(Number.POSITIVE_INFINITY, ...rows.map(({ stockId }) => stockId));
}

/** So many changes are looked back over: an answer has no pages, and more do not happen between switching on and the first poll. */
const levelsBack = 1_000;

/** What is set aside for orders, and what is set free again, changes a level without standing in the history. */
async function firstLevelSince(till: Till, since: Date, head: number): Promise<number> {
  const branches = chosenBranches(till.settings);
  const stockIds: number[] = [];
  for (const branchNumber of branches.length > 0 ? branches : [till.settings.branchNumber]) {
    const request = { branchNumber, articleNumbers: {}, stockId: Math.max(0, head - levelsBack) };
    const { articleStocks } = await till.client.call('getStock', { request });
    for (const { changeTimestamp, stockId } of articleStocks) if (notBefore(changeTimestamp, since)) stockIds.push(stockId);
  }
  return Math.min(Number.POSITIVE_INFINITY, ...stockIds);
}
