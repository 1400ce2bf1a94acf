/** What a route of the API is told and what it answers. */
import type { CSeriesState } from './cseries-state.ts';
import { type Fields, filtered, paged, picked, Refusal } from './cseries-wire.ts';
import type { Table } from './table.ts';

export interface Call {
  readonly state: CSeriesState;
  readonly language: string;
  /** Numbers in the path, in order. */
  readonly ids: readonly number[];
  readonly query: URLSearchParams;
  /** The body, out of its envelope. Throws 400 when the envelope is missing. */
  body(envelope: string): Fields;
  /** The body as it came. */
  readonly raw: () => Fields;
  unexpected(what: string): void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Route = (call: Call) => Answer;
/** By method and path with `#` for numbers: `GET orders/#/products`. */
export type Routes = Readonly<Record<string, Route>>;

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const gone: Answer = { status: 204, body: undefined };

export function found<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new Refusal(404, `${what} not found`);
  return row;
}

interface Listed {
  readonly id: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** `GET {resource}` and `GET {resource}/count` over a table. */
export function listRoutes<T extends Listed>(
  resource: string,
  envelope: string,
  source: { table(state: CSeriesState): Table<T>; show(state: CSeriesState, row: T, language: string): Fields },
): Routes {
  const wanted = ({ state, query, unexpected }: Call) => filtered(query, source.table(state), unexpected);
  return {
    [`GET ${resource}`]: (call) => {
      const rows = paged(call.query, wanted(call));
      return ok({ [envelope]: rows.map((row) => picked(call.query, source.show(call.state, row, call.language))) });
    },
    [`GET ${resource}/count`]: (call) => ok({ count: wanted(call).length }),
  };
}

/** `GET {resource}` and `GET {resource}/count` over a short list that does not change. */
export const fixedRoutes = (resource: string, envelope: string, rows: (call: Call) => readonly Fields[]): Routes => ({
  [`GET ${resource}`]: (call) => ok({ [envelope]: rows(call).map((row) => picked(call.query, row)) }),
  [`GET ${resource}/count`]: (call) => ok({ count: rows(call).length }),
});
