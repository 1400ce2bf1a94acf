/** Requests that change products, in the words of the version that the store knows. Pure. */
import type { PlannedRequest } from '../../connector.ts';
import { dated as datedVersion } from './retailer.ts';

interface Change {
  /** For the whole family. */
  readonly common?: Readonly<Record<string, unknown>>;
  /** For the one product. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** `PUT /products/{id}`: 2.1 says `all_outlet_tax` where 2026-07 says `all_outlets_tax`. */
export function productUpdate(id: string, { common, details }: Change, dated: boolean): PlannedRequest {
  const { all_outlets_tax: tax, ...rest } = details ?? {};
  const worded = dated || tax === undefined ? details : { ...rest, all_outlet_tax: tax };
  const body = { ...(common && { common }), ...(worded && { details: worded }) };
  return { operation: `PUT /${dated ? datedVersion : '2.1'}/products/${encodeURIComponent(id)}`, body: JSON.stringify(body) };
}

export function productCreation(body: Readonly<Record<string, unknown>>, dated: boolean): PlannedRequest {
  return { operation: `POST /${dated ? datedVersion : '2.0'}/products`, body: JSON.stringify(body) };
}
