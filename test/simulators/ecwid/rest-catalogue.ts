/** The catalogue's part of the REST API. */
import { type Body, Refusal } from './goods.ts';
import type { Shelves } from './shelves.ts';

interface CatalogueRoute {
  readonly scope: string;
  answer(query: URLSearchParams, body: string): unknown;
}

export interface CatalogueRequest {
  readonly method: string;
  /** Decoded parts of the path: resource, id, part, id of the part. */
  readonly parts: readonly string[];
  /** Lists come from an index that lags. */
  readonly lagMs: number;
  /** A page of these, as the query wants it. */
  page(all: readonly object[], query: URLSearchParams): unknown;
  changedWithin(changedMs: number, query: URLSearchParams): boolean;
}

type Listed = { id: number; sku: string; updateTimestamp: number; combinations: readonly { sku?: string }[] };

/** The route with its answer, or `undefined` when the catalogue has no such address. Throws a Refusal. */
export function catalogueRoute(shelves: Shelves, request: CatalogueRequest): CatalogueRoute | undefined {
  const [resource = '', id = '', part = '', partId = ''] = request.parts;
  const read = (answer: CatalogueRoute['answer']): CatalogueRoute => ({ scope: 'read_catalog', answer });
  const update = (answer: (body: Body) => unknown): CatalogueRoute => ({
    scope: 'update_catalog',
    answer: (_query, body) => answer(parsed(body)),
  });
  const create = (answer: (body: Body, query: URLSearchParams) => unknown): CatalogueRoute => ({
    scope: 'create_catalog',
    answer: (query, body) => answer(parsed(body), query),
  });
  const done = { updateCount: 1 };
  const adjust = (body: Body, combinationId?: number) => {
    if (typeof body.quantityDelta !== 'number') throw new Refusal(400, 'WRONG_PARAMETER', 'Field quantityDelta is absent');
    const quantity = shelves.adjust(Number(id), body.quantityDelta, combinationId);
    return { ...done, ...(quantity < 0 && { warning: 'Product has negative stock.' }) };
  };

  switch (`${request.method} ${resource}/${[id && ':id', part, partId && ':part'].filter(Boolean).join('/')}`) {
    case 'GET products/':
      return read((query) =>
        request.page(
          (shelves.listed(request.lagMs) as Listed[]).filter((one) => matches(one, query)),
          query,
        ),
      );
    case 'GET products/:id':
      return read(() => shelves.product(Number(id)));
    case 'POST products/':
      return create((body, query) => ({ id: shelves.create(body, query.get('saveCombinations') === 'true') }));
    case 'PUT products/:id':
      return update((body) => {
        shelves.update(Number(id), body);
        return done;
      });
    case 'PUT products/:id/inventory':
      return update((body) => adjust(body));
    case 'GET products/:id/combinations':
      return read(() => shelves.combinationsOf(Number(id)));
    case 'POST products/:id/combinations':
      return create((body) => ({ id: shelves.addCombination(Number(id), body) }));
    case 'GET products/:id/combinations/:part':
      return read(() => shelves.combinationOf(Number(id), Number(partId)));
    case 'PUT products/:id/combinations/:part':
      return update((body) => {
        shelves.updateCombination(Number(id), Number(partId), body);
        return done;
      });
    case 'GET categories/':
      return read((query) => request.page(shelves.listedCategories(request.lagMs), query));
    case 'GET categories/:id':
      return read(() => shelves.category(Number(id)));
    case 'POST categories/':
      return create((body) => ({ id: shelves.createCategory(body) }));
    case 'PUT categories/:id':
      return update((body) => {
        shelves.updateCategory(Number(id), body);
        return done;
      });
    case 'GET classes/':
      return read(() => shelves.classes());
    default:
      return undefined;
  }

  function matches(product: Listed, query: URLSearchParams): boolean {
    const ids = query.get('productId');
    if (ids !== null) return ids.split(',').includes(String(product.id));
    const sku = query.get('sku');
    // `sku` is exact, sees combinations and overrides the other filters.
    if (sku !== null) return product.sku === sku || product.combinations.some((one) => one.sku === sku);
    return request.changedWithin(product.updateTimestamp * 1000, query);
  }
}

function parsed(body: string): Body {
  try {
    return JSON.parse(body) as Body;
  } catch {
    throw new Refusal(400, 'WRONG_PARAMETER', 'The body is not JSON');
  }
}
