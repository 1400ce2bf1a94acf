/** What a route of the API is told and what it answers. */
import type { Versioned, VersionedTable } from './versioned.ts';
import { type Fields, Refusal, type XSeriesState } from './xseries-state.ts';

export interface Call {
  readonly state: XSeriesState;
  /** `0.9`, `2.0`, `2.1` or a date. */
  readonly version: string;
  /** Ids in the path. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  body(): Fields;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  /** Versions that have it; `dated` stands for every year-month. */
  readonly versions: readonly ('0.9' | '2.0' | '2.1' | 'dated')[];
  /** What a token needs for it. */
  readonly scope?: 'products' | 'sales' | 'customers' | 'inventory' | 'webhooks';
  run(call: Call): Answer;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const both = ['2.0', 'dated'] as const;

export function living<T extends Versioned>(table: VersionedTable<T>, id: string | undefined, what: string): T {
  const row = table.get(id ?? '');
  if (row === undefined || row.deleted_at !== null) throw new Refusal(404, `${what} not found`);
  return row;
}
