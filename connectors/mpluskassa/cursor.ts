/** Where a poll goes on: a marker of the till, or a moment for whoever starts now. */
import { z } from 'zod';
import { Failure } from '../failure.ts';
import { momentOf, wallClock } from './clock.ts';
import { chosenBranches } from './settings.ts';
import type { Till } from './till.ts';

type Sequence = 'article' | 'articleGroup' | 'order' | 'stock';

const page = 250;
const mostOrigins = 100;

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
    case 'order':
      return heads.orderSyncMarker;
    case 'stock':
      return heads.stockId ?? 0;
  }
}

async function originAt(till: Till, sequence: Sequence, since: Date): Promise<number> {
  const head = await headOf(till, sequence);
  if (sequence === 'article') return Math.min(head, (await firstArticleSince(till, since)) - 1);
  if (sequence === 'stock') return Math.min(head, (await firstStockSince(till, since)) - 1);
  return head;
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
