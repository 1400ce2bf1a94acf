/** Documents that several processes read, change and write back: whoever comes second with the same version is told so. */
import type { Model, QueryFilter } from 'mongoose';
import { isDuplicate } from './database.ts';

/** @param known the version that was read; 0: there was none. False: somebody else wrote meanwhile. */
export async function writeVersioned<D extends { readonly _id: string; readonly version: number }>(
  model: Model<D>,
  document: D,
  known: number,
): Promise<boolean> {
  if (known > 0) {
    const read = { _id: document._id, version: known } as QueryFilter<D>;
    return (await model.replaceOne(read, document)).matchedCount === 1;
  }
  try {
    await model.create(document);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
